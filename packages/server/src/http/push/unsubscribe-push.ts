/** This device is not to be woken any more. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const unsubscribePush = endpoint(routes.unsubscribePush, async ({ caller, house }) => {
  const done = await house.db.write("push.end", { device: idBytes(caller.device) })
  return done.ok ? ok({}) : done
})
