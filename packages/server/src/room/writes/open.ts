/** Opens a room: entry 1 is the opening of generation 0, entry 2 the first commit if there is one, in one transaction. */
import { CHAIN_START } from "@teahouse/protocol/chain.ts"
import { entryKinds } from "@teahouse/protocol/entry.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../../db/schema.ts"
import { roomKinds } from "../log.ts"
import { type NextEpoch, storeEpoch } from "./epoch.ts"
import { areKnown, type EnteringLeaf } from "./known.ts"
import { deviceRow, insertEntry, repeated, roomRow, sentBy, type Written } from "./place.ts"
import { foldRoster, type RosterLeaf } from "./roster.ts"

export type OpenArgs = {
  readonly room: Id
  /** As in the table. */
  readonly kind: number
  readonly state: number
  readonly incarnation: number
  readonly user: Id
  readonly device: Id
  readonly now: number
  readonly n: number
  readonly opening: Uint8Array
  readonly roster: readonly RosterLeaf[]
  /** The maker's leaf and those that the first commit adds. */
  readonly entering: readonly EnteringLeaf[]
  readonly first?: {
    readonly n: number
    readonly commit: Uint8Array
    readonly roster: readonly RosterLeaf[]
    readonly next: NextEpoch
  }
}
/** One for each entry. */
export type Opened = { readonly written: readonly Written[] }

export async function openRoom(db: WriteDb, args: OpenArgs): Promise<Result<Opened, Refusal>> {
  const { room, device, now, first } = args
  const known = await roomRow(db, room)
  if (known) {
    const last = { n: first?.n ?? args.n, body: first?.commit ?? args.opening }
    const said = { kind: entryKinds.commit, body: last.body }
    const before = await repeated(db, await deviceRow(db, room, device), last.n, said)
    const same = before?.ok && before.value.seq === (first ? 2 : 1)
    return same ? ok({ written: [before.value] }) : err(refuse("id_taken"))
  }
  if (!(await areKnown(db, args.entering)))
    return err(refuse("commit_refused", { detail: { reason: "bad_certificate" } }))
  if (args.kind === SELF && (await selfRoom(db, args.user))) return err(refuse("id_taken"))
  const id = idBytes(room)
  const start = { id, incarnation: args.incarnation, generation: 0, seq: 0, hash: CHAIN_START, time: 0 }
  const kind = entryKinds.commit
  const opening = await insertEntry(db, start, { kind, device, n: args.n, body: args.opening, now })
  const written = [opening]
  let roster = args.roster
  let epoch: NextEpoch = { epoch: 0, groupInfo: args.opening, welcome: null, added: [] }
  let n = args.n
  await foldRoster(db, id, roster, 1)
  if (first) {
    written.push(
      await insertEntry(db, { ...start, ...opening }, { kind, device, n: first.n, body: first.commit, now }),
    )
    roster = first.roster
    epoch = first.next
    n = first.n
    await foldRoster(db, id, roster, 2)
  }
  const last = written[written.length - 1] ?? opening
  await sentBy(db, id, device, n, last.seq)
  await storeEpoch(db, id, device, epoch, last)
  await db
    .insertInto("room")
    .values({
      id,
      kind: args.kind,
      state: args.state,
      incarnation: args.incarnation,
      generation: 0,
      epoch: epoch.epoch,
      seq: last.seq,
      hash: last.hash,
      time: last.time,
      leaves: roster.length,
      leaving: 0,
      epoch_seq: last.seq,
      epoch_time: last.time,
      maker: idBytes(args.user),
    })
    .execute()
  return ok({ written })
}

const SELF = roomKinds.indexOf("self")

/** One room with oneself is enough, and two would split what one keeps there. */
const selfRoom = (db: WriteDb, user: Id) =>
  db
    .selectFrom("room_device")
    .innerJoin("room", "room.id", "room_device.room_id")
    .select("room.id")
    .where("room_device.user_id", "=", idBytes(user))
    .where("room.kind", "=", SELF)
    .executeTakeFirst()

/** Forgets a room altogether: a friend request that was declined or withdrawn takes its room with it. */
export async function dropRoom(db: WriteDb, args: { readonly room: Id }): Promise<Result<object, Refusal>> {
  const id = idBytes(args.room)
  const row = await roomRow(db, args.room)
  if (!row) return err(refuse("unknown_room"))
  for (const table of [
    "entry",
    "room_device",
    "room_epoch",
    "welcome",
    "attestation",
    "join_link",
    "join_request",
    "room_retained",
  ] as const)
    await db.deleteFrom(table).where("room_id", "=", id).execute()
  await db.deleteFrom("room").where("id", "=", id).execute()
  return ok({})
}
