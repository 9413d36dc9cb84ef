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
    .innerJoin("room_epoch", (join) =>
      join
        .onRef("room_epoch.room_id", "=", "welcome.room_id")
        .onRef("room_epoch.generation", "=", "welcome.generation")
        .onRef("room_epoch.epoch", "=", "welcome.epoch"),
    )
    .select([
      "welcome.id",
      "welcome.room_id",
      "welcome.generation",
      "welcome.from_device",
      "welcome.time",
      "room_epoch.seq",
      "room_epoch.hash",
      "room_epoch.incarnation",
      "room_epoch.welcome",
      "room_epoch.group_info",
    ])
    .where("welcome.device_id", "=", idBytes(caller.device))
    .where("room.state", "!=", PENDING)
    .orderBy("welcome.time")
    .orderBy("welcome.id")
    .limit(PAGE + 1)
    .execute()
  const welcomes = []
  let bytes = 0
  let seen = 0
  for (const row of rows.slice(0, PAGE)) {
    seen++
    if (!row.welcome) continue
    welcomes.push({
      id: idFrom(row.id),
      room: idFrom(row.room_id),
      generation: row.generation,
      seq: row.seq,
      hash: row.hash,
      incarnation: row.incarnation,
      welcome: row.welcome,
      groupInfo: row.group_info,
      from: idFrom(row.from_device),
      time: row.time,
    })
    bytes += row.welcome.length + row.group_info.length
    if (bytes >= ENOUGH_BYTES) break
  }
  return ok({ welcomes, more: seen < rows.length })
})
