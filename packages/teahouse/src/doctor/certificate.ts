/** A certificate that the house orders or makes itself: what it has, what went wrong last, and whether its names lead anywhere. */
import { lookup } from "node:dns/promises"
import { get } from "node:http"
import type { Configuration } from "@teahouse/server/config.ts"
import { readPair } from "@teahouse/server/ops/certificate.ts"
import { acmeFiles } from "@teahouse/server/tls/acme/files.ts"
import { tellFailure } from "@teahouse/server/tls/acme/sentences.ts"
import { WAITS } from "@teahouse/server/tls/plain.ts"
import { readAuthority } from "@teahouse/server/tls/self-signed/own.ts"
import { amiss, type Finding, good } from "./finding.ts"
import { answersLikeUs, portFinding } from "./network.ts"

const DAY_MS = 86_400_000
const PATIENCE_MS = 3_000

type Asked = Pick<Configuration, "acme" | "selfSigned" | "keys" | "data">

export async function secureFindings(
  { acme, selfSigned, keys, data }: Asked,
  now: number,
  resolves: (name: string) => Promise<boolean> = leadsSomewhere,
): Promise<readonly Finding[]> {
  const folder = keys ?? data
  if (selfSigned) return [ownFinding(folder)]
  if (!acme) return []
  const found = await Promise.all(acme.names.map(async (name) => ({ name, there: await resolves(name) })))
  return [acmeFinding(acme, folder, now), ...found.map(({ name, there }) => nameFinding(name, there))]
}

function acmeFinding(acme: NonNullable<Asked["acme"]>, folder: string, now: number): Finding {
  const files = acmeFiles(folder)
  const read = readPair({ certificate: files.certificate, key: files.certificate }, now)
  const days = read.ok ? Math.floor((read.value.until - now) / DAY_MS) : undefined
  const last = files.attempt()
  if (last) {
    const { found, advice } = tellFailure(last.failure, acme.directory, acme.names)
    const next = `${new Date(last.next).toISOString().slice(0, 16).replace("T", " ")} UTC`
    const goesOn =
      days === undefined
        ? { zh: "", en: "" }
        : { zh: `现有证书还有 ${days} 天到期。`, en: ` The present one ends in ${days} days.` }
    return amiss(
      "certificate",
      days === undefined ? "bad" : "doubtful",
      {
        zh: `上次申请证书没有成功：${found.zh}${goesOn.zh}下次尝试：${next}。`,
        en: `The last order of a certificate failed: ${found.en}${goesOn.en} Next try: ${next}.`,
      },
      {
        zh: `${advice.zh}改好后重启或 reload 可提前重试（每 15 分钟至多一次）。`,
        en: `${advice.en} When it is mended, a restart or reload tries again earlier (once in 15 minutes at most).`,
      },
    )
  }
  if (days === undefined)
    return good(
      "certificate",
      "还没有证书，启动后会自动申请。",
      "There is no certificate yet; the house orders it when it opens.",
    )
  return good(
    "certificate",
    `证书还有 ${days} 天到期，会自动续期。`,
    `The certificate ends in ${days} days and is renewed by itself.`,
  )
}

const nameFinding = (name: string, there: boolean): Finding =>
  there
    ? good("name", `域名 ${name} 可以解析。`, `${name} leads to an address.`)
    : amiss(
        "name",
        "bad",
        { zh: `查不到域名 ${name} 的地址。`, en: `${name} leads to no address.` },
        {
          zh: "请在域名的 DNS 中加一条 A 或 AAAA 记录，指向这台机器。",
          en: "Add an A or AAAA record for it which points to this machine.",
        },
      )

function ownFinding(folder: string): Finding {
  const found = readAuthority(folder)
  return found
    ? good(
        "certificate",
        `自签名证书，SHA-256 指纹 ${found.fingerprint256}。`,
        `A certificate of the house's own, SHA-256 fingerprint ${found.fingerprint256}.`,
      )
    : good(
        "certificate",
        "自签名证书会在首次启动时生成。",
        "A certificate of the house's own is made at the first start.",
      )
}

const leadsSomewhere = (name: string): Promise<boolean> =>
  lookup(name).then(
    () => true,
    () => false,
  )

/** The house's own port. While it has no certificate yet it answers nobody, but its port for http says so. */
export const housePortFinding = ({
  host,
  port,
  redirectPort,
}: Pick<Configuration, "host" | "port" | "redirectPort">): Promise<Finding> =>
  portFinding(host, port, "port", async () => {
    const waits = redirectPort !== undefined && (await leadsOn(host, redirectPort)) === "waits"
    return waits || answersLikeUs(host, port)
  })

/** The port for http beside https, which leads whoever asks for the API to https. */
export const redirectFinding = (host: string, port: number): Promise<Finding> =>
  portFinding(host, port, "redirect-port", async () => (await leadsOn(host, port)) !== "no")

/** `waits`: there is no certificate yet. */
const leadsOn = (host: string, port: number) =>
  new Promise<"leads" | "waits" | "no">((done) => {
    const to = { host: host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host, port, path: "/api/house" }
    const asked = get({ ...to, timeout: PATIENCE_MS, agent: false }, (answer) => {
      answer.resume()
      const { statusCode, headers } = answer
      const leads = statusCode === 308 && /^https:.*\/api\/house$/.test(headers.location ?? "")
      const waits = statusCode === 503 && headers["retry-after"] === WAITS
      done(leads ? "leads" : waits ? "waits" : "no")
    })
    asked.on("timeout", () => asked.destroy()).on("error", () => done("no"))
  })
