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
    // Who has no invitation is refused in either case, and who has one is told why (account/invite.ts).
    registration: house.registration.mode() === "open" ? "open" : "invite",
    stretching: house.stretching,
    time: house.now(),
  }),
)
