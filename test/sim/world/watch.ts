/**
 * What docs/contract.md promises, looked at after every step: in the house's log when something was committed, on a device's
 * disk when a batch has come to it, and at what either says over the network. What is found is a `Violation`.
 */

import type { DatabaseSync } from "node:sqlite"
import type { HistoryEntry } from "@teahouse/client/history/entry.ts"
import type { OutboxItem, RoomMeta } from "@teahouse/client/room/records.ts"
import type { Write } from "@teahouse/client/store/port.ts"
import { readU64, sameBytes, toBase64url } from "@teahouse/protocol/bytes.ts"
import { CHAIN_START, nextHash } from "@teahouse/protocol/chain.ts"
import type { EntryKind } from "@teahouse/protocol/entry.ts"
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { unpack } from "@teahouse/protocol/pack.ts"
import { decodeDown, decodeUp } from "@teahouse/protocol/wire.ts"
import { unpacked } from "../model/bytes.ts"
import { keyOf, readRatchet } from "../model/message.ts"
import { chainHash } from "./hash.ts"
import type { Seat } from "./seats.ts"

export class Violation extends Error {}

export type LogEntry = {
  readonly seq: number
  readonly generation: number
  readonly kind: EntryKind
  readonly device: Id
  readonly n: number
  readonly time: number
  readonly hash: Uint8Array
  /** After it. */
  readonly epoch: number
}

export type Watch = ReturnType<typeof createWatch>

const MAX = 64 * 1024 * 1024
/** Of the model's seal (model/bytes.ts). */
const TAG = 32
export function plain<T>(value: Uint8Array): T {
  const read = unpack(value.subarray(TAG), MAX)
  if (!read.ok) throw new Violation("a record of a store is no record")
  return read.value as T
}

type StoredKeys = { readonly ratchets: readonly { readonly leaf: number; readonly bytes: Uint8Array }[] }

type Row = {
  room_id: Uint8Array
  seq: number
  incarnation: number
  generation: number
  kind: EntryKind
  device_id: Uint8Array
  n: number
  time: number
  body: Uint8Array | null
  body_hash: Uint8Array | null
  hash: Uint8Array
}

export type WatchOptions = {
  /** Whose entries may be garbage. */
  readonly hostile: ReadonlySet<Id>
  /** Groups are the model's: what is stored of them can be read. */
  readonly model: boolean
}

