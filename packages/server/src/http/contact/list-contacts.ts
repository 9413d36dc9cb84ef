/** Friends, people who were, the requests that wait, in and out, and who is blocked. */
import { fromUtf8 } from "@teahouse/protocol/bytes.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { contactOf, requestOf } from "../../contact/list.ts"
import { endpoint } from "../endpoint.ts"

export const listContacts = endpoint(routes.listContacts, async ({ caller, house }) => {
  const user = idBytes(caller.user)
  const { read } = house.db
  const contacts = await read
    .selectFrom("contact")
    .innerJoin("account", "account.id", "contact.peer_id")
    .leftJoin("profile", "profile.user_id", "contact.peer_id")
    .select([
      "contact.peer_id",
      "contact.state",
      "contact.room_id",
      "contact.since",
      "account.name",
      "account.kind",
      "profile.version as profile",
    ])
    .where("contact.user_id", "=", user)
    .orderBy("contact.since")
    .execute()
  const received = await read
    .selectFrom("friend_request as request")
    .innerJoin("account", "account.id", "request.from_user")
    .leftJoin("device", "device.id", "request.from_device")
    .leftJoin("first_line", (join) =>
      join
        .onRef("first_line.request_id", "=", "request.id")
        .on("first_line.device_id", "=", idBytes(caller.device)),
    )
    .select([
      "request.id",
      "request.from_user as peer",
      "request.room_id",
      "request.created",
      "account.name",
      "device.id as device",
      "device.certificate",
      "device.signature_key",
      "first_line.sealed",
    ])
    .where("request.to_user", "=", user)
    .where("request.open_pair", "is not", null)
    .orderBy("request.created")
    .execute()
  const sent = await read
    .selectFrom("friend_request as request")
    .innerJoin("account", "account.id", "request.to_user")
    .select(["request.id", "request.to_user as peer", "request.room_id", "request.created", "account.name"])
    .where("request.from_user", "=", user)
    .where("request.open_pair", "is not", null)
    .orderBy("request.created")
    .execute()
  const blocked = await read
    .selectFrom("block")
    .innerJoin("account", "account.id", "block.peer_id")
    .select(["block.peer_id", "block.since", "account.name"])
    .where("block.user_id", "=", user)
    .orderBy("block.since", "desc")
    .execute()
  return ok({
    blocked: blocked.map(({ peer_id, since, name }) => ({
      user: idFrom(peer_id),
      username: fromUtf8(name),
      since,
    })),
    contacts: contacts.map((row) => contactOf({ ...row, name: fromUtf8(row.name) })),
    requests: [
      ...received.map((row) => requestOf("in", { ...row, name: fromUtf8(row.name) })),
      ...sent.map((row) => requestOf("out", { ...row, name: fromUtf8(row.name) })),
    ],
  })
})
