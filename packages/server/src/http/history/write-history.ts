/** The next version of one segment, if the one that the device knew is still the current one. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { wasEverIn } from "../../room/membership.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const writeHistory = endpoint(
  routes.writeHistory,
  async ({ request, params, caller, house }) => {
    const { historySegmentBytes, historyBytesPerUser: quota, historySegments } = house.limits
    if (request.sealed.length > historySegmentBytes) return err(refuse("too_large"))
    const written = await house.db.write("history.write", {
      ...request,
      user: idBytes(caller.user),
      room: idBytes(params.room),
      incarnation: params.incarnation,
      number: params.number,
      now: house.now(),
      quota,
      maxSegments: historySegments,
    })
    if (!written.ok) return written
    const { position, used, changed } = written.value
    if (changed) hintOthers(house.hub, caller, ["history"])
    return ok({ cursor: position, used, quota })
  },
  {
    // Sixteen megabytes are not read from somebody who has never been in the room.
    admit: async ({ params, caller, house }) =>
      (await wasEverIn(house.db, params.room, caller.user)) ? undefined : refuse("unknown_room"),
  },
)
