/**
 * A person's key log, with the house's signature over where it ends. For oneself, a friend, or somebody in a common room; who is
 * none of these and who does not exist is answered alike.
 */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { emptyKeyLog, extendKeyLog, keyLogHash, keyLogHeadToSign } from "@teahouse/protocol/key-log.ts"
import { KEY_LOG_PAGE } from "@teahouse/protocol/key-log-head.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { mayReach } from "../../contact/rooms.ts"
import { sha256Node } from "../../room/chain-hasher.ts"
import { endpoint } from "../endpoint.ts"

export const readKeyLog = endpoint(routes.readKeyLog, async ({ request, params, caller, house }) => {
  if (!(await mayReach(house.db, caller.user, params.user))) return err(refuse("not_friends"))
  const { id, incarnation, sign } = house.house
  const rows = await house.db.read
    .selectFrom("key_log")
    .select("entry")
    .where("user_id", "=", idBytes(params.user))
    .orderBy("position")
    .execute()
  const entries = rows.map((row) => row.entry)
  const log = extendKeyLog(emptyKeyLog(id, params.user), entries, sha256Node)
  if (!log.ok) throw new Error(`a stored key log does not hold: ${log.error}`)
  const head = {
    incarnation: incarnation.incarnation,
    position: entries.length,
    hash: keyLogHash(log.value),
  }
  const signature = sign(keyLogHeadToSign(id, params.user, head))
  return ok({
    entries: entries.slice(request.after, request.after + KEY_LOG_PAGE),
    head: { ...head, signature },
  })
})
