/** Bots that a person owns (docs/bots.md). */
import type { Id } from "@teahouse/protocol/ids.ts"

export type OwnBot = {
  readonly user: Id
  readonly username: string
  /** ms UTC */
  readonly since: number
}

export type BotCommands = {
  /**
   * What one bot is made with, said once: the house's token, who owns the bot, and a secret that the house never learns, from which the
   * bot's password is made (bot/token.ts). `too_many_bots`; `not_for_bots`.
   */
  makeBotToken: { args: Record<never, never>; value: { readonly token: string; readonly expires: number } }
  ownBots: { args: Record<never, never>; value: { readonly bots: readonly OwnBot[] } }
  /** Deletes the bot's account for good. */
  removeBot: { args: { user: Id }; value: null }
}
