/**
 * Everything that can be set, once: its key in `server.conf`, the key of the old system's file where it had one, the
 * variable, the flag, how it is read, and what would be right. Flags, environment, file and documentation follow from it.
 */
import { dirname, resolve } from "node:path"
import { domainToASCII } from "node:url"
import { fromBase64url } from "@teahouse/protocol/bytes.ts"
import type { Stretching } from "@teahouse/protocol/http/account.ts"
import { type Limits, limits } from "@teahouse/protocol/limits.ts"
import { type RegistrationAsked, registrations } from "../account/registration.ts"
import { readProxies } from "../http/client-address.ts"

/** A sentence for the person who starts the house. */
export type Problem = { readonly zh: string; readonly en: string }

export type Setting<T> = {
  readonly section: "server" | "limits"
  /** In `server.conf`. */
  readonly key: string
  /** The same in the file of the program before this one. */
  readonly old?: string
  /** `NAME_FILE` names a file that has the value. */
  readonly env: string
  readonly flag?: Flag
  /** undefined: it is not valid. `file` is the `server.conf` in which it stands. */
  readonly read: (text: string, file?: string) => T | undefined
  /** The end of a sentence: what would be right. */
  readonly right: Problem
  /** How it may be shown to whoever looks at the configuration. */
  readonly shown?: (text: string) => string
}

export const flags = {
  config: { type: "string" },
  host: { type: "string" },
  port: { type: "string" },
  data: { type: "string" },
  origin: { type: "string", multiple: true },
  nats: { type: "string" },
  migrate: { type: "boolean" },
} as const
export type Flag = Exclude<keyof typeof flags, "config">

/** What one listens at. */
export type Address = { readonly host: string; readonly port: number }

const setting = <T>(one: Omit<Setting<T>, "section">): Setting<T> => ({ section: "server", ...one })

const aPort = {
  zh: "请填写 0 到 65535 之间的整数（0 表示自动选择）",
  en: "use a whole number from 0 to 65535 (0 picks a free one)",
}
const LEVELS = ["trace", "debug", "info", "warn", "error", "silent"]

