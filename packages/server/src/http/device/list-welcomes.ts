/** Invitations that wait for this device, oldest first. Those of a friend request are shown once it is accepted. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

const PAGE = 16
const PENDING = 0
/** A welcome and its GroupInfo may have 4 MiB each: an answer ends after the one with which it gets large. */
const ENOUGH_BYTES = 4 * 1024 * 1024

export const listWelcomes = endpoint(routes.listWelcomes, async ({ caller, house }) => {
  const rows = await house.db.read
    .selectFrom("welcome")
    .innerJoin("room", "room.id", "welcome.room_id")
    .select(["welcome.id", "welcome.room_id", "welcome.generation", "welcome.epoch"])
    .select(["welcome.from_device", "welcome.time"])
    .where("welcome.device_id", "=", idBytes(caller.device))
    .where("room.state", "!=", PENDING)
    .orderBy("welcome.time")
    .orderBy("welcome.id")
    .limit(PAGE + 1)
    .execute()
  const welcomes = []
  let bytes = 0
  let seen = 0
  // One after another: all of a page at once might be a hundred megabytes.
  for (const row of rows.slice(0, PAGE)) {
    if (bytes >= ENOUGH_BYTES) break
    seen++
    const epoch = await house.db.read
      .selectFrom("room_epoch")
      .select(["seq", "hash", "incarnation", "welcome", "group_info"])
      .where("room_id", "=", row.room_id)
      .where("generation", "=", row.generation)
      .where("epoch", "=", row.epoch)
      .executeTakeFirst()
    if (!epoch?.welcome) continue
    const { seq, hash, incarnation, welcome, group_info: groupInfo } = epoch
    welcomes.push({
      id: idFrom(row.id),
      room: idFrom(row.room_id),
      generation: row.generation,
      ...{ seq, hash, incarnation, welcome, groupInfo },
      from: idFrom(row.from_device),
      time: row.time,
    })
    bytes += welcome.length + groupInfo.length
  }
  return ok({ welcomes, more: seen < rows.length })
})
