/** A room as the store has it, and as a fresh one is written. */
import { type Agreed, agreedOf } from "@teahouse/judge/agreed.ts"
import type { Crypto, Delta, Device, Room, SentUpTo } from "../crypto/port.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { lastKept } from "../history/history.ts"
import type { SealedStore, SealedWrite } from "../store/sealed.ts"
import {
  type FaceRecord,
  type GroupRecord,
  keys,
  type OutboxItem,
  type PendingCommit,
  type RoomMeta,
} from "./records.ts"
import type { RoomState } from "./state.ts"

export async function loadRoom(
  store: SealedStore,
  crypto: Crypto,
  me: Device,
  meta: RoomMeta,
): Promise<RoomState> {
  const { room } = meta
  const [face, record, deltas, outbox, pending, agreed, kept] = await Promise.all([
    store.get<FaceRecord>(keys.face(room)),
    store.get<GroupRecord>(keys.group(room)),
    store.range<Delta>(keys.deltas(room)),
    store.range<OutboxItem>(keys.outboxes(room)),
    store.get<PendingCommit>(keys.commit(room)),
    store.get<Agreed>(keys.agreed(room)),
    lastKept(store, meta),
  ])
  const cursor = kept && kept.seq > meta.seq ? cursorAt(kept) : {}
  const decoded =
    record &&
    crypto.room.decode(
      me,
      room,
      record.generation,
      record.base,
      deltas.map((row) => row.value),
    )
  const behind = decoded !== undefined && isBehind(crypto.room.sentUpTo(decoded), meta)
  const group = behind || "seq" in cursor ? undefined : decoded
  const lost = !group && meta.standing !== "removed"
  // Older than what was read: of whom it knew then, some may have come and gone since.
  const { fell, ...rest } = meta
  const known = fell && !("seq" in cursor) ? { fell } : {}
  return {
    meta: { ...rest, ...known, ...face, ...cursor, lost: meta.lost || lost },
    group,
    ...(group ? {} : { agreed: agreed ?? (decoded && agreedOf(decoded.judged)) }),
    outbox: outbox.map((row) => row.value),
    pending,
  }
}

/** What was read already is not read again: its keys are used up. */
const cursorAt = ({ seq, hash, generation }: HistoryEntry) => ({ seq, hash, generation })

/** Some of its records are older than others: to seal on from there would use a key twice. */
const isBehind = ({ epoch, generation }: SentUpTo, { sent }: RoomMeta): boolean =>
  sent !== undefined && (epoch < sent.epoch || (epoch === sent.epoch && generation < sent.generation))

/** `before`: what is stored already. */
export function metaWrites(meta: RoomMeta, before?: RoomMeta): SealedWrite[] {
  const { card, nicks, past, ...rest } = meta
  const face: FaceRecord = {
    ...(card ? { card } : {}),
    ...(nicks ? { nicks } : {}),
    ...(past ? { past } : {}),
  }
  const same = before && before.card === card && before.nicks === nicks && before.past === past
  const put: SealedWrite = { put: keys.meta(meta.room), value: rest }
  return same ? [put] : [put, { put: keys.face(meta.room), value: face }]
}

/** The base state anew, or what was agreed on last where there is none; the deltas since the old one go. */
export function groupWrites(
  crypto: Crypto,
  meta: RoomMeta,
  group: Room | undefined,
  agreed?: Agreed,
): SealedWrite[] {
  const { room } = meta
  const record: GroupRecord | undefined = group && {
    generation: group.generation,
    base: crypto.room.encode(group),
  }
  const base: SealedWrite = record ? { put: keys.group(room), value: record } : { drop: keys.group(room) }
  const last: SealedWrite = agreed ? { put: keys.agreed(room), value: agreed } : { drop: keys.agreed(room) }
  return [base, last, { dropPrefix: keys.deltas(room) }]
}

export const freshRoomWrites = (crypto: Crypto, meta: RoomMeta, group: Room): SealedWrite[] => [
  ...metaWrites(meta),
  ...groupWrites(crypto, meta, group),
  { drop: keys.commit(meta.room) },
]