export const settings = {
  host: setting({
    ...{ key: "host", old: "server_ip", env: "TEAHOUSE_HOST", flag: "host" },
    read: (text) => (/^[A-Za-z0-9.:-]+$/.test(text) ? text : undefined),
    right: {
      zh: "请填写地址或主机名，不含 http:// 和端口",
      en: "give an address or a name, without http:// and without a port",
    },
  }),
  port: setting({
    ...{ key: "port", old: "http_port", env: "TEAHOUSE_PORT", flag: "port" },
    read: (text) => wholeNumber(text, 0, 65_535),
    right: aPort,
  }),
  socketPort: setting({
    ...{ key: "socket_port", old: "socket_port", env: "TEAHOUSE_SOCKET_PORT" },
    read: (text) => wholeNumber(text, 0, 65_535),
    right: aPort,
  }),
  data: setting({
    ...{ key: "data", env: "TEAHOUSE_DATA", flag: "data" },
    read: folderOf,
    right: { zh: "请填写目录", en: "name a folder" },
  }),
  database: setting({
    ...{ key: "database", old: "sqlalchemy_database_uri", env: "TEAHOUSE_DATABASE" },
    read: (text) => (text === "sqlite" ? text : mysqlUrl(text)),
    right: {
      zh: "请填写 sqlite（保存在数据目录中），或 mysql://用户:密码@地址:3306/数据库名；密码中的特殊字符须用 %XX 表示",
      en: "use “sqlite” (kept in the data folder), or write it like mysql://user:password@host:3306/database, special characters of the password as %XX",
    },
    shown: withoutPassword,
  }),
  registration: setting<RegistrationAsked>({
    ...{ key: "registration", env: "TEAHOUSE_REGISTRATION" },
    read: (text) => registrations.find((one) => one === text),
    right: {
      zh: "请填写 auto（只有本机能访问时开放，否则凭邀请）、invite（总是凭邀请）或 closed（不接受注册）",
      en: "use auto (open while only this machine can reach the house, else by invitation), invite (always) or closed (nobody)",
    },
  }),
  retentionDays: setting<number | undefined>({
    ...{ key: "retention_days", env: "TEAHOUSE_RETENTION_DAYS" },
    read: (text) => wholeNumber(text, 30, 36_500),
    right: { zh: "请填写 30 到 36500 之间的整数（天）", en: "use a whole number from 30 to 36500 (days)" },
  }),
  migrate: setting({
    ...{ key: "migrate", env: "TEAHOUSE_MIGRATE", flag: "migrate" },
    read: (text) => (/^(?:yes|true)$/.test(text) ? true : text === "no" ? false : undefined),
    right: {
      zh: "请填写 yes（启动时升级 MySQL 中较早版本的数据库，无法撤销）或 no",
      en: "use yes (at the start, an older version's database on MySQL is upgraded, which cannot be undone) or no",
    },
  }),
  nats: setting<string | undefined>({
    ...{ key: "nats", env: "TEAHOUSE_NATS", flag: "nats" },
    read: natsUrls,
    right: {
      zh: "请填写 nats://用户:密码@地址:4222（或 tls://…），多个以逗号分隔；密码中的特殊字符须用 %XX 表示",
      en: "write it like nats://user:password@host:4222 (or tls://…), several with commas between, special characters of the password as %XX",
    },
    shown: withoutSecrets,
  }),
  keys: setting<string | undefined>({
    ...{ key: "keys", env: "TEAHOUSE_KEYS" },
    read: folderOf,
    right: { zh: "请填写目录", en: "name a folder" },
  }),
  blobs: setting<string | undefined>({
    ...{ key: "blobs", env: "TEAHOUSE_BLOBS" },
    read: folderOf,
    right: { zh: "请填写目录", en: "name a folder" },
  }),
  s3Endpoint: setting<string | undefined>({
    ...{ key: "s3_endpoint", env: "TEAHOUSE_S3_ENDPOINT" },
    read: (text) => {
      const origins = readOrigins(text)
      return origins?.length === 1 ? origins[0] : undefined
    },
    right: {
      zh: "请填写完整网址，不含路径，例如 https://s3.eu-central-1.amazonaws.com 或 http://10.0.0.6:9000",
      en: "write it like https://s3.eu-central-1.amazonaws.com or http://10.0.0.6:9000, without a path",
    },
    shown: withoutPassword,
  }),
  s3Bucket: setting<string | undefined>({
    ...{ key: "s3_bucket", env: "TEAHOUSE_S3_BUCKET" },
    read: (text) => (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) ? text : undefined),
    right: {
      zh: "请填写存储桶名称：3 到 63 个小写字母、数字、点或连字符",
      en: "give the bucket's name: 3 to 63 small letters, digits, dots or hyphens",
    },
  }),
  s3Region: setting({
    ...{ key: "s3_region", env: "TEAHOUSE_S3_REGION" },
    read: (text) => (/^[A-Za-z0-9-]{1,64}$/.test(text) ? text : undefined),
    right: { zh: "请填写区域名称，例如 eu-central-1", en: "give the region's name, like eu-central-1" },
  }),
  s3AccessKey: setting<string | undefined>({
    ...{ key: "s3_access_key", env: "TEAHOUSE_S3_ACCESS_KEY" },
    read: (text) => (/^[\x21-\x2b\x2d-\x2e\x30-\x7e]{1,128}$/.test(text) ? text : undefined),
    right: {
      zh: "请填写访问密钥 ID，不含空格、逗号和斜线",
      en: "give the access key's id, without spaces, commas or slashes",
    },
    shown: (text) => (text.length > 4 ? `${text.slice(0, 4)}…` : "…"),
  }),
  s3SecretKey: setting<string | undefined>({
    ...{ key: "s3_secret_key", env: "TEAHOUSE_S3_SECRET_KEY" },
    read: (text) => (/^[\x21-\x7e]{1,256}$/.test(text) ? text : undefined),
    right: {
      zh: "请填写私有访问密钥（secret key），不含空格",
      en: "give the access key's secret, without spaces",
    },
    shown: (text) => (text === "" ? "" : "***"),
  }),
  s3PathStyle: setting({
    ...{ key: "s3_path_style", env: "TEAHOUSE_S3_PATH_STYLE" },
    read: (text) => (text === "yes" ? true : text === "no" ? false : undefined),
    right: {
      zh: "请填写 yes（地址/存储桶/…，大多数服务如此）或 no（存储桶.地址/…）",
      en: "use yes (endpoint/bucket/…, as most stores have it) or no (bucket.endpoint/…)",
    },
  }),
  backupKey: setting<string | undefined>({
    ...{ key: "backup_key", env: "TEAHOUSE_BACKUP_KEY" },
    read: (text) => (fromBase64url(text.trim())?.length === 32 ? text.trim() : undefined),
    right: {
      zh: "请填写 teahouse backup key 显示的公钥（43 个字符）",
      en: "give the public key that “teahouse backup key” shows (43 characters)",
    },
  }),
  origins: setting({
    ...{ key: "origin", env: "TEAHOUSE_ORIGIN", flag: "origin" },
    read: readOrigins,
    right: {
      zh: "请填写完整网址，例如 https://chat.example.org，多个以逗号分隔",
      en: "write it like https://chat.example.org, several with commas between",
    },
  }),
  pushOrigins: setting({
    ...{ key: "push_origins", env: "TEAHOUSE_PUSH_ORIGINS" },
    read: readOrigins,
    right: {
      zh: "请填写完整网址，例如 https://push.example.org，多个以逗号分隔",
      en: "write it like https://push.example.org, several with commas between",
    },
  }),
  stretching: setting({
    ...{ key: "stretching", env: "TEAHOUSE_STRETCHING" },
    read: readStretching,
    right: {
      zh: "格式为“内存KiB,轮数,并行度”，例如 65536,3,1",
      en: "write memory in KiB, passes, lanes, like 65536,3,1",
    },
  }),
  metrics: setting<Address | undefined>({
    ...{ key: "metrics", env: "TEAHOUSE_METRICS" },
    read: addressOf,
    right: {
      zh: "请填写 地址:端口，例如 127.0.0.1:9464；只写端口则仅限本机",
      en: "write address:port, like 127.0.0.1:9464; a port alone means this machine only",
    },
  }),
  certificate: setting<string | undefined>({
    ...{ key: "certificate", env: "TEAHOUSE_CERTIFICATE" },
    read: folderOf,
    right: { zh: "请填写文件", en: "name a file" },
  }),
  certificateKey: setting<string | undefined>({
    ...{ key: "certificate_key", env: "TEAHOUSE_CERTIFICATE_KEY" },
    read: folderOf,
    right: { zh: "请填写文件", en: "name a file" },
  }),
  tls: setting<"self-signed" | undefined>({
    ...{ key: "tls", env: "TEAHOUSE_TLS" },
    read: (text) => (text.trim().toLowerCase() === "self-signed" ? "self-signed" : undefined),
    right: {
      zh: "请填写 self-signed（局域网用自签名证书）；公网域名请用 acme，已有证书文件请用 certificate 与 certificate_key",
      en: "use “self-signed” (a certificate of the house's own, for a LAN); for a public name set acme, for files that you have set certificate and certificate_key",
    },
  }),
  acme: setting<readonly string[] | undefined>({
    ...{ key: "acme", env: "TEAHOUSE_ACME" },
    read: dnsNames,
    right: {
      zh: "请填写公开的域名，例如 chat.example.org，多个以逗号分隔；不含 https://、端口、IP 地址和 *",
      en: "give the public name, like chat.example.org, several with commas between; no https://, port, IP address or *",
    },
  }),
  acmeAgree: setting<true | undefined>({
    ...{ key: "acme_agree", env: "TEAHOUSE_ACME_AGREE" },
    read: (text) => (/^(?:yes|是)$/i.test(text.trim()) ? true : undefined),
    right: {
      zh: "同意证书机构的服务条款请填写 yes（Let's Encrypt：https://letsencrypt.org/repository/）",
      en: "write yes if you agree to the terms of the certificate authority (Let's Encrypt: https://letsencrypt.org/repository/)",
    },
  }),
  acmeContact: setting<string | undefined>({
    ...{ key: "acme_contact", env: "TEAHOUSE_ACME_CONTACT" },
    read: (text) => {
      const address = text.trim().replace(/^mailto:/i, "")
      return /^[^\s@,?]+@[^\s@,?]+\.[^\s@,?]+$/.test(address) ? address : undefined
    },
    right: {
      zh: "请填写一个邮箱地址，例如 admin@example.org",
      en: "give one mail address, like admin@example.org",
    },
  }),
  acmeDirectory: setting({
    ...{ key: "acme_directory", env: "TEAHOUSE_ACME_DIRECTORY" },
    read: (text) => (URL.canParse(text) && new URL(text).protocol === "https:" ? text.trim() : undefined),
    right: {
      zh: "请填写证书机构的 ACME 目录网址，以 https:// 开头，例如 https://acme-v02.api.letsencrypt.org/directory",
      en: "give the address of the authority's ACME directory, with https://, like https://acme-v02.api.letsencrypt.org/directory",
    },
  }),
  redirectPort: setting({
    ...{ key: "redirect_port", env: "TEAHOUSE_REDIRECT_PORT" },
    read: (text) => wholeNumber(text, 0, 65_535),
    right: aPort,
  }),
  trustedProxies: setting({
    ...{ key: "trusted_proxies", env: "TEAHOUSE_TRUSTED_PROXIES" },
    read: readProxies,
    right: {
      zh: "请填写 IP 地址或网段，例如 127.0.0.1, 10.0.0.0/8，多个以逗号分隔",
      en: "write addresses or networks, like 127.0.0.1, 10.0.0.0/8, with commas between",
    },
  }),
  logLevel: setting({
    ...{ key: "log", env: "TEAHOUSE_LOG" },
    read: (text) => (LEVELS.includes(text) ? text : undefined),
    right: { zh: `可选 ${LEVELS.join("、")}`, en: `use one of ${LEVELS.join(", ")}` },
  }),
  logFormat: setting<LogFormat>({
    ...{ key: "log_format", env: "TEAHOUSE_LOG_FORMAT" },
    read: (text) => (text === "json" || text === "text" ? text : undefined),
    right: {
      zh: "可选 json（供程序读取）、text（供人阅读）",
      en: "use json (for programs) or text (for people)",
    },
  }),
}

