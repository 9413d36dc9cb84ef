/**
 * How a house is set up: flags, then `TEAHOUSE_*` in the environment (or a file that it names), then `server.conf`, then what
 * works without any of them. Every mistake is named with its place, what was found and what would be right, in both
 * languages, and all of them at once.
 */
import { readFileSync, statSync } from "node:fs"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import type { Stretching } from "@teahouse/protocol/http/account.ts"
import { limits as defaults, type Limits } from "@teahouse/protocol/limits.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { RegistrationAsked } from "./account/registration.ts"
import type { S3Place } from "./blob/s3/bucket.ts"
import { type IniEntry, type IniMistake, parseIni } from "./config/ini.ts"
import { impliedBy, type SecureKey, secureProblems } from "./config/secure.ts"
import {
  type Address,
  flags,
  LIMIT,
  type LogFormat,
  limitSettings,
  type Problem,
  type Setting,
  settings,
} from "./config/settings.ts"

export type { Problem } from "./config/settings.ts"

export type Configuration = {
  /** The address to listen on. */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** One more port, for the socket alone. */
  readonly socketPort?: number
  /** Folder of everything that must survive: database, keys. */
  readonly data: string
  /** `sqlite`, in the data folder, or `mysql://user:password@host:port/database`. */
  readonly database: string
  /** Who may register (account/registration.ts). */
  readonly registration: RegistrationAsked
  /** After so many days a message goes from the log once every member's account has it; kept where nobody says. */
  readonly retentionDays?: number
  /** On MySQL: an older version's database is upgraded at the start. SQLite's is copied first, and needs nobody's leave. */
  readonly migrate: boolean
  /** `nats://user:password@host:port`, where there are several nodes. */
  readonly nats?: string
  /** Folder of the keys that nodes have in common; the data folder where nobody names one. */
  readonly keys?: string
  /** Folder of files that people have sent; in the data folder where nobody names one. */
  readonly blobs?: string
  /** A bucket of an S3-compatible store instead, for those files. */
  readonly s3?: S3Place
  /** The operator's public key (backup/operator-key.ts), to which backups seal the OPAQUE secret. */
  readonly backupKey?: string
  /** Public origins, `https://chat.example.org`. */
  readonly origins: readonly string[]
  /** Origins of push services beside those of the known browsers; they may be anywhere, also in one's own network. */
  readonly pushOrigins: readonly string[]
  /** Folder of the built web app. */
  readonly web: string
  readonly limits: Limits
  /** What new accounts are asked to use: memory in KiB. Clients refuse less than their own minimum. */
  readonly stretching: Stretching
  readonly logLevel: string
  /** For programs, or for people to read. */
  readonly logFormat: LogFormat
  /** PEM files for https: the chain, and its key. Without them the house speaks http. */
  readonly certificate?: string
  readonly certificateKey?: string
  /** A certificate from a certificate authority (tls/acme/renewal.ts), whose terms have been agreed to. */
  readonly acme?: { readonly names: readonly string[]; readonly contact?: string; readonly directory: string }
  /** A certificate of the house's own (tls/self-signed/own.ts). */
  readonly selfSigned?: boolean
  /** The port for http beside https (tls/plain.ts). */
  readonly redirectPort?: number
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  /** Where `/metrics` is; nowhere unless somebody says so. */
  readonly metrics?: Address
}

export const defaultConfiguration: Configuration = {
  host: "127.0.0.1",
  port: 8000,
  data: resolve("data"),
  database: "sqlite",
  registration: "auto",
  migrate: false,
  origins: [],
  pushOrigins: [],
  web: fileURLToPath(new URL("../../web/dist", import.meta.url)),
  limits: { ...defaults },
  stretching: { memory: 65_536, iterations: 3, parallelism: 1 },
  logLevel: "info",
  logFormat: "json",
  // One's own machine: what runs there can do worse than say another address.
  trustedProxies: ["127.0.0.0/8", "::1"],
}

/** As it holds, for `teahouse config print`: secrets are not in it. */
export type Shown = {
  readonly section: string
  readonly key: string
  readonly value: string
  /** undefined: nobody has said anything. */
  readonly from?: Problem
}

