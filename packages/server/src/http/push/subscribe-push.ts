/** This device wants to be woken. Only addresses of known push services are taken. */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { checkEndpoint } from "../../push/endpoint.ts"
import { endpoint } from "../endpoint.ts"

export const subscribePush = endpoint(routes.subscribePush, async ({ request, caller, house }) => {
  const url = checkEndpoint(request.endpoint, house.pushOrigins)
  if (!url) return err(refuse("push_refused"))
  const done = await house.db.write("push.subscribe", {
    device: idBytes(caller.device),
    user: idBytes(caller.user),
    endpoint: utf8(url.href),
    now: house.now(),
  })
  if (!done.ok) return done
  house.push.subscribed()
  return ok({})
})
