/**
 * Which texts are passwords. `preparePassword` is the OpaqueString profile (RFC 8265 section 4.2): spaces of all kinds
 * become U+0020, then NFC, nothing else is changed; control characters, unassigned and ignorable code points and Old
 * Hangul Jamo are refused (RFC 8264 FreeformClass), because two keyboards may not make them alike.
 *
 * `judgePassword` is the floor for a new password. Whoever holds the server's OPAQUE secret can still guess offline, so
 * what is guessed first is refused: the commonest, the person's own names, runs and repetitions. No rules about kinds of
 * characters: they make passwords worse.
 */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { PasswordRefusal } from "./port.ts"

const freeform = /^[\p{L}\p{N}\p{M}\p{S}\p{P} ]*$/u
const excluded = /[\p{Default_Ignorable_Code_Point}\u{1100}-\u{11FF}\u{A960}-\u{A97C}\u{D7B0}-\u{D7FB}]/u

export function preparePassword(text: string): Result<string, "empty" | "forbidden_character"> {
  if (text.length === 0) return err("empty")
  const prepared = text.replace(/\p{Zs}/gu, " ").normalize("NFC")
  return freeform.test(prepared) && !excluded.test(prepared) ? ok(prepared) : err("forbidden_character")
}

/** What remains guessable after digits, punctuation and the usual substitutions are taken away. */
const common =
  "password passwort passw qwerty qwertyuiop qwertz asdf asdfgh asdfghjkl zxcvbn zxcvbnm iloveyou letmein welcome admin " +
  "administrator monkey dragon football baseball superman batman princess sunshine shadow master michael login starwars " +
  "trustno whatever freedom hello secret teahouse chaguan woaini woaini1314 mima nihao wangyi qazwsx qwer aaaa test guest"
const commonWords = new Set(common.split(" "))
const runs = [
  "01234567890",
  "09876543210",
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "1qaz2wsx3edc4rfv",
]
const leet: Record<string, string> = {
  "0": "o",
  "1": "l",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
}
/** Distinct steps that must remain. Han characters count double: there are thousands of them. */
const FLOOR = 5

export function judgePassword(prepared: string, context: readonly string[]): Result<void, PasswordRefusal> {
  const points = [...prepared]
  if (points.length < limits.passwordMin) return err("too_short")
  if (utf8(prepared).length > limits.passwordMaxBytes) return err("too_long")
  const checked = preparePassword(prepared)
  if (!checked.ok) return err("forbidden_character")
  const lower = prepared.toLowerCase()
  const stem = lower.replace(/[\d\p{P}\p{S} ]+$/u, "")
  const unleet = [...stem].map((c) => leet[c] ?? c).join("")
  const tooCommon = [stem, unleet].some(
    (w) => commonWords.has(w) || commonWords.has(w.replace(/[^\p{L}]/gu, "")),
  )
  const rest = context.reduce(
    (left, name) => (name.length > 1 ? left.replaceAll(name.toLowerCase(), "") : left),
    lower,
  )
  return tooCommon || effort(rest) < FLOOR ? err("too_easy") : ok(undefined)
}

/** Characters that neither repeat nor continue what stands before them. */
function effort(text: string): number {
  const points = [...text]
  const seen = new Set<string>()
  let sum = 0
  for (const [i, c] of points.entries()) {
    const pair = (points[i - 1] ?? "") + c
    const continues = pair.length > 1 && runs.some((run) => run.includes(pair))
    if (!continues && !seen.has(c)) sum += /\p{Script=Han}/u.test(c) ? 2 : 1
    seen.add(c)
  }
  return sum
}
