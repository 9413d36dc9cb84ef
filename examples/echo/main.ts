/** Says again what it hears. `node examples/echo/main.ts`; docs/bots.md says what it needs. */
import { runBot } from "@teahouse/terminal/bot/run-bot.ts"

await runBot({
  username: "echo",
  // Two bots that answer each other would never stop.
  heard: ({ from, text, reply }) => (from.bot || text === "" ? undefined : reply(text)),
})
