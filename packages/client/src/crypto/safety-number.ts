/**
 * Sixty digits that two people compare (by voice, or as a QR code of the digits): thirty for each (user id, UIK), the
 * smaller first, so both see the same. The hash is iterated to make a search for a key with the same thirty digits
 * (about 100 bits) dearer still.
 */
import { sha512 } from "@noble/hashes/sha2.js"
import { concat } from "@teahouse/protocol/bytes.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { label } from "@teahouse/protocol/labels.ts"

const ROUNDS = 4096

function half(user: Id, uik: Uint8Array): string {
  const subject = concat(idBytes(user), uik)
  let hash = sha512(concat(label("safety number"), subject))
  for (let i = 1; i < ROUNDS; i++) hash = sha512(concat(hash, subject))
  let digits = ""
  for (let at = 0; at < 30; at += 5) {
    let value = 0
    for (let i = 0; i < 5; i++) value = value * 256 + (hash[at + i] as number)
    digits += String(value % 100_000).padStart(5, "0")
  }
  return digits
}

type Party = { user: Id; uik: Uint8Array }

export function safetyNumber(a: Party, b: Party): string {
  const digits = [half(a.user, a.uik), half(b.user, b.uik)].sort().join("")
  return digits.match(/.{5}/g)?.join(" ") ?? ""
}
