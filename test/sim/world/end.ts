/** When all faults are over: everybody has everything, nothing waits, and what was promised is there, once, in its order. */
import { decodeContent } from "@teahouse/client/content/message.ts"
import type { HistoryEntry } from "@teahouse/client/history/entry.ts"
import type { PendingCommit } from "@teahouse/client/room/records.ts"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Promised } from "./people.ts"
import { outboxOf, plain, Violation } from "./watch.ts"
import type { Device, World } from "./world.ts"

const rowsOf = ({ disk, seat }: Device) => disk.rows(seat.user)

/** What is not as it has to become. undefined: all is quiet. */
export function unrest(world: World): string | undefined {
  for (const device of world.devices) {
    if (device.hostile) continue
    const { name } = device.seat
    for (const { room, item } of outboxOf(rowsOf(device)))
      if (item.state !== "refused")
        return `${name} still has to send to ${room}: ${JSON.stringify(item.draft)}`
    for (const [room, meta] of world.watch.metas.get(device.seat) ?? []) {
      if (meta.standing === "removed" || meta.standing === "pending") continue
      const log = world.watch.logs.get(room) ?? []
      if (meta.seq !== log.length) return `${name} is at ${room}#${meta.seq} of ${log.length}`
      if (meta.owesUpdate || (meta.removals?.length ?? 0) > 0) return `${name} owes a commit in ${room}`
    }
    for (const [key, value] of rowsOf(device)) {
      if (key.startsWith("commit/")) return `${name} has a commit under way: ${plain<PendingCommit>(value).n}`
      if (key.startsWith("join/")) return `${name} is still on its way into ${key.slice(5)}`
    }
  }
  return undefined
}

type Kept = ReadonlyMap<number, HistoryEntry>

/** As far as it is still in parts; a block that is full is sealed as one. */
function historyOf(device: Device): ReadonlyMap<Id, Kept> {
  const rooms = new Map<Id, Map<number, HistoryEntry>>()
  for (const [key, value] of rowsOf(device)) {
    const [kind, room] = key.split("/") as [string, Id]
    if (kind !== "tail") continue
    const kept = rooms.get(room) ?? new Map<number, HistoryEntry>()
    rooms.set(room, kept)
    for (const entry of plain<readonly HistoryEntry[]>(value)) kept.set(entry.seq, entry)
  }
  return rooms
}

const textOf = ({ item }: HistoryEntry): string | undefined => {
  const content = item.type === "content" ? decodeContent(item.bytes) : undefined
  return content?.kind === "text" ? content.text : undefined
}

export function lookAtAll(world: World, promised: readonly Promised[]): void {
  const histories = new Map(world.devices.map((device) => [device, historyOf(device)]))
  sameEverywhere(histories)
  arrived(world, promised, histories)
}

function sameEverywhere(histories: ReadonlyMap<Device, ReadonlyMap<Id, Kept>>): void {
  const seen = new Map<string, { readonly by: string; readonly bytes: string }>()
  for (const [device, rooms] of histories)
    for (const [room, kept] of rooms)
      for (const { seq, item } of kept.values()) {
        if (item.type !== "content") continue
        const bytes = toBase64url(item.bytes)
        const at = `${room}#${seq}`
        const other = seen.get(at)
        if (other && other.bytes !== bytes)
          throw new Violation(`${device.seat.name} and ${other.by} read different things at ${at}`)
        seen.set(at, { by: device.seat.name, bytes })
      }
}

/** Texts that were refused are still with their device; where it has left the room it may have let go of all. */
function arrived(
  world: World,
  promised: readonly Promised[],
  histories: ReadonlyMap<Device, ReadonlyMap<Id, Kept>>,
): void {
  const last = new Map<string, number>()
  for (const { device, room, key, text } of promised) {
    const entries = [...(histories.get(device)?.get(room)?.values() ?? [])]
    const here = entries.filter((entry) => entry.key === key)
    const waiting = outboxOf(rowsOf(device)).filter(({ item }) => item.key === key)
    const name = `“${text}” of ${device.seat.name} in ${room}`
    if (here.length + waiting.length === 0) throw new Violation(`${name} is lost`)
    if (here.length > 1) throw new Violation(`${name} is in the log ${here.length} times`)
    const [refused] = waiting
    if (refused && !mayRefuse(world, device, room))
      throw new Violation(`${name} is refused: ${refused.item.error?.kind}`)
    const [entry] = here
    if (!entry) continue
    if (entry.item.type === "content" && textOf(entry) !== text)
      throw new Violation(`${name} is not what it was`)
    const line = `${device.seat.name}/${room}`
    if (entry.seq < (last.get(line) ?? 0)) throw new Violation(`${name} has overtaken an earlier one`)
    last.set(line, entry.seq)
  }
}

/** Whoever was taken out, or whose friend has gone, is told so. */
const mayRefuse = (world: World, device: Device, room: Id): boolean => {
  const log = world.watch.logs.get(room) ?? []
  const meta = world.watch.metas.get(device.seat)?.get(room)
  return meta?.standing !== "open" || meta.joined.seq > 2 || log.some(({ kind }) => kind === 2)
}
