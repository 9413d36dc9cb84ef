/** From which number a device goes on that has lost its store. */
import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const lastNumber = endpoint(routes.lastNumber, async ({ params, caller, house }) =>
  ok({ n: await house.rooms.lastNumber(params.room, caller) }),
)
