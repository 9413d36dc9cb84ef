/**
 * A bot as a program of its own in Node: the profile is kept in SQLite, everything that differs from one machine to the next is read
 * from the environment, and it goes on until it is told to stop (SIGINT, SIGTERM), or until the house ends its session: then it says why and
 * ends, so that whatever started it may start it again. Names of the variables:
 *
 *   TEAHOUSE_SERVER      address of the house; needed at the first start
 *   TEAHOUSE_BOT_TOKEN   what the owner's app gave; or TEAHOUSE_BOT_TOKEN_FILE, a file with it
 *   TEAHOUSE_DATA_HOME   the folder of the profile; without it `./data`
 *   TEAHOUSE_BOT_NAME    another name than the program's own
 */
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { type Bot, type BotOptions, startBot } from "@teahouse/client/bot/bot.ts"
import { damagedStop, stopOf } from "../commands/account-here.ts"
import { refused, Stop, usage } from "../commands/stop.ts"
import { openProfile } from "../profile/open-profile.ts"
import { EXIT, type Exit } from "../say/exit.ts"
import { tongueOf } from "../say/language.ts"
import { damagedSentence, sentenceOf, wasDamagedSentence } from "../say/sentences.ts"

export type RunOptions = Omit<BotOptions, "token"> & {
  /** Once it is connected for the first time. */
  readonly started?: (bot: Bot) => unknown
  /** Before it stops. */
  readonly stopping?: () => unknown
}

/** Returns when the bot has started. Where it cannot, it says why in a sentence and ends the process with EXIT's code. */
export async function runBot(options: RunOptions): Promise<Bot> {
  try {
    return await run(options)
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    console.error(error.sentence[tongueOf(process.env)])
    process.exit(error.exit)
  }
}

async function run({ started, stopping, ...options }: RunOptions): Promise<Bot> {
  const { env } = process
  const username = env.TEAHOUSE_BOT_NAME || options.username
  const token = tokenOf(env)
  const opened = await openProfile({
    ...{ dataHome: resolve(env.TEAHOUSE_DATA_HOME || "data"), profile: profileOf(username) },
    server: env.TEAHOUSE_SERVER || undefined,
    parts: { trusted: true },
  })
  if (!opened.ok) {
    if (opened.error.kind !== "no_profile") throw stopOf(opened.error, username)
    throw new Stop(EXIT.notFound, {
      zh: `${resolve(env.TEAHOUSE_DATA_HOME || "data")} 中没有机器人“${username}”的文件夹。第一次启动，或文件夹丢失时，请设置 TEAHOUSE_SERVER；用原来的令牌即可恢复。`,
      en: `There is no folder of the bot “${username}” in ${resolve(env.TEAHOUSE_DATA_HOME || "data")}. For its first start, or where the folder was lost, set TEAHOUSE_SERVER: with the same token it comes back.`,
    })
  }
  const profile = opened.value
  const onError = options.onError ?? ((error: unknown) => console.error(error))
  let told = false
  let known = 0
  const stop = profile.client.subscribe("session", undefined, ({ state }) => {
    const damage = profile.damaged()
    if (state !== "signed_out" || !damage || told) return
    told = true
    known = profile.found().length
    console.error(damagedSentence(damage)[tongueOf(env)])
  })
  const bot = await startBot(profile.client, { ...options, username, token, onError })
  stop()
  if (!bot.ok) {
    await profile.close()
    throw refused(bot.error)
  }
  for (const one of profile.found().slice(known)) console.error(wasDamagedSentence(one)[tongueOf(env)])
  let ending = false
  const end = async (code: Exit = EXIT.done) => {
    if (ending) return
    ending = true
    await stopping?.()
    await bot.value.stop()
    await profile.close()
    process.exit(code)
  }
  profile.client.subscribe("session", undefined, (session) => {
    if (session.state !== "signed_out" || ending) return
    const isDamaged = session.reason === "store_damaged"
    const said = isDamaged
      ? damagedStop(profile.damaged()).sentence
      : sentenceOf(session.reason ?? "signed_out")
    console.error(said[tongueOf(env)])
    // Started again it comes back by its token.
    void end(isDamaged ? EXIT.damaged : EXIT.notSignedIn).catch(onError)
  })
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void end().catch(onError))
  await new Promise<void>((done) => {
    const stop = profile.client.subscribe("connection", undefined, ({ state }) => {
      if (state !== "connected") return
      queueMicrotask(() => stop())
      done()
    })
  })
  console.log(`${username} is here`)
  await started?.(bot.value)
  return bot.value
}

function tokenOf(env: NodeJS.ProcessEnv): string {
  if (env.TEAHOUSE_BOT_TOKEN) return env.TEAHOUSE_BOT_TOKEN
  if (!env.TEAHOUSE_BOT_TOKEN_FILE)
    throw usage(
      "请设置 TEAHOUSE_BOT_TOKEN 或 TEAHOUSE_BOT_TOKEN_FILE：令牌由主人的应用生成。",
      "Set TEAHOUSE_BOT_TOKEN or TEAHOUSE_BOT_TOKEN_FILE: the owner's app makes the token.",
    )
  try {
    return readFileSync(env.TEAHOUSE_BOT_TOKEN_FILE, "utf8").trim()
  } catch {
    throw new Stop(EXIT.file, {
      zh: "无法读取 TEAHOUSE_BOT_TOKEN_FILE 指定的文件。",
      en: "The file of TEAHOUSE_BOT_TOKEN_FILE cannot be read.",
    })
  }
}

/** A bot's name may hold what a profile's may not. */
const profileOf = (username: string) =>
  /^[A-Za-z0-9_-]{1,32}$/.test(username)
    ? username
    : `bot-${Buffer.from(username).toString("hex").slice(0, 24)}`
