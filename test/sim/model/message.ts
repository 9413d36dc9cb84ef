/**
 * Messages of the model: the outer form of an MLS PrivateMessage (RFC 9420 section 6.3), because the house reads its header, and
 * inside it who says it, the number of their key, and the padded content beside a hash over all of it.
 */
import { padme } from "@teahouse/client/crypto/padding.ts"
import type { Room, RoomsCrypto, SentUpTo } from "@teahouse/client/crypto/port.ts"
import { leafAt } from "@teahouse/judge/state.ts"
import { vector } from "@teahouse/judge/tree.ts"
import { concat, readU32, sameBytes, u32, u64 } from "@teahouse/protocol/bytes.ts"
import { readMessageHeader } from "@teahouse/protocol/mls-header.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { digest } from "./bytes.ts"
import { contextOf, secretOf } from "./wire.ts"

/** `next`: the first key that was never derived. `unused`: keys before it that are kept for messages still on their way. */
export type Ratchet = { readonly next: number; readonly unused: readonly number[] }
const start: Ratchet = { next: 0, unused: [] }
/** As config.ts of crypto/mls has it. */
const KEPT = 16
const FORWARD = 1_000

type Secrets = { readonly ratchets: Readonly<Record<number, Ratchet>> }
const ratchetOf = (room: Room, leaf: number): Ratchet => (room.mls as Secrets).ratchets[leaf] ?? start
const withRatchet = (room: Room, leaf: number, ratchet: Ratchet): Room => ({
  ...room,
  mls: { ratchets: { ...(room.mls as Secrets).ratchets, [leaf]: ratchet } } satisfies Secrets,
})

export const ratchetDelta = (epoch: number, { next, unused }: Ratchet): Uint8Array =>
  concat(u64(epoch), pack([next, ...unused]))
export function readRatchet(bytes: Uint8Array): Ratchet | undefined {
  const value = unpack(bytes.subarray(8), 1_000)
  if (!value.ok || !Array.isArray(value.value)) return undefined
  const [next, ...unused] = value.value as number[]
  return next === undefined ? undefined : { next, unused }
}

export const sent = (room: Room): SentUpTo => ({
  epoch: room.epoch,
  generation: ratchetOf(room, room.leaf).next,
})

const MAC = 32
const macOf = (room: Room, sender: Uint8Array, aad: Uint8Array, padded: Uint8Array) =>
  digest("message", secretOf(room.judged), sender, aad, padded)

export const sealMessage: RoomsCrypto["sealMessage"] = async (room, content, aad) => {
  const { leaf, epoch } = room
  const ratchet = ratchetOf(room, leaf)
  const sender = concat(u32(leaf), u32(ratchet.next))
  const padded = new Uint8Array(4 + padme(content.length))
  padded.set(u32(content.length))
  padded.set(content, 4)
  const head = concat(
    Uint8Array.of(0, 1, 0, 2),
    vector(contextOf(room.judged).groupId),
    u64(epoch),
    Uint8Array.of(1),
  )
  const bytes = concat(
    ...[head, vector(aad), vector(sender)],
    vector(concat(macOf(room, sender, aad, padded), padded)),
  )
  const after = { ...ratchet, next: ratchet.next + 1 }
  return { room: withRatchet(room, leaf, after), bytes, delta: { leaf, bytes: ratchetDelta(epoch, after) } }
}

function inside(bytes: Uint8Array) {
  const header = readMessageHeader(bytes)
  if (!header) return undefined
  // Read from behind the authenticated data: the vectors are known to fit.
  const from = header.authenticatedData.byteOffset + header.authenticatedData.length - bytes.byteOffset
  const rest = bytes.subarray(from)
  const senderLength = rest[0]
  if (senderLength !== 8) return undefined
  const sender = rest.subarray(1, 9)
  const width = 1 << ((rest[9] as number) >> 6)
  const sealed = rest.subarray(9 + width)
  return { ...header, sender, mac: sealed.subarray(0, MAC), padded: sealed.slice(MAC) }
}

/** undefined: a replay, or further ahead than anybody follows. */
function follow({ next, unused }: Ratchet, generation: number): Ratchet | undefined {
  if (generation < next)
    return unused.includes(generation)
      ? { next, unused: unused.filter((one) => one !== generation) }
      : undefined
  if (generation - next > FORWARD) return undefined
  const skipped = Array.from({ length: generation - next }, (_, i) => next + i)
  return { next: generation + 1, unused: [...unused, ...skipped].slice(-KEPT) }
}

export const openMessage: RoomsCrypto["openMessage"] = async (room, bytes) => {
  const read = inside(bytes)
  if (!read || !sameBytes(read.groupId, contextOf(room.judged).groupId)) return err("unreadable")
  if (read.epoch !== room.epoch) return err("wrong_epoch")
  const { sender, mac, padded, authenticatedData: aad } = read
  const leaf = leafAt(room.judged, readU32(sender, 0))
  if (!leaf || leaf.leaf === room.leaf) return err("unreadable")
  const ratchet = follow(ratchetOf(room, leaf.leaf), readU32(sender, 4))
  if (!ratchet) return err("used_or_too_far")
  if (padded.length < 4 || !sameBytes(mac, macOf(room, sender, aad, padded))) return err("unreadable")
  const length = readU32(padded, 0)
  const { user, device } = leaf
  return ok({
    room: withRatchet(room, leaf.leaf, ratchet),
    delta: { leaf: leaf.leaf, bytes: ratchetDelta(room.epoch, ratchet) },
    sender: { user, device, leaf: leaf.leaf },
    content: padded.slice(4, 4 + length),
    aad: aad.slice(),
  })
}

/** Under which key this was sealed, for whoever looks for one that was used twice. */
export function keyOf(bytes: Uint8Array): string | undefined {
  const read = inside(bytes)
  return read && `${read.epoch}/${readU32(read.sender, 0)}/${readU32(read.sender, 4)}`
}
