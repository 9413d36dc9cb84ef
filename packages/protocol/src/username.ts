/**
 * Usernames: NFKC, then lower case; 2 to 32 code points of Han, Latin, digits and `_ - .`, beginning with a letter or
 * digit. At most 96 bytes of UTF-8, because a device certificate carries the name in 256 bytes.
 * Two names are one account exactly when their normal forms are equal. That no two look alike is the house's business (account/looks.ts).
 */
import { utf8 } from "./bytes.ts"
import { limits } from "./limits.ts"

const allowed = /^[\p{Script=Han}\p{Script=Latin}\p{Nd}][\p{Script=Han}\p{Script=Latin}\p{Nd}_.-]*$/u

/** The normal form, or undefined where the input is not a username. */
export function normalizeUsername(input: string): string | undefined {
  if (input.length > 4 * limits.usernameMax) return undefined
  const name = input.trim().normalize("NFKC").toLowerCase().normalize("NFKC")
  const points = [...name].length
  if (points < limits.usernameMin || points > limits.usernameMax) return undefined
  if (utf8(name).length > limits.usernameBytes) return undefined
  return allowed.test(name) ? name : undefined
}
