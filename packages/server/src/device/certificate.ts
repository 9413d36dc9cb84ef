/** Whether a device certificate is what an account may bring: decoded strictly, signed, and about exactly this account. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type Certificate, decodeCertificate } from "@teahouse/protocol/certificate.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { verifyCertificate } from "@teahouse/protocol/signature.ts"

export type CertificateExpectation = {
  readonly house: Id
  readonly user: Id
  readonly username: string
  readonly uik: Uint8Array
}

export async function checkCertificate(
  bytes: Uint8Array,
  signatureKey: Uint8Array,
  expect: CertificateExpectation,
): Promise<Certificate | undefined> {
  const certificate = decodeCertificate(bytes)
  if (!certificate) return undefined
  const about =
    certificate.house === expect.house &&
    certificate.user === expect.user &&
    certificate.username === expect.username &&
    sameBytes(certificate.uik, expect.uik)
  return about && (await verifyCertificate(certificate, signatureKey)) ? certificate : undefined
}
