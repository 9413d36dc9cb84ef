/**
 * `teahouse serve`: opens the house and keeps it open until it is told to stop. It never builds anything; `npm start` does
 * that before. What a person has to know is printed plainly, in both languages; what happens later goes to the log.
 */
import { type Problem, readConfiguration } from "@teahouse/server/config.ts"
import { startHouse } from "@teahouse/server/main.ts"
import { trace } from "@teahouse/server/ops/log.ts"
import { StartRefused } from "@teahouse/server/ops/refusal.ts"

/** Longer than any client's answer takes; a supervisor that waits less would kill a commit that is being written. */
const PATIENCE_MS = 10_000

export async function serve(args: readonly string[]): Promise<void> {
  const configuration = readConfiguration(args, process.env)
  if (!configuration.ok) return fail(configuration.error)
  // A bug: what it says may quote what somebody sent, so only its kind and place are shown.
  process.on("uncaughtException", (error) => {
    console.error(JSON.stringify(trace(error)))
    process.exit(1)
  })
  let house: Awaited<ReturnType<typeof startHouse>>
  try {
    house = await startHouse({
      ...configuration.value,
      onFatal: () => {
        say({
          zh: "数据库写入线程已停止，Teahouse 必须关闭。请检查磁盘后重新启动。",
          en: "The database can no longer be written, so Teahouse has to close. Check the disk and start it again.",
        })
        process.exit(1)
      },
    })
  } catch (error) {
    if (error instanceof StartRefused) return fail([error.problem])
    throw error
  }
  let stopping = false
  const stop = async () => {
    // A second signal means now.
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => process.exit(1), PATIENCE_MS).unref()
    await house.stop()
    process.exit(0)
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop())

  console.log(`Teahouse is open at ${house.url}`)
  if (house.firstInvite)
    say(
      {
        zh: `首位管理员的注册链接在此文件中（仅可使用一次）：${house.firstInvite}`,
        en: `The first administrator's link, for one use, is in this file: ${house.firstInvite}`,
      },
      console.log,
    )
}

function fail(problems: readonly Problem[]): void {
  for (const problem of problems) say(problem)
  process.exitCode = 1
}

function say({ zh, en }: Problem, write: (line: string) => void = console.error): void {
  write(zh)
  write(en)
}