export type Environment = Readonly<Record<string, string | undefined>>
/** A value as somebody wrote it, and where. */
type Said = { readonly text: string; readonly place: Problem; readonly file?: string }

const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"
const CONF = "server.conf"
const CONF_BYTES = 256 * 1024

export function readConfiguration(
  args: readonly string[],
  env: Environment,
  folder = process.cwd(),
  data = resolve(folder, "data"),
): Result<Configuration, readonly Problem[]> {
  const read = explainConfiguration(args, env, folder, data)
  return read.ok ? ok(read.value.configuration) : read
}

export function explainConfiguration(
  args: readonly string[],
  env: Environment,
  /** In which `server.conf` is looked for where nobody names one. */
  folder = process.cwd(),
  /** The data folder where nobody names one. */
  data = resolve(folder, "data"),
): Result<
  { readonly configuration: Configuration; readonly shown: readonly Shown[]; readonly file?: string },
  readonly Problem[]
> {
  const parsed = readFlags(args)
  if (!parsed.ok) return err([parsed.error])
  const given = parsed.value
  const problems: Problem[] = []
  const shown: Shown[] = []
  const conf = readConf(given.config ?? (env.TEAHOUSE_CONFIG || undefined), folder, problems)

  // A file that cannot be read is said once, however often somebody asks; and it is not said to be missing as well.
  const unread = new Set<Setting<unknown>>()
  const said = (setting: Setting<unknown>): Said | undefined => {
    const { section, key, old, env: name, flag } = setting
    if (unread.has(setting)) return undefined
    const typed = flag && given[flag]
    if (flag && typed !== undefined)
      return { text: String(typed), place: { zh: `参数 --${flag}`, en: `Flag --${flag}` } }
    if (env[name]) return { text: env[name], place: { zh: `环境变量 ${name}`, en: `Variable ${name}` } }
    const path = env[`${name}_FILE`]
    if (path) {
      const found = fromFile(`${name}_FILE`, path, problems)
      if (!found) unread.add(setting)
      return found
    }
    const entry = conf?.entries.find((one) => one.section === section && (one.key === key || one.key === old))
    return entry && conf && { text: entry.value, place: placeOf(conf.path, entry), file: conf.path }
  }
  const take = <T>(setting: Setting<T>, fallback: T): T => {
    const { section, key } = setting
    const found = said(setting)
    const show = setting.shown ?? ((text: string) => text)
    if (!found || found.text === "") {
      shown.push({ section, key, value: written(fallback) })
      return fallback
    }
    const { text, place, file } = found
    const value = setting.read(text, file)
    if (value === undefined) problems.push(notValid(place, show(text), setting.right))
    else shown.push({ section, key, value: show(written(value)), from: place })
    return value ?? fallback
  }

  const tls = take<"self-signed" | undefined>(settings.tls, undefined)
  const acme = take<readonly string[] | undefined>(settings.acme, undefined)
  const agreed = take<true | undefined>(settings.acmeAgree, undefined)
  const contact = take<string | undefined>(settings.acmeContact, undefined)
  const directory = take(settings.acmeDirectory, LETS_ENCRYPT)
  const selfSigned = tls === "self-signed"
  const none = { ...defaultConfiguration, ...impliedBy({ acme, selfSigned }) }
  const host = take(settings.host, none.host)
  const port = take(settings.port, none.port)
  const socketPort = take<number | undefined>(settings.socketPort, undefined)
  const nats = take<string | undefined>(settings.nats, undefined)
  const keys = take<string | undefined>(settings.keys, undefined)
  const blobs = take<string | undefined>(settings.blobs, undefined)
  const s3 = {
    endpoint: take<string | undefined>(settings.s3Endpoint, undefined),
    bucket: take<string | undefined>(settings.s3Bucket, undefined),
    region: take(settings.s3Region, "us-east-1"),
    accessKey: take<string | undefined>(settings.s3AccessKey, undefined),
    secretKey: take<string | undefined>(settings.s3SecretKey, undefined),
    pathStyle: take(settings.s3PathStyle, true),
  }
  const retentionDays = take<number | undefined>(settings.retentionDays, undefined)
  const backupKey = take<string | undefined>(settings.backupKey, undefined)
  const certificate = take<string | undefined>(settings.certificate, undefined)
  const certificateKey = take<string | undefined>(settings.certificateKey, undefined)
  const redirectPort = take<number | undefined>(settings.redirectPort, none.redirectPort)
  const metrics = take<Address | undefined>(settings.metrics, undefined)
  const configuration: Configuration = {
    ...none,
    ...(acme ? { acme: { names: acme, directory, ...(contact === undefined ? {} : { contact }) } } : {}),
    ...(selfSigned ? { selfSigned } : {}),
    ...(redirectPort === undefined ? {} : { redirectPort }),
    ...(nats === undefined ? {} : { nats }),
    ...(keys === undefined ? {} : { keys }),
    ...(blobs === undefined ? {} : { blobs }),
    ...(isWhole(s3) ? { s3 } : {}),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(backupKey === undefined ? {} : { backupKey }),
    ...(metrics === undefined ? {} : { metrics }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(certificateKey === undefined ? {} : { certificateKey }),
    host,
    port,
    ...(socketPort === undefined || (socketPort === port && port !== 0) ? {} : { socketPort }),
    data: take(settings.data, data),
    database: take(settings.database, none.database),
    registration: take<RegistrationAsked>(settings.registration, none.registration),
    migrate: take(settings.migrate, none.migrate),
    origins: take(settings.origins, none.origins),
    pushOrigins: take(settings.pushOrigins, none.pushOrigins),
    stretching: take(settings.stretching, none.stretching),
    logLevel: take(settings.logLevel, none.logLevel),
    logFormat: take(settings.logFormat, none.logFormat),
    trustedProxies: take(settings.trustedProxies, none.trustedProxies),
    limits: Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => {
        const setting = limitSettings.get(name as keyof Limits)
        return [name, setting ? take<number>(setting, value) : value]
      }),
    ) as Limits,
  }
  problems.push(...unknownLimits(env))
  const { database } = configuration
  if (nats !== undefined && database === "sqlite") problems.push(natsAlone(said(settings.nats)?.place))
  const saidOfS3 = s3Settings.filter((name) => said(settings[name]) !== undefined)
  const lacking = s3Needed.filter((name) => !said(settings[name])?.text && !unread.has(settings[name]))
  const placeOfS3 = saidOfS3[0] && said(settings[saidOfS3[0]])?.place
  if (placeOfS3 && lacking.length > 0)
    problems.push(
      halfBucket(
        placeOfS3,
        lacking.map((name) => settings[name].key),
      ),
    )
  if (placeOfS3 && blobs !== undefined) problems.push(twoPlaces(said(settings.blobs)?.place))
  // What could not be read was named already: it is no setting that lacks.
  const pair = { certificate, certificateKey }
  for (const key of ["certificate", "certificateKey"] as const)
    if (unread.has(settings[key])) pair[key] ??= ""
  const ways = { acme, agreed: agreed === true, selfSigned, ...pair }
  const where = (key: SecureKey) => said(settings[key])?.place
  problems.push(...secureProblems({ ...ways, placeOf: where }, configuration))
  if (problems.length > 0) return err(problems)
  return ok({ configuration, shown, ...(conf ? { file: conf.path } : {}) })
}

