/** Ed25519 (RFC 8032) over WebCrypto, which every browser and Node have; a failure to parse a key is a false signature. */
import { type Certificate, certificateToSign, encodeCertificateContent } from "./certificate.ts"

export async function verifyEd25519(
  key: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  if (key.length !== 32 || signature.length !== 64) return false
  try {
    const imported = await crypto.subtle.importKey("raw", key as Uint8Array<ArrayBuffer>, "Ed25519", false, [
      "verify",
    ])
    return await crypto.subtle.verify(
      "Ed25519",
      imported,
      signature as Uint8Array<ArrayBuffer>,
      message as Uint8Array<ArrayBuffer>,
    )
  } catch {
    return false
  }
}

export const verifyCertificate = (certificate: Certificate, signatureKey: Uint8Array): Promise<boolean> =>
  verifyEd25519(
    certificate.uik,
    certificate.signature,
    certificateToSign(encodeCertificateContent(certificate), signatureKey),
  )
