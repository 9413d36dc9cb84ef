import { expect, test } from "vitest"
import { concat } from "./bytes.ts"
import { decodeNotice, encodeChange, encodeNotice, NOTICE_MAX_BYTES } from "./notice.ts"
import { pack } from "./pack.ts"
import { bytes, changes, house, id, room } from "./samples.fixture.ts"

const [after, signature] = [bytes(32, 1), bytes(64, 2)]
const frozen = encodeNotice(encodeChange({ kind: "frozen" }), after, signature)

test("every change comes back", () => {
  for (const change of changes)
    expect(decodeNotice({ house, room }, encodeNotice(encodeChange(change), after, signature))).toMatchObject(
      {
        change,
        after,
        signature,
      },
    )
})

test("somebody with as many devices as can be leaves with all of them", () => {
  const leaves = Array.from({ length: 64 }, (_, i) => bytes(32, i))
  const left = encodeNotice(encodeChange({ kind: "left", user: id(1), leaves }), after, signature)
  expect(decodeNotice({ house, room }, left)?.change).toEqual({ kind: "left", user: id(1), leaves })
})

test("what is signed names the room, so a notice cannot be moved to another", () => {
  expect(decodeNotice({ house, room }, frozen)?.signed).not.toEqual(
    decodeNotice({ house, room: id(9) }, frozen)?.signed,
  )
})

test("what is signed are the bytes that came, not an encoding of our own", () => {
  // The same change with its one field as a 32-bit map: odd, readable, and signed as it is.
  const odd = concat(Uint8Array.of(0xdf, 0, 0, 0, 1), encodeChange({ kind: "frozen" }).subarray(1))
  const notice = decodeNotice({ house, room }, encodeNotice(odd, after, signature))
  expect(notice?.signed.subarray(-odd.length)).toEqual(odd)
})

test.each<[string, Uint8Array]>([
  ["an unknown change", encodeNotice(pack({ kind: "party" }), after, signature)],
  ["an unknown field in the change", encodeNotice(pack({ kind: "frozen", x: 1 }), after, signature)],
  ["an unknown field beside it", pack({ change: encodeChange({ kind: "frozen" }), after, signature, x: 1 })],
  [
    "leaving with no leaf",
    encodeNotice(pack({ kind: "left", user: bytes(16, 1), leaves: [] }), after, signature),
  ],
  [
    "a revocation that names no device",
    encodeNotice(pack({ kind: "device_revoked", user: bytes(16, 1) }), after, signature),
  ],
  ["a retention of 29 days", encodeNotice(pack({ kind: "retention", days: 29 }), after, signature)],
  ["a short signature", encodeNotice(encodeChange({ kind: "frozen" }), after, signature.subarray(1))],
  ["a byte too many", concat(frozen, Uint8Array.of(0))],
  [
    "a byte too many inside",
    encodeNotice(concat(encodeChange({ kind: "frozen" }), Uint8Array.of(0)), after, signature),
  ],
  ["too many bytes", new Uint8Array(NOTICE_MAX_BYTES + 1)],
  ["nothing", new Uint8Array()],
])("refused: %s", (_, body) => {
  expect(decodeNotice({ house, room }, body)).toBeUndefined()
})
