/** A part of the log that this device may read, other than live. */
import { routes } from "@teahouse/protocol/http.ts"
import { endpoint } from "../endpoint.ts"

export const readLog = endpoint(routes.readLog, ({ request, params, caller, house }) =>
  house.rooms.readLog(params.room, request.after, request.limit, caller),
)
