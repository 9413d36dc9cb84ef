/**
 * Both ways between chats and a web service. What is posted to it is said in every chat that it is in; what it hears is posted on.
 *
 *   HOOK_PORT     listens on 127.0.0.1 (0: a free port, which it says)
 *   HOOK_SECRET   who posts has to send it: `Authorization: Bearer SECRET`
 *   HOOK_TO       an address that gets {from, text, at} of every message; without it nothing is posted on
 *
 *     curl -H "Authorization: Bearer $HOOK_SECRET" -d 'The build is green' http://127.0.0.1:8090/
 *
 * Whatever is posted on leaves the encryption: say so to the people in the chat. `node examples/webhook-bridge/main.ts`; docs/bots.md.
 */
import { runBot } from "@teahouse/terminal/bot/run-bot.ts"
import { listen } from "./listen.ts"

const { HOOK_PORT = "8090", HOOK_SECRET = "", HOOK_TO } = process.env
if (HOOK_SECRET.length < 16) {
  console.error("HOOK_SECRET has to have at least 16 characters")
  process.exit(2)
}

await runBot({
  username: "bridge",
  async heard({ from, text, item }) {
    if (!HOOK_TO || from.bot) return
    const body = JSON.stringify({ from: from.username, text, at: new Date(item.at).toISOString() })
    const headers = { "content-type": "application/json" }
    const answer = await fetch(HOOK_TO, {
      method: "POST",
      body,
      headers,
      signal: AbortSignal.timeout(10_000),
    })
    if (!answer.ok) console.error(`HOOK_TO answered ${answer.status}`)
  },
  async started(bot) {
    const port = await listen(Number(HOOK_PORT), HOOK_SECRET, async (text) => {
      for (const { room } of bot.rooms()) await bot.send(room, text)
    })
    console.log(`listening on http://127.0.0.1:${port}/`)
  },
})