const s3Needed = ["s3Endpoint", "s3Bucket", "s3AccessKey", "s3SecretKey"] as const
const s3Settings = [...s3Needed, "s3Region", "s3PathStyle"] as const
const isWhole = (s3: { readonly [Name in keyof S3Place]: S3Place[Name] | undefined }): s3 is S3Place =>
  Object.values(s3).every((value) => value !== undefined)

const halfBucket = (place: Problem, keys: readonly string[]): Problem => ({
  zh: `${place.zh}：要把文件保存到对象存储，还缺 ${keys.join("、")}。请补上，或删除所有 s3_ 开头的项。`,
  en: `${place.en}: to keep files in a bucket, ${keys.join(", ")} ${keys.length > 1 ? "are" : "is"} missing. Set ${keys.length > 1 ? "them" : "it"}, or leave out everything that begins with s3_.`,
})

const twoPlaces = (place: Problem | undefined): Problem => ({
  zh: `${place?.zh}：文件只能在一个地方，blobs（目录）与 s3_…（对象存储）请只保留一种。搬迁用 teahouse blobs copy。`,
  en: `${place?.en}: files are in one place only. Keep blobs (a folder) or s3_… (a bucket), not both; teahouse blobs copy moves them.`,
})

const written = (value: unknown): string => {
  if (value === undefined) return ""
  if (Array.isArray(value)) return value.join(", ")
  if (typeof value === "boolean") return value ? "yes" : "no"
  if (typeof value !== "object" || value === null) return String(value)
  if ("host" in value && "port" in value) return `${value.host}:${value.port}`
  return Object.values(value).join(",")
}

