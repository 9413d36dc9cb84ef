/**
 * Appends messages inside the writer's transaction, at the price of one INSERT and one hash for each.
 *
 * The rows of the room and of its senders say where they stand after some entry; entries after it are in the log only.
 * What this adds up to is kept in memory and written back now and then (`KEPT_BACK` entries of a room), before anything
 * else looks at these rows in this transaction (`flush`), and on closing. Whoever reads the rows elsewhere adds what the
 * log has after them (tail.ts). So memory is a cache and never the truth: after a crash or a rollback a room is read from
 * its row and its tail, and before anybody else writes all rooms are looked for whose rows are behind, which are then known
 * to the log alone. Rejected: updating both rows for every message, which doubles its cost where rooms are many.
 *
 * Everything is checked before anything is changed: a refused request leaves no trace.
 */
import type { DatabaseSync, SQLInputValue } from "node:sqlite"
import { entryKinds } from "@teahouse/protocol/entry.ts"
import { answerWriter, type BatchRequest, batchSize, eachRequest } from "./append-batch.ts"
import { firstAnswer, objectionTo, type Placed } from "./append-rules.ts"
import { linkHashInto, type RawLink } from "./chain-hasher.ts"

type Sender = {
  readonly device: Uint8Array
  readonly member: number
  n: number
  seq: number
  from_seq: number
  changed: boolean
}
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
  /** Entries that the rows do not know of yet. */
  keptBack: number
  readonly changed: Sender[]
}
const nothing = new Uint8Array()
const none: readonly Placed[] = []
type TailRow = Pick<Sender, "n" | "seq" | "from_seq"> & { readonly device_id: Uint8Array }

/** Entries of one room, and rooms, that may be ahead of their rows: what a crash leaves to be read again. */
const KEPT_BACK = 128
const ROOMS_KEPT_BACK = 2_000
/** Rooms and senders remembered. */
const REMEMBERED = 50_000
/**
 * Rows in one INSERT: starting a statement costs as much as a row. OR FAIL: a row that is there already would be a bug,
 * and the whole group is rolled back then; without it SQLite copies each page first, to undo this statement alone.
 */
const ROWS = 8
const COLUMNS = 9

export type Appender = ReturnType<typeof createAppender>

