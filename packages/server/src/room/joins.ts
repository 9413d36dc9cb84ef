/**
 * Join links, for the HTTP endpoints. What a link may is in the room's policy, which the house reads from its own state of
 * the room; it keeps the sealed preview, tells whoever comes too late why, and holds requests until somebody answers them.
 */
import type { Judge } from "@teahouse/judge/judge.ts"
import { fromUtf8 } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import type { JoinRequest } from "@teahouse/protocol/http/link.ts"
import { type Id, idBytes, idFrom, newId } from "@teahouse/protocol/ids.ts"
import { joinToSign } from "@teahouse/protocol/join-proof.ts"
import type { Limits } from "@teahouse/protocol/limits.ts"
import { type JoinLink, type RoomPolicy, roleOf } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import { type Bus, HOUSE_TOPIC } from "../bus/port.ts"
import type { Database } from "../db/port.ts"
import type { House } from "../house/house.ts"
import { isOnRoster } from "./membership.ts"
import type { Actor } from "./prepare.ts"
import type { States } from "./states.ts"
import { answers } from "./writes/joins.ts"
import { roomRow } from "./writes/place.ts"

export type JoinParts = {
  readonly db: Database
  readonly house: House
  readonly judge: Pick<Judge, "keyPackage">
  readonly bus: Bus
  readonly states: States
  readonly limits: Limits
  readonly now: () => number
  readonly random: (length: number) => Uint8Array
}

type Known = { readonly policy: RoomPolicy; readonly users: ReadonlySet<Id> }
type Done = Record<string, never>
type Words = { readonly keyPackage: Uint8Array; readonly signature: Uint8Array }

