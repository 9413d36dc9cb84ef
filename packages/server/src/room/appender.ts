/**
 * Appends messages inside the writer's transaction. What it knows of rooms and senders is kept between groups and
 * written once per group (`flush`), so that a message costs one INSERT and two hashes. That is safe because the writer is
 * the only one who writes, and tells it to `forget` whenever something else may have changed these rows.
 *
 * Everything is checked before anything is changed: a refused request leaves no trace.
 */
import type { DatabaseSync } from "node:sqlite"
import { entryKinds } from "@teahouse/protocol/entry.ts"
import { answerWriter, type BatchRequest, type Outcome, readBatch } from "./append-batch.ts"
import { linkHash } from "./chain-hasher.ts"
import { membership, roomStates } from "./log.ts"

type Room = {
  readonly id: Uint8Array
  readonly state: number
  readonly incarnation: number
  readonly generation: number
  readonly epoch: number
  readonly leaving: number
  seq: number
  hash: Uint8Array
  time: number
  changed: boolean
}
/** A device's row in a room. */
type Sender = {
  readonly room: Uint8Array
  readonly device: Uint8Array
  readonly member: number
  n: number
  seq: number
  from_seq: number
  changed: boolean
}
type Placed = { readonly n: number; readonly seq: number; readonly time: number; readonly hash: Uint8Array }

/** Rooms and senders remembered; past it all are forgotten at the next flush. */
const REMEMBERED = 50_000

export type Appender = ReturnType<typeof createAppender>

export function createAppender(sqlite: DatabaseSync) {
  const selectRoom = sqlite.prepare(
    "SELECT id, state, incarnation, generation, epoch, leaving, seq, hash, time FROM room WHERE id = ?",
  )
  const selectSender = sqlite.prepare(
    "SELECT member, n, seq, from_seq FROM room_device WHERE room_id = ? AND device_id = ?",
  )
  const selectAnswer = sqlite.prepare(
    "SELECT n, seq, time, hash FROM entry WHERE room_id = ? AND seq BETWEEN ? AND ? AND device_id = ?",
  )
  const insert = sqlite.prepare(
    `INSERT INTO entry (room_id, seq, incarnation, generation, kind, device_id, n, time, body, body_hash, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)`,
  )
  const updateRoom = sqlite.prepare("UPDATE room SET seq = ?, hash = ?, time = ? WHERE id = ?")
  const updateSender = sqlite.prepare(
    "UPDATE room_device SET n = ?, seq = ?, from_seq = ? WHERE room_id = ? AND device_id = ?",
  )
  const rooms = new Map<string, Room | undefined>()
  const senders = new Map<string, Sender | undefined>()
  const changedRooms: Room[] = []
  const changedSenders: Sender[] = []

  function roomOf(id: Buffer): Room | undefined {
    const key = id.toString("latin1")
    let room = rooms.get(key)
    if (!room) {
      const row = selectRoom.get(id)
      if (!row) return undefined
      room = { ...(row as unknown as Room), changed: false }
      rooms.set(key, room)
    }
    return room
  }

  function senderOf(room: Room, id: Buffer): Sender | undefined {
    const key = Buffer.concat([room.id, id]).toString("latin1")
    let sender = senders.get(key)
    if (!sender) {
      const row = selectSender.get(room.id, id)
      if (!row) return undefined
      sender = { ...(row as unknown as Sender), room: room.id, device: Uint8Array.from(id), changed: false }
      senders.set(key, sender)
    }
    return sender
  }

  /** The first answer to items that are repeated (contract 4), or undefined where one is older than that answer. */
  function repeated(sender: Sender, request: BatchRequest): Placed[] | undefined {
    if ((request.items[0]?.n ?? 0) > sender.n) return []
    const rows = selectAnswer.all(
      sender.room,
      sender.from_seq,
      sender.seq,
      sender.device,
    ) as unknown as Placed[]
    const out: Placed[] = []
    for (const { n } of request.items) {
      if (n > sender.n) break
      const row = rows.find((one) => one.n === n)
      if (!row) return undefined
      out.push(row)
    }
    return out
  }

  function objection(room: Room, sender: Sender, request: BatchRequest): Outcome | undefined {
    if (sender.member !== membership.member) return "not_a_member"
    if (room.state !== roomStates.open) return "room_frozen"
    if (room.generation !== request.generation || room.epoch !== request.epoch) return "stale_epoch"
    if (room.leaving > 0) return "removal_due"
    return undefined
  }

  function appendOne(request: BatchRequest, answer: ReturnType<typeof answerWriter>, now: number) {
    const room = roomOf(request.room)
    const sender = room && senderOf(room, request.device)
    if (!room || !sender) return answer.refused("unknown_room")
    const first = repeated(sender, request)
    if (!first) return answer.refused("already_sent")
    const fresh = request.items.length - first.length
    const why = fresh > 0 ? objection(room, sender, request) : undefined
    if (why) return answer.refused(why)

    answer.placed(room.incarnation, room.generation, fresh, request.items.length)
    for (const { seq, time, hash } of first) answer.position(seq, time, hash)
    if (fresh === 0) return
    // Never decreasing within a room, whatever the clock does.
    const time = Math.max(now, room.time)
    const { id, incarnation, generation } = room
    const { device } = sender
    const kind = entryKinds.message
    let { seq, hash } = room
    for (let i = first.length; i < request.items.length; i++) {
      const { n, body } = request.items[i] as { n: number; body: Uint8Array }
      seq++
      hash = linkHash(hash, { room: id, incarnation, generation, seq, kind, device, n, time, body })
      insert.run(id, seq, incarnation, generation, kind, device, n, time, body, hash)
      answer.position(seq, time, hash)
      sender.n = n
    }
    // A request that repeats items and brings new ones can be repeated as a whole again.
    sender.from_seq = first[0]?.seq ?? room.seq + 1
    sender.seq = seq
    Object.assign(room, { seq, hash, time })
    if (!room.changed) changedRooms.push(room)
    if (!sender.changed) changedSenders.push(sender)
    room.changed = sender.changed = true
  }

  function forget() {
    rooms.clear()
    senders.clear()
    changedRooms.length = 0
    changedSenders.length = 0
  }

  return {
    append(batch: ArrayBuffer, now: number): ArrayBuffer {
      const requests = readBatch(batch)
      const answer = answerWriter(requests)
      for (const request of requests) appendOne(request, answer, now)
      return answer.end()
    },
    /** Writes what is held back; before COMMIT and before anybody else looks. */
    flush() {
      for (const room of changedRooms) {
        updateRoom.run(room.seq, room.hash, room.time, room.id)
        room.changed = false
      }
      for (const s of changedSenders) {
        updateSender.run(s.n, s.seq, s.from_seq, s.room, s.device)
        s.changed = false
      }
      changedRooms.length = 0
      changedSenders.length = 0
      if (rooms.size + senders.size > REMEMBERED) forget()
    },
    forget,
  }
}