export function createAppender(sqlite: DatabaseSync) {
  const selectRoom = sqlite.prepare(
    "SELECT id, state, incarnation, generation, epoch, leaving, seq, hash, time FROM room WHERE id = ?",
  )
  const selectLast = sqlite.prepare(
    "SELECT seq, hash, time FROM entry WHERE room_id = ? AND seq > ? ORDER BY seq DESC LIMIT 1",
  )
  const selectTail = sqlite.prepare(
    `SELECT device_id, MAX(n) AS n, MAX(seq) AS seq, MIN(seq) AS from_seq FROM entry
     WHERE room_id = ? AND seq > ? GROUP BY device_id`,
  )
  const selectSender = sqlite.prepare(
    "SELECT member, n, seq, from_seq FROM room_device WHERE room_id = ? AND device_id = ?",
  )
  const selectAnswer = sqlite.prepare(
    // Messages only: a number that a commit has used is not a message that was placed.
    `SELECT n, seq, time, hash FROM entry
     WHERE room_id = ? AND seq BETWEEN ? AND ? AND device_id = ? AND kind = ${entryKinds.message}`,
  )
  const selectBehind = sqlite.prepare(
    "SELECT id FROM room WHERE EXISTS (SELECT 1 FROM entry WHERE room_id = room.id AND seq > room.seq)",
  )
  const insertRows = (rows: number) =>
    sqlite.prepare(
      `INSERT OR FAIL INTO entry (room_id, seq, incarnation, generation, kind, device_id, n, time, body, body_hash, hash)
       VALUES ${Array(rows).fill(`(?, ?, ?, ?, ${entryKinds.message}, ?, ?, ?, ?, NULL, ?)`).join(", ")}`,
    )
  const insertOne = insertRows(1)
  const insertMany = insertRows(ROWS)
  const updateRoom = sqlite.prepare("UPDATE room SET seq = ?, hash = ?, time = ? WHERE id = ?")
  const updateSender = sqlite.prepare(
    "UPDATE room_device SET n = ?, seq = ?, from_seq = ? WHERE room_id = ? AND device_id = ?",
  )
  const rooms = new Map<string, Room>()
  const senders = new Map<string, Sender>()
  const ahead = new Set<Room>()
  /** Whether all rooms whose rows are behind are in `ahead`: not after a start, nor after what was in memory went. */
  let allKnown = false
  const due: Room[] = []
  /** Values of rows that wait to be inserted. */
  let rows: SQLInputValue[] = []

  /** Filled in again for each message. */
  const link: RawLink = {
    ...{ room: nothing, incarnation: 0, generation: 0, seq: 0, kind: entryKinds.message },
    ...{ device: nothing, n: 0, time: 0, bodyHash: nothing },
  }

  const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1")
  const fromLatin1 = (text: string) => Buffer.from(text, "latin1")

  function roomAt(roomKey: string): Room | undefined {
    const known = rooms.get(roomKey)
    if (known) return known
    insertWaiting()
    const id = fromLatin1(roomKey)
    const row = selectRoom.get(id) as unknown as Omit<Room, "keptBack" | "changed"> | undefined
    if (!row) return undefined
    const last = selectLast.get(id, row.seq) as unknown as Pick<Room, "seq" | "hash" | "time"> | undefined
    const room: Room = { ...row, ...last, keptBack: last ? last.seq - row.seq : 0, changed: [] }
    rooms.set(roomKey, room)
    if (last) {
      const tail = selectTail.all(id, row.seq) as unknown as TailRow[]
      for (const { device_id, n, seq, from_seq } of tail) {
        const sender = readSender(room, roomKey + latin1(device_id))
        // From further back than the last request: an answer that holds more can only be more helpful.
        if (sender) touch(room, Object.assign(sender, { n, seq, from_seq }))
      }
      ahead.add(room)
    }
    return room
  }

  function readSender(room: Room, key: string): Sender | undefined {
    const device = fromLatin1(key.slice(16))
    const row = selectSender.get(room.id, device) as unknown as Omit<Sender, "device" | "changed"> | undefined
    if (!row) return undefined
    const sender: Sender = { ...row, device, changed: false }
    senders.set(key, sender)
    return sender
  }

  function touch(room: Room, sender: Sender) {
    if (!sender.changed) room.changed.push(sender)
    sender.changed = true
  }

  /** The first answer to items that are repeated (contract 4), or undefined where one is older than that answer. */
  function repeated(room: Room, sender: Sender, { ns, count }: BatchRequest): readonly Placed[] | undefined {
    if ((ns[0] ?? 0) > sender.n) return none
    insertWaiting()
    const rows = selectAnswer.all(room.id, sender.from_seq, sender.seq, sender.device) as unknown as Placed[]
    return firstAnswer(rows, ns, count, sender.n)
  }

  function appendOne(request: BatchRequest, answer: ReturnType<typeof answerWriter>, now: number) {
    const room = roomAt(request.key.slice(0, 16))
    const sender = room && (senders.get(request.key) ?? readSender(room, request.key))
    if (!room || !sender) return answer.refused("unknown_room")
    const { count, ns, bodies, bodyHashes } = request
    const first = repeated(room, sender, request)
    if (!first) return answer.refused("already_sent")
    const fresh = count - first.length
    const why = fresh > 0 ? objectionTo(room, sender, request) : undefined
    if (why) return answer.refused(why)

    answer.placed(room.incarnation, room.generation, fresh, count)
    for (const { seq, time, hash } of first) answer.bytes.set(hash, answer.position(seq, time))
    if (fresh === 0) return
    // Never decreasing within a room, whatever the clock does.
    const time = Math.max(now, room.time)
    const { id, incarnation, generation } = room
    const { device } = sender
    let { seq, hash } = room
    link.room = id
    link.incarnation = incarnation
    link.generation = generation
    link.device = device
    link.time = time
    for (let i = first.length; i < count; i++) {
      const n = ns[i] as number
      const body = bodies[i] as Uint8Array
      seq++
      link.seq = seq
      link.n = n
      link.bodyHash = bodyHashes[i] as Uint8Array
      const at = answer.position(seq, time)
      linkHashInto(answer.bytes, at, hash, link)
      hash = answer.bytes.subarray(at, at + 32)
      rows.push(id, seq, incarnation, generation, device, n, time, body, hash)
      if (rows.length === ROWS * COLUMNS) {
        insertMany.run(...rows)
        rows = []
      }
      sender.n = n
    }
    // A request that repeats items and brings new ones can be repeated as a whole again.
    sender.from_seq = first[0]?.seq ?? room.seq + 1
    sender.seq = seq
    touch(room, sender)
    room.seq = seq
    // Copied: the answer's buffer is handed over.
    room.hash.set(hash)
    room.time = time
    room.keptBack += fresh
    ahead.add(room)
    if (room.keptBack >= KEPT_BACK && room.keptBack - fresh < KEPT_BACK) due.push(room)
  }

  function insertWaiting() {
    for (let at = 0; at < rows.length; at += COLUMNS) insertOne.run(...rows.slice(at, at + COLUMNS))
    rows = []
  }

  function writeBack(room: Room) {
    updateRoom.run(room.seq, room.hash, room.time, room.id)
    for (const sender of room.changed) {
      updateSender.run(sender.n, sender.seq, sender.from_seq, room.id, sender.device)
      sender.changed = false
    }
    room.changed.length = 0
    room.keptBack = 0
    ahead.delete(room)
  }

  function flush() {
    due.length = 0
    if (!allKnown) for (const { id } of selectBehind.all()) roomAt(latin1(id as Uint8Array))
    allKnown = true
    for (const room of ahead) writeBack(room)
  }

  /** Without `flush` before, `lost`: what is kept back is read from the log again. */
  function forget(lost = false) {
    if (lost) allKnown = false
    rows = []
    due.length = 0
    rooms.clear()
    senders.clear()
    ahead.clear()
  }

  return {
    append(batch: ArrayBuffer, now: number): ArrayBuffer {
      const answer = answerWriter(batchSize(batch))
      eachRequest(batch, (request) => appendOne(request, answer, now))
      insertWaiting()
      return answer.end()
    },
    /** Before each COMMIT. */
    settle() {
      for (const room of due) writeBack(room)
      due.length = 0
      if (ahead.size > ROOMS_KEPT_BACK) flush()
      if (rooms.size + senders.size > REMEMBERED) {
        flush()
        forget()
      }
    },
    /** Makes the rows say what the log says; before anybody else in this transaction looks at them. */
    flush,
    forget,
    /** Whether `flush` has anything to write. */
    get behind(): boolean {
      return ahead.size > 0 || !allKnown
    },
  }
}
