import fc from "fast-check"
import { expect, test } from "vitest"
import { concat, u64 } from "./bytes.ts"
import { readMessageHeader } from "./mls-header.ts"
import { bytes } from "./samples.fixture.ts"

/** A variable-size vector as RFC 9420 section 2.1.2 writes it. */
function vector(content: Uint8Array): Uint8Array {
  const n = content.length
  const length =
    n < 0x40
      ? [n]
      : n < 0x4000
        ? [0x40 | (n >> 8), n & 255]
        : [0x80 | (n >> 24), (n >> 16) & 255, (n >> 8) & 255, n & 255]
  return concat(Uint8Array.from(length), content)
}
const message = (group: Uint8Array, epoch: number, data: Uint8Array, ciphertext: Uint8Array, type = 1) =>
  concat(
    Uint8Array.of(0, 1, 0, 2),
    vector(group),
    u64(epoch),
    Uint8Array.of(type),
    vector(data),
    vector(bytes(28, 1)),
    vector(ciphertext),
  )
const sample = message(bytes(32, 1), 7, bytes(60, 2), bytes(200, 3))

test("it reads what stands outside the encryption", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.nat(),
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom(1, 63, 64, 16_383, 16_384, 70_000),
      (group, epoch, data, size) => {
        expect(readMessageHeader(message(group, epoch, data, new Uint8Array(size)))).toEqual({
          groupId: group,
          epoch,
          authenticatedData: data,
        })
      },
    ),
  )
})

test("it refuses everything that is not exactly one application message", () => {
  const at = (i: number, value: number) => sample.map((b, j) => (j === i ? value : b))
  expect(readMessageHeader(sample)).toBeDefined()
  expect(readMessageHeader(at(1, 2))).toBeUndefined()
  // PublicMessage, Welcome, GroupInfo.
  for (const format of [1, 3, 4]) expect(readMessageHeader(at(3, format))).toBeUndefined()
  // Proposal and commit: these are never private here.
  for (const type of [0, 2, 3])
    expect(readMessageHeader(message(bytes(32, 1), 7, bytes(1, 1), bytes(9, 1), type))).toBeUndefined()
  expect(readMessageHeader(concat(sample, Uint8Array.of(0)))).toBeUndefined()
  for (let cut = 0; cut < sample.length; cut++)
    expect(readMessageHeader(sample.subarray(0, cut))).toBeUndefined()
})

test("a length that is longer than it needs to be is refused", () => {
  const long = concat(Uint8Array.of(0, 1, 0, 2, 0x40, 32), sample.subarray(5))
  expect(readMessageHeader(long)).toBeUndefined()
})

test("an epoch beyond what a number holds is refused", () => {
  const far = sample.slice()
  far.fill(255, 4 + 1 + 32, 4 + 1 + 32 + 8)
  expect(readMessageHeader(far)).toBeUndefined()
})
