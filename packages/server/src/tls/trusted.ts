/**
 * Whether browsers everywhere know who issued a certificate. Only then does the house ask them to insist on https (HSTS, RFC 6797): with a
 * certificate of one's own that would take away the way to the page that explains it, for a year.
 */
import { X509Certificate } from "node:crypto"
import { rootCertificates } from "node:tls"

const LONGEST = 8

/** `chain` in PEM, the house's own first; `roots` are those that came with Node, which are Mozilla's. */
export function publiclyTrusted(chain: string, roots: readonly string[] = rootCertificates): boolean {
  try {
    const above = [...certificatesOf(chain).slice(1), ...roots.map((one) => new X509Certificate(one))]
    const known = new Set(roots.map((one) => new X509Certificate(one).fingerprint256))
    let [now] = certificatesOf(chain)
    for (let step = 0; now && step < LONGEST; step++) {
      const below = now
      const issuer: X509Certificate | undefined = above.find(
        (one) => one !== below && below.checkIssued(one) && below.verify(one.publicKey),
      )
      if (issuer && known.has(issuer.fingerprint256)) return true
      now = issuer
    }
    return false
  } catch {
    return false
  }
}

const certificatesOf = (chain: string): X509Certificate[] =>
  (chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one),
  )