export type LogFormat = "json" | "text"

/** Formats depend on these: a house that changed them would not understand other houses' clients. */
const fixed = new Set<string>(["textBytes", "firstLineBytes"])
const snake = (name: string) => name.replace(/[A-Z]/g, "_$&").toLowerCase()

export const LIMIT = "TEAHOUSE_LIMIT_"
/** `sends_per_second` in `[limits]`, or `TEAHOUSE_LIMIT_SENDS_PER_SECOND`, is limits.sendsPerSecond. */
export const limitSettings: ReadonlyMap<keyof Limits, Setting<number>> = new Map(
  (Object.keys(limits) as (keyof Limits)[])
    .filter((name) => !fixed.has(name))
    .map((name) => [
      name,
      {
        section: "limits",
        key: snake(name),
        env: LIMIT + snake(name).toUpperCase(),
        read: (text) => wholeNumber(text, 1, 2 ** 40),
        right: { zh: "须为大于 0 的整数", en: "use a whole number above 0" },
      },
    ]),
)

function wholeNumber(text: string, min: number, max: number): number | undefined {
  const value = /^\d{1,13}$/.test(text.trim()) ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : undefined
}

function addressOf(text: string): Address | undefined {
  const [, host = "127.0.0.1", digits = ""] =
    /^(?:(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):)?(\d+)$/.exec(text.trim()) ?? []
  const port = wholeNumber(digits, 0, 65_535)
  return port === undefined ? undefined : { host: host.replace(/^\[|\]$/g, ""), port }
}

