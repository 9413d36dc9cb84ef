/**
 * The house's own certificate, for a network in which no authority of the internet vouches for anything. At the first start the house makes a
 * small authority (ten years, only for names and addresses that are nobody's on the internet), which people trust once by hand; with it the house
 * signs what it shows, again whenever the machine's addresses change or a third of the year is left. The authority is the same for all
 * nodes (folder of keys), what is shown is each node's own (data folder).
 *
 * Trusting anew is work at every device, so only what somebody has configured is worth another authority. What the machine is called by itself
 * changes without anybody's doing (a container's id, a name by DHCP, IPv6's temporary addresses): where the authority may not vouch for
 * that, it is left out and said. A new authority may vouch for all that the old one could, so that nodes do not take theirs from each other.
 *
 * Rejected: one self-signed certificate without an authority. Android and Firefox take no such one, and a new address would make
 * everybody do it all again.
 */
import { X509Certificate } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as z from "zod/mini"
import { trace } from "../../ops/log.ts"
import type { Secure, Shown } from "../port.ts"
import { writePrivate } from "../write-private.ts"
import { type Issued, issue, makeAuthority, type Realm } from "../x509.ts"
import { type Called, calledBy, type Machine, realmFor, thisMachine, within } from "./names.ts"

const LOOK_MS = 60_000
const [DAY_MS, YEAR_MS] = [86_400_000, 365 * 86_400_000]

export const OWN_FOLDER = "self-signed"

const realmSchema = z.strictObject({ names: z.array(z.string()), networks: z.array(z.string()) })
const authoritySchema = z.strictObject({ realm: realmSchema, cert: z.string(), key: z.string() })
type Authority = Issued & { readonly realm: Realm }
const shownSchema = z.strictObject({ names: z.array(z.string()), cert: z.string(), key: z.string() })

export type OwnParts = {
  /** The folder of the house's keys, and the node's own. */
  readonly keys: string
  readonly data: string
  /** Names and addresses from the configuration. */
  readonly hosts: readonly string[]
  readonly now: () => number
  readonly log: {
    info(text: string): void
    warn(text: string): void
    error(what: object, text: string): void
  }
  readonly machine?: () => Machine
}

/** Throws where a folder cannot be written. */
export async function ownCertificate({ keys, data, hosts, now, log, machine = thisMachine }: OwnParts) {
  const authorityPath = authorityIn(keys)
  const shownPath = join(data, OWN_FOLDER, "shown.json")
  let called = calledBy(machine(), hosts)
  const authority = await theAuthority(authorityPath, called, now(), log)
  const certificate = new X509Certificate(authority.cert)
  let shown = read(shownPath, shownSchema)

  const life = (cert: string) => {
    const own = new X509Certificate(cert)
    return { own, from: Date.parse(own.validFrom), until: Date.parse(own.validTo) }
  }
  const fits = (one: z.infer<typeof shownSchema>, { all }: Called): boolean => {
    try {
      const { own, from, until } = life(one.cert)
      const young = now() >= from && now() < until - (until - from) / 3
      return young && own.verify(certificate.publicKey) && String(one.names) === String(all)
    } catch {
      return false
    }
  }
  async function renew(): Promise<Shown> {
    called = calledBy(machine(), hosts)
    if (shown && fits(shown, called)) return shown
    const names = called.all.filter((one) => within(authority.realm, one))
    const without = called.all.filter((one) => !within(authority.realm, one))
    if (without.length > 0)
      log.warn(
        `自签名证书不含 ${without.join(", ")}：证书机构不能为其作证，浏览器会在那里警告。若有人须由此访问，请写入 origin；此后每台设备须重新信任。 ` +
          `The house's own certificate is not for ${without.join(", ")}: its authority may not vouch for that, and browsers warn there. ` +
          "Where people need it, put it into origin; every device then has to trust the house anew.",
      )
    const issued = await issue(authority, names, { from: now() - DAY_MS, until: now() + YEAR_MS })
    shown = { names: [...called.all], ...issued }
    writePrivate(shownPath, JSON.stringify(shown))
    return issued
  }

  const first = await renew()
  const secure: Secure = {
    first,
    own: {
      certificate: authority.cert,
      fingerprint: certificate.fingerprint256,
      until: Date.parse(certificate.validTo),
      names: called.names,
    },
    watch(take) {
      let last = first.cert
      let running: Promise<void> | undefined
      const look = () => {
        running ??= renew()
          .then((next) => {
            if (next.cert === last) return
            last = next.cert
            take(next)
            log.info(
              "the machine's addresses have changed, or a year is nearly over: another certificate is shown",
            )
          })
          .catch((error) => log.error(trace(error), "the house's own certificate could not be renewed"))
          .finally(() => {
            running = undefined
          })
      }
      const timer = setInterval(look, LOOK_MS)
      timer.unref()
      return {
        look,
        async stop() {
          clearInterval(timer)
          await running
        },
      }
    },
  }
  return secure
}

export const authorityIn = (keys: string): string => join(keys, OWN_FOLDER, "authority.json")

/** undefined: there is none yet. */
export function readAuthority(keys: string): X509Certificate | undefined {
  const found = read(authorityIn(keys), authoritySchema)
  return found && new X509Certificate(found.cert)
}

async function theAuthority(
  path: string,
  { all, said }: Called,
  now: number,
  log: OwnParts["log"],
): Promise<Authority> {
  const there = read(path, authoritySchema)
  const lacks = there ? said.filter((one) => !within(there.realm, one)) : []
  if (there && lacks.length === 0 && lasts(there, now)) return there
  const realm = realmFor(all, there?.realm)
  const name = `Teahouse 茶馆 ${new Date(now).toISOString().slice(0, 10)}`
  const made = {
    realm,
    ...(await makeAuthority(name, realm, { from: now - DAY_MS, until: now + 10 * YEAR_MS })),
  }
  writePrivate(path, JSON.stringify(made))
  if (there)
    log.warn(
      lacks.length > 0
        ? `配置中有新的名称或公网地址（${lacks.join(", ")}），自签名证书已重新生成：每台设备须重新信任。 ` +
            `There are new names or public addresses in the configuration (${lacks.join(", ")}), so the house has a new certificate of its own: every device has to trust it anew.`
        : "证书机构即将到期，自签名证书已重新生成：每台设备须重新信任。 " +
            "The house's authority is nearly over, so it has a new certificate of its own: every device has to trust it anew.",
    )
  return made
}

/** For another year at least. */
const lasts = ({ cert }: Issued, now: number) => Date.parse(new X509Certificate(cert).validTo) > now + YEAR_MS

function read<S extends z.ZodMiniType>(path: string, schema: S): z.infer<S> | undefined {
  try {
    const parsed = z.safeParse(schema, JSON.parse(readFileSync(path, "utf8")))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}
