import fc from "fast-check"
import { expect, test } from "vitest"
import { concat, fromBase64url, readU32, readU64, sameBytes, toBase64url, u32, u64 } from "./bytes.ts"
import { idBytes, idFrom, isId } from "./ids.ts"

const any = fc.uint8Array({ maxLength: 100 })

test("base64url is Node's, and comes back", () => {
  fc.assert(
    fc.property(any, (bytes) => {
      const text = toBase64url(bytes)
      expect(text).toBe(Buffer.from(bytes).toString("base64url"))
      expect(fromBase64url(text)).toEqual(bytes)
    }),
  )
})

test("base64url of what is long is the same", () => {
  const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * 131 + (i >> 8)) & 255)
  for (const length of [1022, 1023, 1024, 1025, 1026, 1027, 1028, 4999, 5000]) {
    const part = bytes.subarray(0, length)
    const text = toBase64url(part)
    expect([length, text]).toEqual([length, Buffer.from(part).toString("base64url")])
    expect(fromBase64url(text)).toEqual(part)
  }
})

test.each([
  ["padding", "QQ=="],
  ["the other alphabet", "+/+/"],
  ["white space", "QU JD"],
  ["a line break", "QUJD\n"],
  ["a lonely character", "A"],
  ["a remainder that is not zero", "QR"],
  ["a longer remainder that is not zero", "QUF"],
  ["a letter beyond ASCII", "QUé"],
])("base64url refuses %s", (_, text) => {
  expect(fromBase64url(text)).toBeUndefined()
})

test("one text for each byte string: whatever is read is what would be written", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{0,12}$/), (text) => {
      const bytes = fromBase64url(text)
      if (bytes) expect(toBase64url(bytes)).toBe(text)
    }),
  )
})

test("an id is 16 bytes, as text 22 characters", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const id = idFrom(bytes)
      expect(id).toHaveLength(22)
      expect(isId(id)).toBe(true)
      expect(idBytes(id)).toEqual(bytes)
    }),
  )
  expect(() => idFrom(new Uint8Array(15))).toThrow(RangeError)
  // 22 characters, but with bits that no 16 bytes have: a second name for the same id.
  expect(isId("AAAAAAAAAAAAAAAAAAAAAB")).toBe(false)
  expect(isId("A".repeat(21))).toBe(false)
  expect(isId("A".repeat(23))).toBe(false)
})

test("numbers are big-endian and bounded", () => {
  expect(u32(0x01020304)).toEqual(Uint8Array.of(1, 2, 3, 4))
  expect(u64(2 ** 40 + 1)).toEqual(Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 1))
  expect(readU32(u32(4_000_000_000), 0)).toBe(4_000_000_000)
  expect(readU64(u64(Number.MAX_SAFE_INTEGER), 0)).toBe(Number.MAX_SAFE_INTEGER)
  expect(readU64(new Uint8Array(8).fill(255), 0)).toBeUndefined()
  for (const wrong of [-1, 1.5, 2 ** 53, Number.NaN]) expect(() => u64(wrong)).toThrow(RangeError)
})

test("joining and comparing", () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      expect(concat(a, b)).toEqual(Uint8Array.from([...a, ...b]))
      expect(sameBytes(a, b)).toBe(Buffer.compare(a, b) === 0)
    }),
  )
})
