/**
 * The certificate for https, from two files (PEM): the chain, the house's own first, and its key. What is wrong with them is said when
 * the house opens. While it is open they are looked at every minute and when somebody asks; a pair that is right takes the place of the one before for
 * whoever comes from then on, one that is not changes nothing and is said.
 */
import { createPrivateKey, X509Certificate } from "node:crypto"
import { readFileSync } from "node:fs"
import type { Server } from "node:https"
import { createSecureContext } from "node:tls"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Problem } from "../config.ts"

const LOOK_MS = 60_000
/** From here on the log says each day that it will end. */
const SOON_MS = 14 * 86_400_000
const DAY_MS = 86_400_000

export type CertificateFiles = { readonly certificate: string; readonly key: string }
/** `from` and `until`: ms UTC. */
export type Pair = {
  readonly cert: string
  readonly key: string
  readonly from: number
  readonly until: number
}

export function readPair({ certificate, key }: CertificateFiles, now: number): Result<Pair, Problem> {
  const chain = readPem(certificate)
  if (!chain.ok) return chain
  const secret = readPem(key)
  if (!secret.ok) return secret
  let own: X509Certificate
  try {
    own = new X509Certificate(chain.value)
  } catch {
    return err({
      zh: `${certificate} 不是 PEM 证书。请使用完整证书链文件（fullchain.pem）。`,
      en: `${certificate} is no certificate in PEM. Use the file with the whole chain (fullchain.pem).`,
    })
  }
  try {
    if (!own.checkPrivateKey(createPrivateKey(secret.value)))
      return err({
        zh: `${key} 不是 ${certificate} 的私钥。请确认两个文件来自同一次签发。`,
        en: `${key} is not the key of ${certificate}. Check that both files are of the same issue.`,
      })
  } catch {
    return err({
      zh: `${key} 不是 PEM 私钥，或有口令保护。请使用没有口令的私钥文件。`,
      en: `${key} is no private key in PEM, or it is locked with a passphrase. Use one without.`,
    })
  }
  // Above is only the first of the chain; copied while it was being written, the others may be cut, and no server takes such a one.
  try {
    createSecureContext({ cert: chain.value, key: secret.value })
  } catch (error) {
    const reason = String((error as { reason?: unknown }).reason ?? "unknown")
    return err({
      zh: `${certificate} 中的证书链不完整或已损坏（OpenSSL：${reason}）。请使用完整的 fullchain.pem。`,
      en: `The chain in ${certificate} is cut or damaged (OpenSSL: ${reason}). Use a whole fullchain.pem.`,
    })
  }
  const [from, until] = [Date.parse(own.validFrom), Date.parse(own.validTo)]
  if (now > until)
    return err({
      zh: `证书 ${certificate} 已于 ${day(until)} 过期，浏览器会拒绝。请更新证书。`,
      en: `The certificate ${certificate} ended on ${day(until)}, and browsers refuse it. Renew it.`,
    })
  if (now < from)
    return err({
      zh: `证书 ${certificate} 从 ${day(from)} 起才有效。请检查系统时间。`,
      en: `The certificate ${certificate} begins on ${day(from)}. Check the clock of this machine.`,
    })
  return ok({ cert: chain.value, key: secret.value, from, until })
}

function readPem(path: string): Result<string, Problem> {
  try {
    return ok(readFileSync(path, "utf8"))
  } catch (error) {
    const missing = (error as { code?: unknown }).code === "ENOENT"
    return err(
      missing
        ? { zh: `没有 ${path} 这个文件。请检查路径。`, en: `There is no file ${path}. Check the path.` }
        : {
            zh: `${path} 无法读取。请让运行茶馆的用户可以读取它。`,
            en: `${path} cannot be read. Let the user that runs Teahouse read it.`,
          },
    )
  }
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10)

export type CertificateWatch = { look(): void; stop(): void }

/** `log`: sentences for who runs the house. */
export function watchPair(
  server: Pick<Server, "setSecureContext">,
  files: CertificateFiles,
  first: Pair,
  { now, warn, info }: { now: () => number; warn: (text: string) => void; info: (text: string) => void },
): CertificateWatch {
  let held = first
  let said = ""
  const once = (text: string) => {
    if (text === said) return
    said = text
    warn(text)
  }
  const look = () => {
    const read = readPair(files, now())
    if (!read.ok) return once(`${read.error.zh} ${read.error.en}`)
    const next = read.value
    if (next.cert !== held.cert || next.key !== held.key) {
      held = next
      said = ""
      server.setSecureContext({ cert: next.cert, key: next.key, minVersion: "TLSv1.2" })
      info("the certificate was read again")
    }
    const left = Math.ceil((held.until - now()) / DAY_MS)
    if (held.until - now() < SOON_MS) once(`证书还有 ${left} 天到期。 The certificate ends in ${left} days.`)
  }
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  look()
  return { look, stop: () => clearInterval(timer) }
}
