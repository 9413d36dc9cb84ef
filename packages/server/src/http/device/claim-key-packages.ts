/** Fetches what is needed to add a person's devices. Strangers are not answered here: for them there is `findUser`. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { mayAddress } from "../../contact/rooms.ts"
import { endpoint } from "../endpoint.ts"

/** Below this many a device is reminded to publish more. */
const LOW = 20

export const claimKeyPackages = endpoint(routes.claimKeyPackages, async ({ params, caller, house }) => {
  if (!(await mayAddress(house.db, caller.user, params.user))) return err(refuse("not_friends"))
  const own = params.user === caller.user
  const claimed = await house.db.write("keyPackage.claim", {
    user: idBytes(params.user),
    except: own ? idBytes(caller.device) : null,
    now: house.now(),
  })
  if (!claimed.ok) return claimed
  // Of oneself there may be no other device; of anybody else there is at least one.
  if (claimed.value.length === 0 && !own) return err(refuse("no_key_package"))
  if (claimed.value.some(({ left, lastResort }) => left < LOW || lastResort))
    house.hub.hint(params.user, ["key_packages"])
  return ok({
    packages: claimed.value.map(({ device, certificate, signatureKey, keyPackage, lastResort }) => ({
      device: idFrom(device),
      certificate,
      signatureKey,
      keyPackage,
      lastResort,
    })),
  })
})
