/**
 * Bots: accounts that a program runs for a person, their *owner*. The owner asks the house for a token, and whoever brings it
 * registers one account of the kind `bot`, also where registration is closed. The kind stands in the certificate of each of its
 * devices, signed by the bot's own identity key, so every member of a room reads it in the tree and need not ask the house.
 *
 * What the house refuses: a bot is befriended by its owner alone and asks nobody itself (`bot_of_another`, `not_for_bots`); it
 * opens no room but the one with itself, brings nobody in, makes no bots and asks by no link; only its owner brings it into rooms.
 */
import * as z from "zod/mini"
import { key32, text, time } from "../fields.ts"
import { idText } from "../ids.ts"
import { limits } from "../limits.ts"
import { route } from "./route.ts"

/** Good for one registration. Bots and tokens that wait count together: `too_many_bots`. */
export const makeBotToken = route({
  method: "POST",
  path: "/bots/tokens",
  access: "device",
  request: z.strictObject({}),
  response: z.strictObject({ token: key32, expires: time }),
})

/** One's own, oldest first. */
export const listBots = route({
  method: "GET",
  path: "/bots",
  access: "device",
  request: undefined,
  response: z.strictObject({
    bots: z
      .array(z.strictObject({ user: idText, username: text(1, 128), since: time }))
      .check(z.maxLength(limits.botsPerUser)),
  }),
})

/** Deletes the bot's account for good, as `deleteAccount` does. `unknown_user` where it is no bot of the caller's. */
export const removeBot = route({
  method: "POST",
  path: "/bots/:user/remove",
  access: "device",
  request: z.strictObject({}),
  response: z.strictObject({}),
})
