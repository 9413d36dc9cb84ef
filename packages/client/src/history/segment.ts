/**
 * A block of 256 positions as the house keeps it for the account's other devices: what was said, and what was done to it. One
 * MessagePack value, compressed, under a first byte that says how (1: deflate, RFC 1951), and sealed around all that
 * (SECURITY "History and notebook"). Its fields are in a fixed order: two devices that have the same make the same bytes.
 * With a room's newest block go the facts that stand in no entry of it: what the group is called, what is pinned.
 */
import { concat } from "@teahouse/protocol/bytes.ts"
import { entryKind } from "@teahouse/protocol/entry.ts"
import { position, raw, time } from "@teahouse/protocol/fields.ts"
import { idRaw } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import { LINKS_MAX } from "@teahouse/protocol/policy.ts"
import * as z from "zod/mini"
import { LINK_SECRET_BYTES, PICTURE_MAX_BYTES } from "../content/card.ts"
import { mentions } from "../content/core.ts"
import { NICK_MAX } from "../content/nick.ts"
import { SEGMENT } from "./history.ts"
import type { Facts, Kept } from "./kept.ts"

const DEFLATE = 1
/** Unpacked: 256 of the largest messages. */
const MAX_BYTES = 64 * 1024 * 1024
const USERS = limits.roomDevices
const users = z.array(idRaw).check(z.maxLength(USERS))

const item = z.discriminatedUnion("type", [
  z.object({ type: z.literal("content"), bytes: raw(1, limits.messageBytes) }),
  z.object({
    type: z.literal("members"),
    joined: users,
    left: users,
    newDevice: users,
    newIdentity: z.optional(users),
    past: z.optional(z.object({ days: position, changed: z.optional(z.literal(true)) })),
  }),
  z.object({
    type: z.literal("notice"),
    notice: z.enum(["friends", "frozen", "resumed", "left", "renewed"]),
  }),
  z.object({ type: z.literal("gone"), why: z.enum(["recalled", "expired", "deleted", "repeated"]) }),
  z.object({ type: z.literal("nothing") }),
])
const entry = z.object({
  seq: position,
  generation: position,
  kind: entryKind,
  device: idRaw,
  n: position,
  time,
  hash: raw(32, 32),
  user: z.optional(idRaw),
  item,
  given: z.optional(z.object({ user: idRaw, at: position })),
})
const mark = z.object({
  seq: position,
  at: z.optional(position),
  edit: z.optional(z.object({ text: z.string().check(z.maxLength(limits.textBytes)), mentions })),
  reactions: z.optional(
    z.array(z.object({ emoji: z.string().check(z.maxLength(64)), users })).check(z.maxLength(32)),
  ),
  votes: z.optional(
    z
      .array(z.object({ user: idRaw, choices: z.array(position).check(z.maxLength(64)) }))
      .check(z.maxLength(USERS)),
  ),
  ended: z.optional(z.boolean()),
})
const card = z.object({
  name: z.string().check(z.maxLength(64)),
  announcement: z.string().check(z.maxLength(4000)),
  picture: z.optional(raw(1, PICTURE_MAX_BYTES)),
  links: z.optional(
    z
      .array(z.object({ id: idRaw, secret: raw(LINK_SECRET_BYTES, LINK_SECRET_BYTES) }))
      .check(z.maxLength(LINKS_MAX)),
  ),
  announced: z.optional(position),
  seq: position,
})
const facts = z.object({
  card: z.optional(card),
  nicks: z.optional(
    z
      .array(z.object({ user: idRaw, name: z.string().check(z.maxLength(NICK_MAX)), seq: position }))
      .check(z.maxLength(USERS)),
  ),
  pins: z.optional(z.array(position).check(z.maxLength(100))),
  timer: z.optional(position),
})
const segment = z.object({
  v: z.literal(1),
  entries: z.array(entry).check(z.maxLength(SEGMENT)),
  marks: z.array(mark).check(z.maxLength(SEGMENT)),
  facts: z.optional(facts),
})

/** Not compressed yet: what two devices may compare. */
export function encodeSegment({ entries, marks, facts: said }: Kept): Uint8Array {
  const value = {
    v: 1 as const,
    entries: [...entries],
    marks: [...marks].map(([seq, one]) => ({ seq, ...one })),
    ...(said ? { facts: encodeFacts(said) } : {}),
  }
  return pack(z.encode(segment, value as never))
}

const encodeFacts = ({ nicks, ...rest }: Facts) => ({
  ...rest,
  ...(nicks ? { nicks: Object.entries(nicks).map(([user, said]) => ({ user, ...said })) } : {}),
})

/** undefined: not a segment, whoever made it. */
export function decodeSegment(bytes: Uint8Array, number: number): Kept | undefined {
  const value = unpack(bytes, MAX_BYTES)
  const parsed = value.ok ? z.safeDecode(segment, value.value as never) : undefined
  if (!parsed?.success) return undefined
  const { entries, marks, facts: said } = parsed.data
  const inside = (seq: number) => Math.floor(seq / SEGMENT) === number
  const rising = entries.every((one, i) => i === 0 || (entries[i - 1]?.seq ?? 0) < one.seq)
  if (!rising || !entries.every(({ seq }) => inside(seq)) || !marks.every(({ seq }) => inside(seq)))
    return undefined
  const { nicks, ...rest } = said ?? {}
  const named = nicks && Object.fromEntries(nicks.map(({ user, ...one }) => [user, one]))
  return {
    entries: entries as Kept["entries"],
    marks: new Map(marks.map(({ seq, ...one }) => [seq, one])) as Kept["marks"],
    ...(said ? { facts: { ...rest, ...(named ? { nicks: named } : {}) } as Facts } : {}),
  }
}

export async function deflated(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new CompressionStream("deflate-raw"))
  return concat(Uint8Array.of(DEFLATE), new Uint8Array(await new Response(stream).arrayBuffer()))
}

/** undefined: damaged, or more than a segment can be. */
export async function inflated(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  if (bytes[0] !== DEFLATE) return undefined
  const stream = new Blob([bytes.subarray(1) as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream("deflate-raw"))
  const parts: Uint8Array[] = []
  let size = 0
  try {
    const reader = stream.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return concat(...parts)
      size += value.length
      if (size > MAX_BYTES) {
        await reader.cancel()
        return undefined
      }
      parts.push(value)
    }
  } catch {
    return undefined
  }
}
