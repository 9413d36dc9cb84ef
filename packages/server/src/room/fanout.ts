/**
 * Tells members what the log has accepted. What came in one turn of the event loop is joined: one frame for each room,
 * encoded once, the same bytes for every member. One house signature covers the heads of all rooms of the turn
 * (protocol/head.ts), which is one for each group commit or fewer.
 *
 * A joined frame ends at an entry after which somebody stops listening, and therefore at every commit and notice: members
 * who are removed by it get that frame and nothing later.
 */
import { entryKinds } from "@teahouse/protocol/entry.ts"
import { type Head, headLeaf, headToSign, headTree, type SignedHead } from "@teahouse/protocol/head.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type Bus, roomTopic } from "../bus/port.ts"
import type { House } from "../house/house.ts"
import { sha256Node } from "./chain-hasher.ts"
import { encodeEntries } from "./encode.ts"
import type { StoredEntry } from "./read.ts"

/** One signature for all of them. */
export function signHeads(house: Pick<House, "sign">, heads: readonly Head[]): SignedHead[] {
  const { root, places } = headTree(
    heads.map((head) => headLeaf(head, sha256Node)),
    sha256Node,
  )
  const signature = house.sign(headToSign(root))
  return heads.map(({ incarnation, generation, seq, hash, time }, i) => {
    const { index, path } = places[i] as { index: number; path: Uint8Array[] }
    return { incarnation, generation, seq, hash, time, index, path, signature }
  })
}

type Told = { readonly entry: StoredEntry; readonly gone: readonly Id[] }
const nobody: readonly Id[] = []

export type Fanout = ReturnType<typeof createFanout>

export type FanoutParts = {
  readonly house: House
  readonly bus: Bus
  readonly onError: (error: unknown) => void
  /** A message is in the log: devices that are away may be woken. */
  readonly said?: (room: Id, by: Id) => void
}

export function createFanout({ house, bus, onError, said }: FanoutParts) {
  let rooms = new Map<Id, Told[]>()

  /** What fails here is found in the log at the next look at the heads. */
  function flush() {
    const now = rooms
    rooms = new Map()
    try {
      publishAll(now)
    } catch (error) {
      onError(error)
    }
  }

  function publishAll(now: ReadonlyMap<Id, Told[]>) {
    const lists = [...now].map(([room, list]) => ({ room, list: inOrder(list) }))
    const heads = signHeads(
      house,
      lists.map(({ room, list }) => ({ room, ...(list[list.length - 1] as Told).entry })),
    )
    lists.forEach(({ room, list }, i) => {
      for (const part of parts(list)) publish(room, part, part.at(-1) === list.at(-1) ? heads[i] : undefined)
    })
  }

  function publish(room: Id, part: readonly Told[], head: SignedHead | undefined) {
    const first = (part[0] as Told).entry
    const last = part[part.length - 1] as Told
    const entries = part.map((told) => told.entry)
    const frame = encodeEntries(room, first.incarnation, entries, head)
    const { gone } = last
    bus.publish(roomTopic(room), { kind: "entries", room, from: first.seq, to: last.entry.seq, frame, gone })
  }

  return {
    /** After it is durable, never before. */
    tell(room: Id, entry: StoredEntry, gone: readonly Id[] = nobody): void {
      if (entry.kind === entryKinds.message) said?.(room, entry.device)
      if (rooms.size === 0) setImmediate(flush)
      const list = rooms.get(room)
      if (list) list.push({ entry, gone })
      else rooms.set(room, [{ entry, gone }])
    },
  }
}

/** Messages and other writes are answered on different ways, so a turn may have seen them out of order. */
function inOrder(list: Told[]): Told[] {
  for (let i = 1; i < list.length; i++)
    if ((list[i] as Told).entry.seq < (list[i - 1] as Told).entry.seq)
      return list.sort((a, b) => a.entry.seq - b.entry.seq)
  return list
}

/** Runs without a gap, each ending at the latest with an entry that is not a message. */
function parts(list: readonly Told[]): Told[][] {
  const out: Told[][] = []
  let run: Told[] = []
  for (const told of list) {
    const before = run[run.length - 1]
    if (before && before.entry.seq + 1 !== told.entry.seq) {
      out.push(run)
      run = []
    }
    run.push(told)
    if (told.entry.kind !== entryKinds.message) {
      out.push(run)
      run = []
    }
  }
  if (run.length > 0) out.push(run)
  return out
}
