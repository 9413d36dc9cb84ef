/**
 * How a house is set up: flags, then `TEAHOUSE_*` in the environment, then what works without either. Every wrong value is
 * named together with what to do about it, in both languages, and all of them at once.
 */
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import type { Stretching } from "@teahouse/protocol/http/account.ts"
import { limits as defaults, type Limits } from "@teahouse/protocol/limits.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"

export type Configuration = {
  /** The address to listen on. */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Folder of everything that must survive: database, keys. */
  readonly data: string
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
}

/** A sentence for the person who starts the house. */
export type Problem = { readonly zh: string; readonly en: string }

export const defaultConfiguration: Configuration = {
  host: "127.0.0.1",
  port: 8000,
  data: resolve("data"),
  origins: [],
  pushOrigins: [],
  web: fileURLToPath(new URL("../../web/dist", import.meta.url)),
  limits: { ...defaults },
  stretching: { memory: 65_536, iterations: 3, parallelism: 1 },
  logLevel: "info",
}

/** Formats depend on these: a house that changed them would not understand other houses' clients. */
const fixed = new Set<string>(["textBytes", "firstLineBytes"])
const levels = ["trace", "debug", "info", "warn", "error", "silent"]

const flags = {
  host: { type: "string" },
  port: { type: "string" },
  data: { type: "string" },
  origin: { type: "string", multiple: true },
} as const

type Environment = Readonly<Record<string, string | undefined>>

export function readConfiguration(
  args: readonly string[],
  env: Environment,
): Result<Configuration, readonly Problem[]> {
  const problems: Problem[] = []
  const parsed = readFlags(args)
  if (!parsed.ok) return err([parsed.error])
  const given = parsed.value
  const text = (flag: string | undefined, name: string) => flag ?? (env[name] || undefined)

  const port = text(given.port, "TEAHOUSE_PORT")
  const portNumber = port === undefined ? defaultConfiguration.port : wholeNumber(port, 0, 65_535)
  if (portNumber === undefined)
    problems.push({
      zh: `端口“${port}”无效：请填写 0 到 65535 之间的整数（0 表示自动选择）。`,
      en: `The port “${port}” is not valid: use a whole number from 0 to 65535 (0 picks a free one).`,
    })

  const host = text(given.host, "TEAHOUSE_HOST") ?? defaultConfiguration.host
  if (!/^[A-Za-z0-9.:-]+$/.test(host))
    problems.push({
      zh: `监听地址“${host}”无效：请填写地址或主机名，不含 http:// 和端口。`,
      en: `The host “${host}” is not valid: give an address or a name, without http:// and without a port.`,
    })

  const origins = given.origin ?? (env.TEAHOUSE_ORIGIN ? env.TEAHOUSE_ORIGIN.split(",") : [])
  const cleanOrigins = origins.map(cleanOrigin)
  for (const origin of cleanOrigins) if (!isOrigin(origin)) problems.push(notAnOrigin(origin))

  const pushOrigins = readOrigins(env.TEAHOUSE_PUSH_ORIGINS ?? "")
  for (const origin of pushOrigins) if (!isOrigin(origin)) problems.push(notAnOrigin(origin))

  const logLevel = env.TEAHOUSE_LOG || defaultConfiguration.logLevel
  if (!levels.includes(logLevel))
    problems.push({
      zh: `TEAHOUSE_LOG“${logLevel}”无效：可选 ${levels.join("、")}。`,
      en: `TEAHOUSE_LOG “${logLevel}” is not valid: use one of ${levels.join(", ")}.`,
    })

  const stretching = readStretching(env.TEAHOUSE_STRETCHING, problems)
  const limits = readLimits(env, problems)
  if (problems.length > 0) return err(problems)
  return ok({
    ...defaultConfiguration,
    host,
    port: portNumber as number,
    data: resolve(text(given.data, "TEAHOUSE_DATA") ?? "data"),
    origins: cleanOrigins,
    pushOrigins,
    limits,
    stretching,
    logLevel,
  })
}

const cleanOrigin = (text: string) => text.trim().replace(/\/$/, "").toLowerCase()
const readOrigins = (text: string) => (text.trim() === "" ? [] : text.split(",").map(cleanOrigin))
const isOrigin = (text: string) =>
  URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text)
const notAnOrigin = (origin: string): Problem => ({
  zh: `公开地址“${origin}”无效：请填写完整网址，例如 https://chat.example.org。`,
  en: `The public origin “${origin}” is not valid: write it like https://chat.example.org.`,
})

function readFlags(args: readonly string[]) {
  try {
    return ok(parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values)
  } catch (error) {
    const what = error instanceof Error ? (error.message.split("\n", 1)[0] as string) : ""
    return err({
      zh: `无法识别的参数。可用：--host 地址 --port 端口 --data 目录 --origin 公开网址。（${what}）`,
      en: `An argument was not understood. Use: --host ADDRESS --port PORT --data FOLDER --origin URL. (${what})`,
    })
  }
}

function readStretching(text: string | undefined, problems: Problem[]): Stretching {
  if (!text) return defaultConfiguration.stretching
  const [memory, iterations, parallelism, ...more] = text
    .split(",")
    .map((part) => wholeNumber(part, 1, 1_048_576))
  if (
    memory &&
    memory >= 8 &&
    iterations &&
    iterations <= 64 &&
    parallelism &&
    parallelism <= 16 &&
    more.length === 0
  )
    return { memory, iterations, parallelism }
  problems.push({
    zh: `TEAHOUSE_STRETCHING“${text}”无效：格式为“内存KiB,轮数,并行度”，例如 65536,3,1。`,
    en: `TEAHOUSE_STRETCHING “${text}” is not valid: write memory in KiB, passes, lanes, like 65536,3,1.`,
  })
  return defaultConfiguration.stretching
}

/** `TEAHOUSE_LIMIT_SENDS_PER_SECOND=50` is limits.sendsPerSecond. */
function readLimits(env: Environment, problems: Problem[]): Limits {
  const limits: Limits = { ...defaults }
  const names = new Map(
    Object.keys(defaults)
      .filter((key) => !fixed.has(key))
      .map((key) => [`TEAHOUSE_LIMIT_${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`, key as keyof Limits]),
  )
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith("TEAHOUSE_LIMIT_") || text === undefined || text === "") continue
    const key = names.get(name)
    const value = wholeNumber(text, 1, 2 ** 40)
    if (key && value !== undefined) limits[key] = value
    else
      problems.push(
        key
          ? { zh: `${name} 须为正整数。`, en: `${name} must be a whole number above 0.` }
          : { zh: `没有名为 ${name} 的限额。`, en: `There is no limit called ${name}.` },
      )
  }
  return limits
}

function wholeNumber(text: string, min: number, max: number): number | undefined {
  const value = /^\d{1,13}$/.test(text.trim()) ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : undefined
}