export function createWatch(sqlite: DatabaseSync, { hostile, model }: WatchOptions) {
  const logs = new Map<Id, LogEntry[]>()
  /** What each device has on its disk of each room. */
  const metas = new Map<Seat, Map<Id, RoomMeta>>()
  /** (room, device, n) → the bytes that were sent under it. */
  const sent = new Map<string, string>()
  /** (room, key of a message) → the number under which it was used. */
  const used = new Map<string, string>()
  const highest = new Map<string, number>()

  const rooms = sqlite.prepare("SELECT id, seq FROM room")
  const entries = sqlite.prepare("SELECT * FROM entry WHERE room_id = ? AND seq > ? ORDER BY seq")

  const fail = (text: string): never => {
    throw new Violation(text)
  }

  function onCommit(): void {
    for (const { id } of rooms.all() as { id: Uint8Array }[]) {
      const room = idFrom(id)
      const log = logs.get(room) ?? []
      logs.set(room, log)
      for (const row of entries.all(id, log.length) as unknown as Row[]) takeEntry(room, log, row)
    }
  }

  function takeEntry(room: Id, log: LogEntry[], row: Row): void {
    const last = log.at(-1)
    const device = idFrom(row.device_id)
    const { seq, incarnation, generation, kind, n, time } = row
    const at = `${room}#${seq}`
    if (seq !== log.length + 1) fail(`a gap in the log before ${at}`)
    if (last && time < last.time) fail(`time goes back at ${at}`)
    const bodyHash = row.body ? chainHash(row.body) : row.body_hash
    if (!bodyHash) throw new Violation(`no body and no hash of one at ${at}`)
    const link = { room, incarnation, generation, seq, kind, device, n, time, bodyHash }
    if (!sameBytes(nextHash(last?.hash ?? CHAIN_START, link, chainHash), row.hash))
      fail(`a wrong hash at ${at}`)
    const name = `${room}/${device}`
    if (n <= (highest.get(name) ?? 0))
      fail(`the number ${n} of ${device} comes twice, or goes back, at ${at}`)
    highest.set(name, n)
    const epoch = kind === 1 ? (last ? last.epoch + 1 : 0) : kind === 3 ? 1 : (last?.epoch ?? 0)
    log.push({ seq, generation, kind, device, n, time, hash: row.hash, epoch })
  }

  /** What was said to be stored is stored, there, for this device. */
  function onDown(device: Id, payload: Uint8Array): string {
    const frame = decodeDown(payload)
    if (!frame.ok) throw new Violation("the house says what no client understands")
    if (frame.value.t !== "accepted") return frame.value.t
    const { room, items } = frame.value
    for (const { n, seq, hash } of items) {
      const entry = logs.get(room)?.[seq - 1]
      if (!entry || entry.n !== n || entry.device !== device || !sameBytes(entry.hash, hash))
        fail(`accepted, and not in the log: ${room}#${seq}, number ${n}`)
    }
    return frame.value.t
  }

  /** The same number is the same bytes, and no key seals two messages. */
  function onUp(device: Id, payload: Uint8Array): string {
    if (hostile.has(device)) return "frame"
    const frame = decodeUp(payload, MAX)
    if (!frame.ok) throw new Violation("a client says what no house understands")
    if (frame.value.t !== "send") return frame.value.t
    const { room, items } = frame.value
    for (const { n, body } of items) {
      const name = `${room}/${device}/${n}`
      const hash = toBase64url(chainHash(body))
      if ((sent.get(name) ?? hash) !== hash) fail(`other bytes under the number ${n} of ${device}`)
      sent.set(name, hash)
      const key = model ? keyOf(body) : undefined
      if (key === undefined) continue
      const place = `${room}/${device}/${key}`
      if ((used.get(place) ?? name) !== name) fail(`the key ${key} of ${device} seals two messages`)
      used.set(place, name)
    }
    return frame.value.t
  }

  function onBatch(
    seat: Seat,
    store: string,
    rows: ReadonlyMap<string, Uint8Array>,
    writes: readonly Write[],
  ): void {
    if (store !== seat.user) return
    const touched = new Set<Id>()
    for (const write of writes) {
      const key = "put" in write ? write.put : "drop" in write ? write.drop : write.dropPrefix
      const [kind, room] = key.split("/") as [string, Id]
      if (kind === "alarm" && "put" in write) fail(`${seat.name} alarms: ${key}`)
      if (kind === "tail" && "put" in write) lookAtTail(seat, room, plain<HistoryEntry[]>(write.value), rows)
      if (kind === "room" || kind === "group" || kind === "delta" || kind === "tail") touched.add(room)
    }
    for (const room of touched) lookAtRoom(seat, room, rows)
  }

  /** What a device keeps of the log is the log. */
  function lookAtTail(
    seat: Seat,
    room: Id,
    kept: readonly HistoryEntry[],
    rows: ReadonlyMap<string, Uint8Array>,
  ) {
    const log = logs.get(room) ?? []
    const joined = metas.get(seat)?.get(room)?.joined.seq ?? 0
    for (const { seq, hash, n, device, item, given } of kept) {
      const entry = log[seq - 1]
      const same = entry && entry.n === n && entry.device === device && sameBytes(entry.hash, hash)
      if (!same) fail(`${seat.name} keeps ${room}#${seq} as the log never had it`)
      if (item.type === "unreadable" && !given && seq > joined && !hostile.has(device))
        fail(`${seat.name} cannot read ${room}#${seq} of ${device}`)
    }
    const meta = rows.get(`room/${room}`)
    const last = kept.at(-1)
    if (!meta || (last && last.seq > plain<RoomMeta>(meta).seq))
      fail(`${seat.name} keeps ${room}#${last?.seq} beyond its own cursor`)
  }

  /** A cut at this moment would leave this: it must be one state of this device, no half of two. */
  function lookAtRoom(seat: Seat, room: Id, rows: ReadonlyMap<string, Uint8Array>) {
    const here = metas.get(seat) ?? new Map<Id, RoomMeta>()
    metas.set(seat, here)
    const record = rows.get(`room/${room}`)
    if (!record) {
      here.delete(room)
      return
    }
    const meta = plain<RoomMeta>(record)
    here.set(room, meta)
    if (meta.standing === "removed") return
    const entry = logs.get(room)?.[meta.seq - 1]
    if (!entry || !sameBytes(entry.hash, meta.hash))
      throw new Violation(`${seat.name} stands at ${room}#${meta.seq}, which the log never had`)
    if (meta.lost) {
      throw new Violation(`${seat.name} has lost the keys of ${room}`)
    }
    const group = rows.get(`group/${room}`)
    if (!group) throw new Violation(`${seat.name} has a cursor in ${room} and no keys`)
    if (!model) return
    const { base } = plain<{ base: Uint8Array }>(group)
    const epoch = unpacked<{ info: { epoch: number } }>(base, "room")?.info.epoch
    if (epoch !== entry.epoch)
      fail(`${seat.name} has keys of epoch ${epoch} at ${room}#${meta.seq}, which is in ${entry.epoch}`)
    const ratchets = new Map(
      unpacked<StoredKeys>(base, "room")?.ratchets.map(({ leaf, bytes }) => [leaf, bytes]),
    )
    for (const [key, value] of rows) {
      if (!key.startsWith(`delta/${room}/`)) continue
      const { leaf, bytes } = plain<{ leaf: number; bytes: Uint8Array }>(value)
      if (readU64(bytes, 0) !== epoch) fail(`${seat.name} has keys of two epochs of ${room}`)
      ratchets.set(leaf, bytes)
    }
    // Each message up to the cursor has used up a key.
    let keys = 0
    for (const bytes of ratchets.values()) keys += readRatchet(bytes)?.next ?? 0
    let read = 0
    for (let at = meta.seq; at > 0; at--) {
      const one = logs.get(room)?.[at - 1]
      if (!one || one.epoch !== epoch) break
      if (one.kind === 0 && !hostile.has(one.device)) read++
    }
    if (keys < read) fail(`${seat.name} has keys of ${room} again that were used: ${keys} for ${read}`)
  }

  return {
    logs,
    metas,
    onCommit,
    onDown,
    onUp,
    onBatch,
    /** A power cut takes back what was seen on this disk. */
    lookAgain(seat: Seat, rows: ReadonlyMap<string, Uint8Array>): void {
      metas.delete(seat)
      for (const key of rows.keys()) {
        const [kind, room] = key.split("/") as [string, Id]
        if (kind === "room") lookAtRoom(seat, room, rows)
      }
    },
  }
}

export const outboxOf = (
  rows: ReadonlyMap<string, Uint8Array>,
): { readonly room: Id; readonly item: OutboxItem }[] =>
  [...rows].flatMap(([key, value]) => {
    const [kind, room] = key.split("/") as [string, Id]
    return kind === "outbox" ? [{ room, item: plain<OutboxItem>(value) }] : []
  })