export function createJoins({ db, house, judge, bus, states, limits, now, random }: JoinParts) {
  const hint = (users: Iterable<Id>) => {
    for (const user of users) bus.publish(HOUSE_TOPIC, { kind: "hint", user, topics: ["joins"] })
  }

  async function known(room: Id): Promise<Known | undefined> {
    const row = await roomRow(db.read, room)
    const state = row && (await states.at(room, row.generation, row.epoch))
    return state && { policy: state.policy, users: new Set(state.leaves.map(({ user }) => user)) }
  }

  const rowOf = (room: Id, link: Id) =>
    db.read
      .selectFrom("join_link")
      .select("preview")
      .where("room_id", "=", idBytes(room))
      .where("link_id", "=", idBytes(link))
      .executeTakeFirst()

  /** The link as the policy has it, if it lets this person ask. Room and link must be known together: nobody can guess both. */
  async function usable(
    room: Id,
    link: Id,
    user: Id,
  ): Promise<Result<Known & { readonly link: JoinLink; readonly preview: Uint8Array | undefined }, Refusal>> {
    const here = await known(room)
    const row = await rowOf(room, link)
    const found = here?.policy.links.find((one) => one.id === link)
    if (!here || !(found || row)) return err(refuse("unknown_link"))
    if (!found) return err(refuse("link_revoked"))
    const why = objectionTo(found, now())
    if (why && !here.users.has(user)) return err(refuse(why))
    if (here.policy.bans.includes(user)) return err(refuse("banned"))
    return ok({ ...here, link: found, preview: row?.preview })
  }

  const askedBy = (room: Id, user: Id) =>
    db.read
      .selectFrom("join_request")
      .select(["id", "declined", "link_id"])
      .where("room_id", "=", idBytes(room))
      .where("user_id", "=", idBytes(user))
      .executeTakeFirst()

  return {
    async write(room: Id, link: Id, preview: Uint8Array, by: Actor): Promise<Result<Done, Refusal>> {
      const here = (await isOnRoster(db, room, by.user)) ? await known(room) : undefined
      if (!here) return err(refuse("unknown_room"))
      if (!here.policy.links.some((one) => one.id === link)) return err(refuse("link_revoked"))
      if (roleOf(here.policy, by.user) === "member") return err(refuse("not_a_member"))
      const written = await db.write("room.link", { room, link, preview, now: now() })
      return written.ok ? ok({}) : written
    },

    async read(room: Id, link: Id, by: Actor) {
      const found = await usable(room, link, by.user)
      if (!found.ok) return found
      const { users, preview } = found.value
      const { approval, expires } = found.value.link
      const asked = await askedBy(room, by.user)
      const same = asked && idFrom(asked.link_id) === link
      return ok({
        ...(preview ? { preview } : {}),
        members: users.size,
        approval,
        expires,
        member: users.has(by.user),
        ...(asked && same
          ? { asked: asked.declined === answers.declined ? ("declined" as const) : ("waiting" as const) }
          : {}),
      })
    },

    async ask(room: Id, link: Id, words: Words, by: Actor): Promise<Result<{ id: Id }, Refusal>> {
      const found = await usable(room, link, by.user)
      if (!found.ok) return found
      const { users, policy } = found.value
      if (users.has(by.user)) return err(refuse("already_member"))
      const { user, device } = by
      const judged = await judge.keyPackage(words.keyPackage, { house: house.id, user, device, now: now() })
      if (!judged.ok) return err(refuse("invalid_key_package", { detail: { reason: judged.error } }))
      const { ref: keyPackageRef, leaf } = judged.value
      const signed = joinToSign({ room, link, user, uik: leaf.uik, keyPackageRef })
      if (!(await verifyEd25519(found.value.link.key, words.signature, signed)))
        return err(refuse("bad_join"))
      const id = newId(random)
      const max = limits.joinRequests
      const asked = await db.write("room.askToJoin", {
        ...{ id, room, link, user, device, ...words, keyPackageRef, max },
        now: now(),
      })
      if (!asked.ok) return asked
      const { approval } = found.value.link
      hint([...users].filter((one) => !approval || roleOf(policy, one) !== "member"))
      return asked
    },

    /** The rules have changed: for whoever waits, their link may have gone. */
    async rulesChanged(room: Id): Promise<void> {
      const rows = await db.read
        .selectFrom("join_request")
        .select("user_id")
        .where("room_id", "=", idBytes(room))
        .execute()
      hint(rows.map((row) => idFrom(row.user_id)))
    },

    /** What this person's device may answer. */
    async list(by: Actor): Promise<Result<{ requests: JoinRequest[] }, Refusal>> {
      const rows = await db.read
        .selectFrom("join_request")
        .innerJoin("account", "account.id", "join_request.user_id")
        .select(["join_request.id", "join_request.room_id", "join_request.link_id", "join_request.user_id"])
        .select([
          "join_request.key_package",
          "join_request.signature",
          "join_request.created",
          "account.name",
        ])
        .where("join_request.declined", "=", answers.waiting)
        .where("join_request.room_id", "in", (sub) =>
          sub
            .selectFrom("room_device")
            .select("room_id")
            .where("device_id", "=", idBytes(by.device))
            .where("member", "=", 1),
        )
        .orderBy("join_request.created")
        .limit(PAGE)
        .execute()
      const rooms = new Map<Id, Known | undefined>()
      const requests: JoinRequest[] = []
      for (const row of rows) {
        const room = idFrom(row.room_id)
        if (!rooms.has(room)) rooms.set(room, await known(room))
        const here = rooms.get(room)
        const link = here?.policy.links.find((one) => one.id === idFrom(row.link_id))
        if (!here || !link || objectionTo(link, now())) continue
        if (link.approval && roleOf(here.policy, by.user) === "member") continue
        requests.push({
          ...{ id: idFrom(row.id), room, link: link.id, user: idFrom(row.user_id) },
          username: fromUtf8(row.name),
          keyPackage: row.key_package,
          signature: row.signature,
          time: row.created,
        })
      }
      return ok({ requests })
    },

    async decline(id: Id, by: Actor): Promise<Result<Done, Refusal>> {
      const row = await db.read
        .selectFrom("join_request")
        .select(["room_id", "user_id"])
        .where("id", "=", idBytes(id))
        .executeTakeFirst()
      if (!row) return err(refuse("unknown_join"))
      const withdraw = idFrom(row.user_id) === by.user
      const room = idFrom(row.room_id)
      // Whoever is asked hears that nobody asks any more.
      const here = withdraw || (await isOnRoster(db, room, by.user)) ? await known(room) : undefined
      if (!withdraw && (!here || roleOf(here.policy, by.user) === "member"))
        return err(refuse("unknown_join"))
      const done = await db.write("room.declineJoin", { id, withdraw })
      if (!done.ok) return done
      hint([idFrom(row.user_id), ...(here?.users ?? [])])
      return ok({})
    },
  }
}

/** As many as one commit can add. */
const PAGE = 128

export const objectionTo = (link: JoinLink, now: number): "link_expired" | "link_used_up" | undefined =>
  link.expires <= now ? "link_expired" : link.uses === 0 ? "link_used_up" : undefined
