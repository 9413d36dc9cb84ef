/** Bots that this person owns. */
import { ok } from "@teahouse/protocol/result.ts"
import { encodeBotToken } from "../../bot/token.ts"
import type { BotCommands } from "../port/bots.ts"
import { done, type Handlers } from "./handler.ts"

export const botCommands: Handlers<keyof BotCommands> = {
  async makeBotToken({ call, account, answerParts }) {
    const made = await call("makeBotToken", { request: {} })
    if (!made.ok) return made
    const { token: admission, expires } = made.value
    const secret = answerParts.crypto.sealed.randomBytes(32)
    return ok({ token: encodeBotToken({ admission, owner: account.user, secret }), expires })
  },
  ownBots: ({ call }) => call("listBots", {}),
  async removeBot({ call }, { user }) {
    const removed = await call("removeBot", { params: { user }, request: {} })
    return removed.ok ? done : removed
  },
}
