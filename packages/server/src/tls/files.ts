/** A certificate from files that somebody else renews (ops/certificate.ts). */
import { type CertificateFiles, type Pair, watchPair } from "../ops/certificate.ts"
import type { Secure } from "./port.ts"

type Log = { info(text: string): void; warn(text: string): void }

export const filesCertificate = (
  files: CertificateFiles,
  first: Pair,
  now: () => number,
  log: Log,
): Secure => ({
  first,
  watch: (take) =>
    watchPair(
      { setSecureContext: ({ cert, key }) => take({ cert: String(cert), key: String(key) }) },
      files,
      first,
      {
        now,
        warn: (text) => log.warn(text),
        info: (text) => log.info(text),
      },
    ),
})
