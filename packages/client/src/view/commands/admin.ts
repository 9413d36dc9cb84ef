/** Administration, for the few who have it: loaded when a page asks for it. */
import { adminRoutes } from "@teahouse/protocol/http/admin.ts"
import type { Handlers } from "./handler.ts"

export const adminCommands: Handlers<"administer"> = {
  administer: ({ call }, { name, params, request }) => call(adminRoutes[name], { params, request } as never),
}
