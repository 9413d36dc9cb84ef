import { ed25519 } from "@noble/curves/ed25519.js"
import fc from "fast-check"
import { expect, test } from "vitest"
import { concat } from "./bytes.ts"
import {
  CERTIFICATE_MAX_BYTES,
  type Certificate,
  certificateToSign,
  decodeCertificate,
  encodeCertificate,
  encodeCertificateContent,
  sameDevice,
} from "./certificate.ts"
import { bytes, certificates, id } from "./samples.fixture.ts"
import { verifyCertificate } from "./signature.ts"

const uikSecret = bytes(32, 1)
const deviceKey = ed25519.getPublicKey(bytes(32, 2))
function issue(fields: Omit<Certificate, "signature" | "uik">): Certificate {
  const content = { ...fields, uik: ed25519.getPublicKey(uikSecret) }
  return {
    ...content,
    signature: ed25519.sign(certificateToSign(encodeCertificateContent(content), deviceKey), uikSecret),
  }
}
const sample = issue(certificates.person as Certificate)
const encoded = encodeCertificate(sample)

test("the longest name fits", () => {
  const longest = encodeCertificate(issue(certificates.longest as Certificate))
  expect(longest.length).toBeLessThanOrEqual(CERTIFICATE_MAX_BYTES)
  expect(decodeCertificate(longest)?.username).toBe("茶".repeat(32))
})

test("it binds every field and the device's key", async () => {
  expect(await verifyCertificate(sample, deviceKey)).toBe(true)
  expect(await verifyCertificate(sample, ed25519.getPublicKey(bytes(32, 3)))).toBe(false)
  const changes: Partial<Certificate>[] = [
    { kind: "bot" },
    { house: id(9) },
    { user: id(9) },
    { device: id(9) },
    { generation: 1 },
    { username: "han.meimei" },
    { uik: ed25519.getPublicKey(bytes(32, 4)) },
    { signature: new Uint8Array(64) },
  ]
  for (const change of changes)
    expect(await verifyCertificate({ ...sample, ...change }, deviceKey)).toBe(false)
  expect(changes).toHaveLength(Object.keys(sample).length)
})

test("one encoding for each certificate", () => {
  const at = (i: number, value: number) => encoded.map((b, j) => (j === i ? value : b))
  expect(decodeCertificate(at(0, 2))).toBeUndefined()
  expect(decodeCertificate(at(1, 2))).toBeUndefined()
  expect(decodeCertificate(at(86, 3))).toBeUndefined()
  // "Li.lei": not the name's normal form.
  expect(decodeCertificate(at(87, 0x4c))).toBeUndefined()
  expect(decodeCertificate(at(87, 0xff))).toBeUndefined()
  expect(decodeCertificate(concat(encoded, Uint8Array.of(0)))).toBeUndefined()
  expect(decodeCertificate(encoded.subarray(0, -1))).toBeUndefined()
  expect(decodeCertificate(new Uint8Array())).toBeUndefined()
})

test("any bytes are answered, and what is read is what would be written", () => {
  fc.assert(
    fc.property(fc.nat({ max: encoded.length - 1 }), fc.nat({ max: 255 }), (where, value) => {
      const damaged = encoded.map((b, i) => (i === where ? value : b))
      const certificate = decodeCertificate(damaged)
      if (certificate) expect(encodeCertificate(certificate)).toEqual(damaged)
    }),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
      const certificate = decodeCertificate(noise)
      if (certificate) expect(encodeCertificate(certificate)).toEqual(noise)
    }),
  )
})

test("the same device keeps its ids and its account's key", () => {
  expect(sameDevice(sample, { ...sample, generation: 5 })).toBe(true)
  expect(sameDevice(sample, { ...sample, device: id(9) })).toBe(false)
  expect(sameDevice(sample, { ...sample, uik: new Uint8Array(32) })).toBe(false)
})
