/** Changes one record, if it is still the one that the device knew. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const writeNotebook = endpoint(routes.writeNotebook, async ({ request, caller, house }) => {
  const written = await house.db.write("notebook.write", {
    user: idBytes(caller.user),
    ...request,
    maxRecords: house.limits.notebookRecords,
  })
  if (!written.ok) return written
  if (written.value.changed) hintOthers(house.hub, caller, ["notebook"])
  return ok({ cursor: written.value.position })
})
