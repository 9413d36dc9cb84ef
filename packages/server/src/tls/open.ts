/** Which certificate a house has, by its configuration; undefined: it speaks http. Throws `StartRefused`. */
import type { Configuration } from "../config.ts"
import { readPair } from "../ops/certificate.ts"
import type { Logger } from "../ops/log.ts"
import { dataProblem, StartRefused } from "../ops/refusal.ts"
import { filesCertificate } from "./files.ts"
import type { Secure } from "./port.ts"

export type OpenParts = {
  readonly keys: string
  readonly data: string
  readonly now: () => number
  readonly log: Logger
}

export async function openSecure(
  configuration: Configuration,
  { keys, data, now, log }: OpenParts,
): Promise<Secure | undefined> {
  const { certificate, certificateKey, acme, selfSigned, host, origins } = configuration
  if (certificate && certificateKey) {
    const files = { certificate, key: certificateKey }
    const read = readPair(files, now())
    if (!read.ok) throw new StartRefused(read.error)
    return filesCertificate(files, read.value, now, log)
  }
  if (acme) {
    const { acmeCertificate } = await import("./acme/renewal.ts")
    return acmeCertificate(acme, { keys, now, log })
  }
  if (!selfSigned) return undefined
  const { ownCertificate } = await import("./self-signed/own.ts")
  const listening = ["0.0.0.0", "::"].includes(host) ? [] : [host]
  const hosts = [...listening, ...origins.map((origin) => new URL(origin).hostname)]
  return ownCertificate({ keys, data, hosts, now, log }).catch((error) => {
    throw dataProblem(error, keys) ?? error
  })
}
