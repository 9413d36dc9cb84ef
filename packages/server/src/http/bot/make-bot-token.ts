/** A token by which a program registers as a bot of the caller's. Said once; the house keeps its hash. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { tokenHash } from "../../account/session.ts"
import { isBot } from "../../bot/find.ts"
import { endpoint } from "../endpoint.ts"

export const makeBotToken = endpoint(routes.makeBotToken, async ({ caller, house }) => {
  if (await isBot(house.db, caller.user)) return err(refuse("not_for_bots"))
  const token = house.random(32)
  const now = house.now()
  const expires = now + house.limits.botTokenMs
  const made = await house.db.write("bot.token", {
    ...{ hash: tokenHash(token), owner: idBytes(caller.user), expires, now },
    most: house.limits.botsPerUser,
  })
  return made.ok ? ok({ token, expires }) : made
})
