/**
 * `teahouse serve`: opens the house and keeps it open until it is told to stop. It never builds anything; `npm start` does
 * that before. Where it is asked to, or was double-clicked, it opens the browser too. What a person has to know is printed
 * plainly, in both languages; what happens later goes to the log.
 */
import { readConfiguration } from "@teahouse/server/config.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { trace } from "@teahouse/server/ops/log.ts"
import { StartRefused } from "@teahouse/server/ops/refusal.ts"
import { addressOf, forgetAddress, writeAddress } from "./address.ts"
import { openBrowser, takeOpen } from "./browser.ts"
import type { Program } from "./program.ts"
import { fail, say } from "./say.ts"

/** Longer than any client's answer takes; a supervisor that waits less would kill a commit that is being written. */
const PATIENCE_MS = 10_000

/** SIGHUP: somebody closed the window, also on Windows; where there is none, a service manager says to read the configuration again. */
const inWindow = process.platform === "win32" || process.stdin.isTTY === true || process.stdout.isTTY === true
const closedWindow = inWindow ? (["SIGHUP"] as const) : []

export async function serve(args: readonly string[], program: Program): Promise<void> {
  const { open = program.clicked, rest } = takeOpen(args)
  const configuration = readConfiguration(rest, process.env, undefined, program.data)
  if (!configuration.ok) return fail(configuration.error)
  const { data } = configuration.value
  // A bug: what it says may quote what somebody sent, so only its kind and place are shown.
  process.on("uncaughtException", (error) => {
    console.error(JSON.stringify(trace(error)))
    process.exit(1)
  })
  let house: RunningHouse | undefined
  let stopping = false
  const stop = async (exit: number) => {
    // A second signal means now.
    if (stopping) process.exit(exit || 1)
    stopping = true
    setTimeout(() => process.exit(exit || 1), PATIENCE_MS).unref()
    forgetAddress(data)
    await house?.stop()
    process.exit(exit)
  }
  try {
    house = await startHouse({
      ...configuration.value,
      tidy: true,
      ...(program.assets ? { assets: program.assets } : {}),
      onFatal: (disk) => {
        if (!disk) {
          say({
            zh: "数据库写入线程已停止，Teahouse 必须关闭。请检查磁盘后重新启动。",
            en: "The database can no longer be written, so Teahouse has to close. Check the disk and start it again.",
          })
          process.exit(1)
        }
        say(disk.problem)
        // In order: everybody is told to come back, and does, over a second or so.
        void stop(disk.exit)
      },
    })
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error
    const running = open ? await addressOf(data) : undefined
    if (running === undefined) return fail([error.problem], error.exit)
    say({ zh: `茶馆已经开着：${running}`, en: `Teahouse is open already, at ${running}` }, console.log)
    return openBrowser(running)
  }
  for (const signal of ["SIGINT", "SIGTERM", ...closedWindow] as const) process.on(signal, () => void stop(0))

  if (!inWindow)
    process.on("SIGHUP", () => {
      const again = readConfiguration(rest, process.env, undefined, program.data)
      if (again.ok) house?.reload(again.value)
      else {
        for (const problem of again.error) say(problem)
        say({ zh: "配置有误，没有任何改变。", en: "The configuration is not right, so nothing has changed." })
      }
    })

  writeAddress(data, house.url)
  // A certificate from an authority is for the public name, and for no address of this machine.
  const [origin = house.url] = configuration.value.acme ? configuration.value.origins : []
  console.log(`Teahouse is open at ${origin}`)
  if (program.data !== undefined)
    say({ zh: `数据保存在：${data}`, en: `Everything is kept in ${data}` }, console.log)
  if (house.firstInvite)
    say(
      {
        zh: `首位管理员的注册链接在此文件中（仅可使用一次）：${house.firstInvite}`,
        en: `The first administrator's link, for one use, is in this file: ${house.firstInvite}`,
      },
      console.log,
    )
  sayCertificate(house)
  if (open) openBrowser(origin)
}

/** What people have to compare is said here, by the machine itself, and not only on a page that somebody might have changed on its way. */
function sayCertificate({ ownAuthority, explainedAt, ordering }: RunningHouse): void {
  if (ordering)
    say(
      {
        zh: `正在为 ${ordering.join("、")} 申请证书，完成后即可用 https 打开；结果写入日志。`,
        en: `A certificate for ${ordering.join(", ")} is being ordered; https works when it has come. The log says how it goes.`,
      },
      console.log,
    )
  if (!ownAuthority) return
  say(
    {
      zh: `自签名证书的 SHA-256 指纹：${ownAuthority.fingerprint}`,
      en: `The SHA-256 fingerprint of the house's own certificate: ${ownAuthority.fingerprint}`,
    },
    console.log,
  )
  if (explainedAt)
    say(
      {
        zh: `其他设备请先打开 ${explainedAt} ，按说明信任它。`,
        en: `Other devices open ${explainedAt} first, which explains how to trust it.`,
      },
      console.log,
    )
}
