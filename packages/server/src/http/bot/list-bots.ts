/** The caller's own bots. */
import { fromUtf8 } from "@teahouse/protocol/bytes.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const listBots = endpoint(routes.listBots, async ({ caller, house }) => {
  const rows = await house.db.read
    .selectFrom("bot")
    .innerJoin("account", "account.id", "bot.user_id")
    .select(["bot.user_id", "account.name", "bot.created"])
    .where("bot.owner_id", "=", idBytes(caller.user))
    .orderBy("bot.created")
    .execute()
  return ok({
    bots: rows.map(({ user_id, name, created }) => ({
      user: idFrom(user_id),
      username: fromUtf8(name),
      since: created,
    })),
  })
})
