/**
 * What follows from how a house comes to its certificate: where it listens unless somebody says otherwise, and which settings do not
 * go together. Each mistake names the place of the setting that is wrong.
 */
import type { Problem } from "./settings.ts"

/** What somebody has said, and where (undefined: nobody). */
export type SaidSecure = {
  readonly acme: readonly string[] | undefined
  readonly agreed: boolean
  readonly selfSigned: boolean
  readonly certificate: string | undefined
  readonly certificateKey: string | undefined
  readonly placeOf: (key: SecureKey) => Problem | undefined
}
/** What holds, as far as it matters here. */
export type Holding = {
  readonly nats?: string
  readonly keys?: string
  readonly origins: readonly string[]
  readonly port: number
  readonly socketPort?: number
  readonly redirectPort?: number
}
export type SecureKey =
  | "acme"
  | "acmeAgree"
  | "acmeContact"
  | "acmeDirectory"
  | "tls"
  | "certificate"
  | "certificateKey"
  | "redirectPort"
  | "origins"

/** A house for the internet is where browsers and CAs look for it; one for a LAN needs no rights for its ports. */
export function impliedBy({ acme, selfSigned }: Pick<SaidSecure, "acme" | "selfSigned">) {
  if (acme)
    return { host: "0.0.0.0", port: 443, redirectPort: 80, origins: acme.map((name) => `https://${name}`) }
  return selfSigned ? { host: "0.0.0.0", redirectPort: 8080 } : {}
}

export function secureProblems(said: SaidSecure, configuration: Holding): readonly Problem[] {
  const { acme, agreed, selfSigned, certificate, certificateKey, placeOf } = said
  const { nats, keys, origins, port, socketPort, redirectPort } = configuration
  const problems: Problem[] = []
  const at = (key: SecureKey, zh: string, en: string) => {
    const place = placeOf(key)
    if (place) problems.push({ zh: `${place.zh}：${zh}`, en: `${place.en}: ${en}` })
  }
  if ((certificate === undefined) !== (certificateKey === undefined))
    at(
      certificate ? "certificate" : "certificateKey",
      "https 需要 certificate 与 certificate_key 两项，现在只有一项。",
      "https needs both certificate and certificate_key, and one of them is missing.",
    )
  const ways = [
    ...(certificate || certificateKey ? (["certificate"] as const) : []),
    ...(acme ? (["acme"] as const) : []),
    ...(selfSigned ? (["tls"] as const) : []),
  ]
  if (ways.length > 1)
    at(
      ways.at(-1) as SecureKey,
      `证书的来源只能有一个，现在写了 ${ways.join("、")}，请只保留一项。`,
      `a certificate comes from one place, and ${ways.join(" and ")} are set. Keep one of them.`,
    )
  if (acme && !agreed)
    at(
      "acme",
      "取得证书须同意证书机构的服务条款（Let's Encrypt：https://letsencrypt.org/repository/）。同意请加一行 acme_agree = yes。",
      "a certificate takes agreeing to the terms of the authority (Let's Encrypt: https://letsencrypt.org/repository/). If you agree, add a line acme_agree = yes.",
    )
  if (!acme)
    for (const key of ["acmeAgree", "acmeContact", "acmeDirectory"] as const)
      at(
        key,
        "没有设置 acme，这一项没有作用。请加一行 acme = 域名，或删除它。",
        "it means nothing without acme. Add a line acme = NAME, or leave it out.",
      )
  const strange = (acme ?? []).filter((name) => !origins.some((origin) => new URL(origin).hostname === name))
  if (strange.length > 0)
    at(
      "origins",
      `acme 中的 ${strange.join("、")} 不在 origin 中，人们用它打不开茶馆。请在 origin 中加上 https://${strange[0]}，或删除 origin。`,
      `${strange.join(", ")} in acme is not among the origins, so nobody could open the house by it. Add https://${strange[0]} to origin, or leave origin out.`,
    )
  if (acme && nats !== undefined && keys === undefined)
    at(
      "acme",
      "多个节点须用 keys 指定共用的目录：任何一个节点都可能被证书机构询问，证书也由它们共用。",
      "several nodes need a folder in common, named by keys: the authority may ask any of them, and they share the certificate.",
    )
  if (ways.length === 0)
    at(
      "redirectPort",
      "它通向 https，而茶馆没有设置 https（acme、certificate 或 tls）。请设置其一，或删除这一项。",
      "it leads to https, and none is set (acme, certificate or tls). Set one of them, or leave it out.",
    )
  if (
    redirectPort !== undefined &&
    redirectPort !== 0 &&
    (redirectPort === port || redirectPort === socketPort)
  )
    at(
      "redirectPort",
      `端口 ${redirectPort} 已用于 https。请换一个，公网上通常是 80。`,
      `port ${redirectPort} is taken by https. Take another one; on the internet it is 80.`,
    )
  return problems
}