function readOrigins(text: string): readonly string[] | undefined {
  const origins = text.split(",").map((one) => one.trim().replace(/\/$/, "").toLowerCase())
  return origins.every(isOrigin) ? origins : undefined
}
const isOrigin = (text: string) =>
  URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text)

function readStretching(text: string): Stretching | undefined {
  const [memory, iterations, parallelism, ...more] = text
    .split(",")
    .map((part) => wholeNumber(part, 1, 1_048_576))
  if (more.length > 0 || !memory || !iterations || !parallelism) return undefined
  return memory >= 8 && iterations <= 64 && parallelism <= 16
    ? { memory, iterations, parallelism }
    : undefined
}

/** SQLAlchemy, which the older file was for, may name its driver too. */
function mysqlUrl(text: string): string | undefined {
  const url = text.replace(/^(?:mysql|mariadb)(?:\+[a-z0-9]+)?:\/\//, "mysql://")
  const good = url.startsWith("mysql://") && URL.canParse(url) && /^\/[^/]+$/.test(new URL(url).pathname)
  return good ? url : undefined
}

/** At least two labels; Chinese names in their ASCII form, which is what certificates have. */
function dnsNames(text: string): readonly string[] | undefined {
  const names = text.split(",").map((one) => domainToASCII(one.trim().toLowerCase()))
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
  const name = new RegExp(`^(?=.{1,253}$)(?:${label}\\.)+(?!\\d+$)${label}$`)
  return names.every((one) => name.test(one)) ? [...new Set(names)] : undefined
}

/** A folder's name is meant from where it is written. */
function folderOf(text: string, file?: string): string {
  return file ? resolve(dirname(file), text) : resolve(text)
}

function natsUrls(text: string): string | undefined {
  const urls = text.split(",").map((one) => one.trim())
  const good = urls.every((one) => {
    if (!/^(?:nats|tls):\/\/[^/]/.test(one) || !URL.canParse(one)) return false
    const { hostname, pathname, search, hash, username, password } = new URL(one)
    return hostname !== "" && /^\/?$/.test(pathname) && !search && !hash && decodable(username + password)
  })
  return good ? urls.join(",") : undefined
}
function decodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** What is no address may still hold a password: then nothing before the last @ is shown. */
function withoutPassword(text: string): string {
  const hidden = text.replace(/^([a-z0-9+]+:\/\/[^:/@]*):.*@/i, "$1:***@")
  return hidden === text ? text.replace(/^(?![a-z0-9+]+:\/\/[^:/@]*@).*@/is, "***@") : hidden
}

/** What stands before a host may be a token as well. */
function withoutSecrets(text: string): string {
  const hide = (one: string) => one.replace(/^([a-z]+:\/\/)?.*@/is, "$1***@")
  return natsUrls(text) ? text.split(",").map(hide).join(",") : hide(text)
}
