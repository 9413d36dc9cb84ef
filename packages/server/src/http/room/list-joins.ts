/** Requests to join that this device may answer. */
import { routes } from "@teahouse/protocol/http.ts"
import { endpoint } from "../endpoint.ts"

export const listJoins = endpoint(routes.listJoins, ({ caller, house }) => house.rooms.joins.list(caller))
