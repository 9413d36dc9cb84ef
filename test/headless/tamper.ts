/** A house that lies to one person: the real one behind a connection that changes what passes. */
import type { OpenSocket } from "@teahouse/client/platform.ts"
import { openWebSocket } from "@teahouse/client/web-socket.ts"
import { nextHash } from "@teahouse/protocol/chain.ts"
import type { Down } from "@teahouse/protocol/down.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Up } from "@teahouse/protocol/up.ts"
import { decodeDown, decodeUp, encodeDown, encodeUp } from "@teahouse/protocol/wire.ts"

export type Tamper = {
  down?: (frame: Down) => Down | undefined
  up?: (frame: Up) => Up
}

/** `tamper` may be changed while it runs. */
export const tampered =
  (tamper: Tamper): OpenSocket =>
  (url, handlers) => {
    const socket = openWebSocket(url, {
      ...handlers,
      message(bytes) {
        const frame = decodeDown(bytes)
        if (!frame.ok) throw new Error("the house said something unreadable")
        const changed = tamper.down ? tamper.down(frame.value) : frame.value
        if (changed) handlers.message(encodeDown(changed))
      },
    })
    return {
      send(bytes) {
        const frame = decodeUp(bytes)
        if (!frame.ok) throw new Error("the client said something unreadable")
        socket.send(tamper.up ? encodeUp(tamper.up(frame.value)) : bytes)
      },
      close: () => socket.close(),
    }
  }

export const inEntries =
  (room: () => Id, change: (entries: Entry[]) => Entry[]) =>
  (frame: Down): Down | undefined => {
    if (frame.t !== "entries" || frame.room !== room()) return frame
    const entries = change(frame.entries)
    if (entries.length === 0) return undefined
    const { head: _, ...rest } = frame
    return { ...rest, entries }
  }

/**
 * A consistent lie: the first hidden message never happened, what follows in its room moves up, and the chain is computed
 * anew. Nothing in the frames themselves is wrong; only what other members saw is. It listens from the beginning.
 */
export function forkWithout(hidden: (entry: Entry) => boolean) {
  const last = new Map<Id, Uint8Array>()
  let victim: Id | undefined
  return (frame: Down): Down | undefined => {
    if (frame.t === "live" && frame.room === victim) {
      const { head: _, ...rest } = frame
      return { ...rest, seq: frame.seq - 1 }
    }
    if (frame.t !== "entries") return frame
    const { room, incarnation } = frame
    const out: Entry[] = []
    for (const entry of frame.entries) {
      const before = last.get(room)
      if (room !== victim) {
        if (victim || !before || !hidden(entry)) {
          out.push(entry)
          last.set(room, entry.hash)
        } else victim = room
      } else if (before && entry.body) {
        const seq = entry.seq - 1
        const hash = nextHash(before, { ...entry, room, incarnation, seq, bodyHash: sha256(entry.body) })
        out.push({ ...entry, seq, hash })
        last.set(room, hash)
      }
    }
    if (out.length === 0) return undefined
    if (room !== victim) return { ...frame, entries: out }
    const { head: _, ...rest } = frame
    return { ...rest, entries: out }
  }
}
