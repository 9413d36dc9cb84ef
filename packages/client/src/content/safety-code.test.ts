import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import fc from "fast-check"
import { expect, test } from "vitest"
import { decodeSafetyCode, encodeSafetyCode, readDigits } from "./safety-code.ts"

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const party = fc.record({ user: bytes(16).map(idFrom), uik: bytes(32) })

test("golden: the form of version 1, which QR codes show", () => {
  const of = (fill: number) => ({
    user: idFrom(new Uint8Array(16).fill(fill)),
    uik: new Uint8Array(32).fill(fill),
  })
  const code = encodeSafetyCode({ shows: of(0), holds: of(4) })
  expect(code).toBe(`teahouse-safety/1/${"A".repeat(64)}${"BAQE".repeat(16)}`)
})

test("what was shown is read, also across lines, and everything else is refused without a throw", () => {
  fc.assert(
    fc.property(party, party, fc.nat(145), (shows, holds, at) => {
      const code = encodeSafetyCode({ shows, holds })
      expect(decodeSafetyCode(code)).toEqual({ shows, holds })
      expect(decodeSafetyCode(` ${code.slice(0, at)}\n${code.slice(at)} `)).toEqual({ shows, holds })
      expect(decodeSafetyCode(code.slice(0, at))).toBeUndefined()
      expect(decodeSafetyCode(code.replace("/1/", "/2/"))).toBeUndefined()
      expect(decodeSafetyCode(code + code.slice(-4))).toBeUndefined()
    }),
  )
  const near = fc.uint8Array({ maxLength: 200 }).map((some) => `teahouse-safety/1/${toBase64url(some)}`)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 2_000 }), near), (text) => {
      expect(readDigits(text)).toBeUndefined()
      const read = decodeSafetyCode(text)
      if (read) expect(encodeSafetyCode(read)).toBe(text.replace(/\s/g, ""))
    }),
  )
  expect(decodeSafetyCode(`teahouse-safety/1/${"A".repeat(1_000_000)}`)).toBeUndefined()
})

test("sixty digits are read however they are set", () => {
  const digits = "0123456789".repeat(6)
  expect(readDigits(digits.match(/.{5}/g)?.join(" ") ?? "")).toBe(digits)
  expect(readDigits(`${digits.slice(0, 30)}\n\t– ${digits.slice(30)}\u3000`)).toBe(digits)
  for (const wrong of ["", digits.slice(1), `${digits}1`, digits.replace("0", "a"), digits.replace("0", "٠")])
    expect(readDigits(wrong)).toBeUndefined()
})
