/**
 * Says a line in every chat that it is in, every day. `REMIND_AT` is a local time or several (09:00,14:30), `REMIND_TEXT` the line.
 * `node examples/daily-reminder/main.ts`; docs/bots.md says what it needs.
 */
import { runBot } from "@teahouse/terminal/bot/run-bot.ts"
import { msUntil } from "./clock.ts"

const at = process.env.REMIND_AT ?? "09:00"
const text = process.env.REMIND_TEXT ?? "Time for tea 该喝茶了"
const wait = msUntil(at, new Date())
if (wait === undefined) {
  console.error(`REMIND_AT: ${at} is no time like 09:00`)
  process.exit(2)
}

await runBot({
  username: "reminder",
  started: (bot) => {
    const next = (ms: number) =>
      setTimeout(() => {
        for (const { room } of bot.rooms()) bot.send(room, text).catch(console.error)
        next(msUntil(at, new Date()) ?? ms)
      }, ms)
    next(msUntil(at, new Date()) ?? wait)
  },
})
