/** What a client must know before it trusts this house with anything: its keys, its life, and how to register. */
import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { protocolVersion } from "@teahouse/protocol/version.ts"
import { endpoint } from "../endpoint.ts"

export const house = endpoint(routes.house, async ({ house }) =>
  ok({
    house: house.house.id,
    houseKey: house.house.publicKey,
    opaqueKey: house.opaque.publicKey,
    ...protocolVersion,
    incarnation: house.house.incarnation,
    registration: house.registration.mode(),
    stretching: house.stretching,
    time: house.now(),
  }),
)
