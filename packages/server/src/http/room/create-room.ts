/** A group, or the room with oneself. Two people meet by a friend request (contact/send-request.ts). */
import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const createRoom = endpoint(routes.createRoom, async ({ request, caller, house }) => {
  const placed = await house.rooms.openRoom(request, caller)
  return placed.ok ? ok({ placed: placed.value }) : placed
})
