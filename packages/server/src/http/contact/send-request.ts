/**
 * Asks somebody to be friends: the private room, its welcome and the sealed first lines, in one transaction with the
 * request. The room waits with them: nothing can be said in it until the other person accepts.
 */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import type { NewRoom } from "@teahouse/protocol/http/room.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { type Id, idBytes, idFrom, newId } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { accountById } from "../../account/find.ts"
import { isBot, ownerOf } from "../../bot/find.ts"
import { placedOf } from "../../room/rooms.ts"
import type { OpenArgs } from "../../room/writes/open.ts"
import { type Caller, endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"
import type { HouseParts } from "../parts.ts"

const DAY_MS = 86_400_000

export const sendRequest = endpoint(routes.sendRequest, async ({ request, caller, house }) => {
  const { to, room, lines } = request
  if (to === caller.user) return err(refuse("request_to_self"))
  if (!(await accountById(house.db, to))) return err(refuse("unknown_user"))
  if (await isBot(house.db, caller.user)) return err(refuse("not_for_bots"))
  const owner = await ownerOf(house.db, to)
  if (owner !== undefined && owner !== caller.user) return err(refuse("bot_of_another"))
  const theirs = await devicesOf(house, to)
  const distinct = new Set(lines.map((line) => line.device))
  if (distinct.size !== lines.length || lines.some((line) => !theirs.has(line.device)))
    return err(refuse("unknown_device"))
  const limited = await tooMany(house, caller.user, to)
  if (limited) return err(limited)
  const open = room ? await prepare(house, room, caller, to) : ok(null)
  if (!open.ok) return open

  const sent = await house.db.write("contact.request", {
    id: idBytes(newId(house.random)),
    from: idBytes(caller.user),
    fromDevice: idBytes(caller.device),
    to: idBytes(to),
    open: open.value,
    lines: lines.map(({ device, sealed }) => ({ device: idBytes(device), sealed })),
    maxPerDay: house.limits.requestsPerDay,
    now: house.now(),
  })
  if (!sent.ok) return sent
  const { written, fresh } = sent.value
  if (fresh) {
    if (open.value) house.rooms.opened(open.value, written)
    hintOthers(house.hub, caller, ["contacts", "rooms"])
    house.hub.hint(to, ["contacts", "rooms"])
  }
  const last = written.at(-1)
  return ok({
    request: idFrom(sent.value.request),
    room: idFrom(sent.value.room),
    ...(last ? { placed: placedOf(last) } : {}),
  })
})

/** The room must be what a request opens: a private one of exactly these two, with both of them in it. */
async function prepare(
  house: HouseParts,
  room: NewRoom,
  caller: Caller,
  to: Id,
): Promise<Result<OpenArgs, Refusal>> {
  const prepared = await house.rooms.prepareOpen(room, { user: caller.user, device: caller.device })
  if (!prepared.ok) return prepared
  const { args, policy, users } = prepared.value
  const right = policy.kind === "direct" && policy.users.includes(to) && users.size === 2 && users.has(to)
  return right ? ok(args) : err(refuse("commit_refused", { detail: { reason: "not_in_room" } }))
}

/** As the write says it, before anything is judged; one that is already waiting may be sent again. */
async function tooMany(house: HouseParts, from: Id, to: Id): Promise<Refusal | undefined> {
  const rows = await house.db.read
    .selectFrom("friend_request")
    .select(["to_user", "open_pair", "created"])
    .where("from_user", "=", idBytes(from))
    .where("created", ">", house.now() - DAY_MS)
    .orderBy("created")
    .execute()
  const [first] = rows
  if (!first || rows.length < house.limits.requestsPerDay) return undefined
  if (rows.some((row) => row.open_pair && idFrom(row.to_user) === to)) return undefined
  return refuse("rate_limited", { retryAfterMs: first.created + DAY_MS - house.now() })
}

async function devicesOf(house: HouseParts, user: Id): Promise<Set<Id>> {
  const rows = await house.db.read
    .selectFrom("device")
    .select("id")
    .where("user_id", "=", idBytes(user))
    .where("revocation", "is", null)
    .execute()
  return new Set(rows.map((row) => idFrom(row.id)))
}