const notValid = (place: Problem, found: string, right: Problem): Problem => ({
  zh: `${place.zh}：“${found}”无效，${right.zh}。`,
  en: `${place.en}: “${found}” is not valid: ${right.en}.`,
})

const natsAlone = (place: Problem | undefined): Problem => ({
  zh: `${place?.zh}：nats 用于多个节点，它们须共用一个 MySQL 或 MariaDB，而 database 为 sqlite。请设置 database = mysql://…，或删除 nats。`,
  en: `${place?.en}: nats is for several nodes, which need one MySQL or MariaDB in common, and database is sqlite. Set database = mysql://…, or leave nats out.`,
})

function readFlags(args: readonly string[]) {
  try {
    return ok(parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values)
  } catch (error) {
    const what = error instanceof Error ? (error.message.split("\n", 1)[0] as string) : ""
    return err({
      zh: `无法识别的参数。可用：--config 文件 --host 地址 --port 端口 --data 目录 --origin 公开网址 --nats 地址 --migrate。（${what}）`,
      en: `An argument was not understood. Use: --config FILE --host ADDRESS --port PORT --data FOLDER --origin URL --nats URL --migrate. (${what})`,
    })
  }
}

// ------------------------------------------------------------------------------------------------------- server.conf

type Conf = { readonly path: string; readonly entries: readonly IniEntry[] }

/** Where nobody names one and there is none: undefined, and nothing is wrong. */
function readConf(named: string | undefined, folder: string, problems: Problem[]): Conf | undefined {
  const path = named === undefined ? join(folder, CONF) : resolve(folder, named)
  const bytes = readSmall(path)
  if (bytes === "missing" && named === undefined) return undefined
  if (typeof bytes === "string") {
    problems.push(unreadable(path, bytes))
    return undefined
  }
  const { entries, mistakes } = parseIni(bytes)
  problems.push(...mistakes.map((mistake) => misspelt(path, mistake)))
  const known = knownKeys()
  for (const entry of entries) {
    const keys = known.get(entry.section)
    if (!keys) problems.push(unknownKey(placeOf(path, entry), `[${entry.section}]`, sections(known)))
    else if (!keys.includes(entry.key)) problems.push(unknownKey(placeOf(path, entry), entry.name, keys))
  }
  // The old name of a setting and its own one are the same setting.
  for (const { key, old } of Object.values(settings)) {
    const [first, second] = entries.filter(
      (one) => one.section === "server" && (one.key === key || one.key === old),
    )
    if (first && second)
      problems.push(
        misspelt(path, { line: second.line, kind: "twice", text: second.name, first: first.line }),
      )
  }
  return { path, entries }
}

const knownKeys = (): ReadonlyMap<string, readonly string[]> =>
  new Map([
    ["server", Object.values(settings).flatMap(({ key, old }) => (old && old !== key ? [key, old] : [key]))],
    ["limits", [...limitSettings.values()].map(({ key }) => key)],
  ])
const sections = (known: ReadonlyMap<string, unknown>) => [...known.keys()].map((name) => `[${name}]`)

const placeOf = (
  path: string,
  { line, name }: { readonly line: number; readonly name: string },
): Problem => ({
  zh: `${path} 第 ${line} 行 ${name}`,
  en: `${path}, line ${line}, ${name}`,
})

/** The nearest, where one is near; else all. */
function unknownKey(place: Problem, found: string, known: readonly string[]): Problem {
  // As many letters as one word is longer have to be put in: a key without end is not compared at all.
  const far = (one: string) =>
    Math.abs(one.length - found.length) > 2 ? 3 : distance(one, found.toLowerCase())
  const least = Math.min(...known.map(far), 2)
  const near = known.filter((one) => far(one) === least)
  const [zh, en] = near.length > 0 ? [near.join("、"), near.join(", ")] : [known.join("、"), known.join(", ")]
  return {
    zh: `${place.zh}：没有“${found}”这一项。${near.length > 0 ? "是不是" : "可用："}${zh}${near.length > 0 ? "？" : "。"}`,
    en: `${place.en}: there is no “${found}”. ${near.length > 0 ? "Is it" : "Use one of"} ${en}${near.length > 0 ? "?" : "."}`,
  }
}

