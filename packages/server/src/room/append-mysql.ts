/**
 * Appends messages inside a transaction on MySQL. The same rules in the same order as appender.ts, which keeps rooms in
 * memory because it is the only one that writes; here other nodes write too, so rows are read and written each time: once
 * for all rooms of a batch, and one INSERT for all of their messages. Everything is checked before anything is changed.
 */
import { hash as sha } from "node:crypto"
import { entryKinds } from "@teahouse/protocol/entry.ts"
import { refuse } from "@teahouse/protocol/error.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { refusalOf } from "./append-batch.ts"
import { firstAnswer, objectionTo, type Placed } from "./append-rules.ts"
import { linkHash } from "./chain-hasher.ts"
import type { AppendRequest, AppendResult, Position } from "./log.ts"

export type Query = (sql: string, values: readonly unknown[]) => Promise<unknown[]>

type Room = {
  readonly id: Buffer
  readonly state: number
  readonly incarnation: number
  readonly generation: number
  readonly epoch: number
  readonly leaving: number
  seq: number
  hash: Uint8Array
  time: number
}
type Sender = {
  readonly room_id: Buffer
  readonly device_id: Buffer
  readonly member: number
  n: number
  seq: number
  from_seq: number
}

/** Rows and bytes in one INSERT: a server takes packets of 16 MiB and more. */
const ROWS = 500
const BYTES = 4 * 1024 * 1024
const COLUMNS = "room_id, seq, incarnation, generation, kind, device_id, n, time, body, body_hash, hash"

const keyOf = (room: Buffer, device: Buffer) => room.toString("latin1") + device.toString("latin1")
const marks = (count: number, one = "?") => Array(count).fill(one).join(", ")

export async function appendRows(
  query: Query,
  requests: readonly AppendRequest[],
  now: number,
): Promise<AppendResult[]> {
  const asked = requests.map((request) => ({
    ...{ request, room: Buffer.from(idBytes(request.room)), device: Buffer.from(idBytes(request.device)) },
  }))
  const roomIds = [...new Map(asked.map(({ room }) => [room.toString("latin1"), room])).values()]
  const pairs = [...new Map(asked.map((one) => [keyOf(one.room, one.device), one])).values()]
  const rooms = new Map<string, Room>()
  const senders = new Map<string, Sender>()
  const roomRows = (await query(
    `SELECT id, state, incarnation, generation, epoch, leaving, seq, hash, time FROM room WHERE id IN (${marks(roomIds.length)})`,
    roomIds,
  )) as Room[]
  for (const row of roomRows) rooms.set(row.id.toString("latin1"), row)
  const senderRows = (await query(
    `SELECT room_id, device_id, member, n, seq, from_seq FROM room_device WHERE (room_id, device_id) IN (${marks(pairs.length, "(?, ?)")})`,
    pairs.flatMap(({ room, device }) => [room, device]),
  )) as Sender[]
  for (const row of senderRows) senders.set(keyOf(row.room_id, row.device_id), row)

  let waiting: unknown[][] = []
  let bytes = 0
  const insertWaiting = async () => {
    if (waiting.length === 0) return
    await query(
      `INSERT INTO entry (${COLUMNS}) VALUES ${marks(waiting.length, `(${marks(11)})`)}`,
      waiting.flat(),
    )
    waiting = []
    bytes = 0
  }
  const changedRooms = new Set<Room>()
  const changedSenders = new Set<Sender>()

  /** The first answer to items that are repeated (contract 4), or undefined where one is older than that answer. */
  const repeated = async (
    sender: Sender,
    { items }: AppendRequest,
  ): Promise<readonly Placed[] | undefined> => {
    if ((items[0]?.n ?? 0) > sender.n) return []
    await insertWaiting()
    const rows = (await query(
      // Messages only: a number that a commit has used is not a message that was placed.
      `SELECT n, seq, time, hash FROM entry WHERE room_id = ? AND seq BETWEEN ? AND ? AND device_id = ? AND kind = ${entryKinds.message}`,
      [sender.room_id, sender.from_seq, sender.seq, sender.device_id],
    )) as Placed[]
    return firstAnswer(
      rows,
      items.map(({ n }) => n),
      items.length,
      sender.n,
    )
  }

  const answers: AppendResult[] = []
  for (const { request, room: roomId, device } of asked) {
    const room = rooms.get(roomId.toString("latin1"))
    const sender = senders.get(keyOf(roomId, device))
    if (!room || !sender) {
      answers.push(err(refuse("unknown_room")))
      continue
    }
    const first = await repeated(sender, request)
    if (!first) {
      answers.push(err(refuse("already_sent")))
      continue
    }
    const fresh = request.items.slice(first.length)
    const why = fresh.length > 0 ? objectionTo(room, sender, request) : undefined
    if (why) {
      answers.push(err(refusalOf(why)))
      continue
    }
    const { incarnation, generation } = room
    const positions: Position[] = first.map(({ seq, time, hash }) => ({ seq, time, hash }))
    // Never decreasing within a room, whatever the clock does.
    const time = Math.max(now, room.time)
    const before = room.seq
    for (const { n, body } of fresh) {
      const seq = room.seq + 1
      const bodyHash = Buffer.from(sha("sha256", body, "latin1"), "latin1")
      const hash = linkHash(room.hash, {
        ...{ room: roomId, incarnation, generation, seq, kind: entryKinds.message },
        ...{ device, n, time, bodyHash },
      })
      waiting.push([
        ...[roomId, seq, incarnation, generation, entryKinds.message, device, n, time],
        ...[body, null, hash],
      ])
      bytes += body.length
      Object.assign(room, { seq, hash, time })
      sender.n = n
      positions.push({ seq, time, hash })
      if (waiting.length >= ROWS || bytes >= BYTES) await insertWaiting()
    }
    if (fresh.length > 0) {
      // A request that repeats items and brings new ones can be repeated as a whole again.
      sender.from_seq = first[0]?.seq ?? before + 1
      sender.seq = room.seq
      changedRooms.add(room)
      changedSenders.add(sender)
    }
    answers.push(ok({ incarnation, generation, positions, fresh: fresh.length }))
  }
  await insertWaiting()
  for (const { seq, hash, time, id } of changedRooms)
    await query("UPDATE room SET seq = ?, hash = ?, time = ? WHERE id = ?", [seq, hash, time, id])
  for (const { n, seq, from_seq, room_id, device_id } of changedSenders)
    await query("UPDATE room_device SET n = ?, seq = ?, from_seq = ? WHERE room_id = ? AND device_id = ?", [
      ...[n, seq, from_seq, room_id, device_id],
    ])
  return answers
}
