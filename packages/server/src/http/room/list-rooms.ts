/** All rooms on whose roster this user is, joined by this device or not. */
import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const listRooms = endpoint(routes.listRooms, async ({ caller, house }) =>
  ok({ rooms: await house.rooms.roomSummaries(caller) }),
)