/** How many letters have to be put in, taken out, changed or swapped with the next (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = swapped ? (before[j - 2] as number) + 1 : change
      next.push(Math.min(change, swap, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    before = row
    row = next
  }
  return row[b.length] as number
}

function misspelt(path: string, mistake: IniMistake): Problem {
  const { line, text } = mistake
  const at = { zh: `${path} 第 ${line} 行`, en: `${path}, line ${line}` }
  switch (mistake.kind) {
    case "no_pair":
      return {
        zh: `${at.zh}：看不懂“${cut(text)}”。每行写“名称 = 值”，注释以 # 开头。`,
        en: `${at.en}: “${cut(text)}” is not understood. Write “key = value” in each line, comments after #.`,
      }
    case "no_text":
      return {
        zh: `${at.zh}：其中有不是文字的字符。请用 UTF-8 编码重新保存该文件，并删除看不见的字符。`,
        en: `${at.en}: there are characters in it that are no text. Save the file as UTF-8, and delete those that cannot be seen.`,
      }
    case "too_long":
      return {
        zh: `${at.zh}：超过 8192 个字符，没有这样长的设置。`,
        en: `${at.en}: it is longer than 8192 characters, and no setting is.`,
      }
    case "no_section":
      return {
        zh: `${at.zh}：“${text}”不属于任何部分。请在它前面加一行 [server]。`,
        en: `${at.en}: “${text}” is in no section. Put a line [server] above it.`,
      }
    case "twice":
      return {
        zh: `${at.zh}：“${text}”在第 ${mistake.first} 行已经写过，请只保留一个。`,
        en: `${at.en}: “${text}” stands in line ${mistake.first} already. Keep one of the two.`,
      }
  }
}

/** Whatever stands in a line that is not understood: a password may be among it. */
const cut = (text: string) => (text.length > 12 ? `${text.slice(0, 12)}…` : text)

// ------------------------------------------------------------------------------------------------------------- files

type Unread = "missing" | "too_large" | "unreadable"
function readSmall(path: string): Uint8Array | Unread {
  try {
    if (statSync(path).size > CONF_BYTES) return "too_large"
    return readFileSync(path)
  } catch (error) {
    return (error as { code?: unknown }).code === "ENOENT" ? "missing" : "unreadable"
  }
}

function fromFile(name: string, path: string, problems: Problem[]): Said | undefined {
  const bytes = readSmall(path)
  const place = { zh: `环境变量 ${name}`, en: `Variable ${name}` }
  if (typeof bytes !== "string") return { text: new TextDecoder().decode(bytes).trim(), place }
  const { zh, en } = unreadable(path, bytes)
  problems.push({ zh: `${place.zh}：${zh}`, en: `${place.en}: ${en}` })
  return undefined
}

function unreadable(path: string, why: Unread): Problem {
  switch (why) {
    case "missing":
      return { zh: `没有 ${path} 这个文件。请检查路径。`, en: `There is no file ${path}. Check the path.` }
    case "too_large":
      return {
        zh: `${path} 大于 256 KiB，不像是配置文件。`,
        en: `${path} is larger than 256 KiB: that is no configuration.`,
      }
    case "unreadable":
      return {
        zh: `${path} 无法读取。请检查权限，并确认它不是目录。`,
        en: `${path} cannot be read. Check its permissions, and that it is no folder.`,
      }
  }
}

function unknownLimits(env: Environment): Problem[] {
  const known = new Set([...limitSettings.values()].flatMap((one) => [one.env, `${one.env}_FILE`]))
  return Object.entries(env).flatMap(([name, text]) =>
    name.startsWith(LIMIT) && text && !known.has(name)
      ? [{ zh: `没有名为 ${name} 的限额。`, en: `There is no limit called ${name}.` }]
      : [],
  )
}
