/** One fixed value of each kind, for the golden vectors and for tests that need some valid frame. */
import type { Certificate } from "./certificate.ts"
import { CHAIN_START, type Link } from "./chain.ts"
import type { CommitData } from "./commit-data.ts"
import type { Down } from "./down.ts"
import type { Head } from "./head.ts"
import { type Id, idFrom } from "./ids.ts"
import type { Change } from "./notice.ts"
import { directPolicy, groupPolicy, type RoomPolicy, selfPolicy } from "./policy.ts"
import type { Up } from "./up.ts"

/** `length` bytes that count up from `from`. */
export const bytes = (length: number, from: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (from + i) & 255)
export const id = (from: number): Id => idFrom(bytes(16, from))

export const room = id(0x10)
const user = id(0x20)
const other = id(0x30)
const device = id(0x40)
const time = 1_767_225_600_000

const head = {
  incarnation: 1,
  generation: 0,
  seq: 7,
  hash: bytes(32, 1),
  time,
  index: 5,
  path: [bytes(32, 2), bytes(32, 3), bytes(32, 4)],
  signature: bytes(64, 5),
}
const entry = { generation: 0, device, time, hash: bytes(32, 1) }

export const ups: Record<string, Up> = {
  hello: { t: "hello", major: 1, minor: 0, session: id(1), signature: bytes(64, 9) },
  subscribe: {
    t: "subscribe",
    rooms: [
      { room, incarnation: 1, seq: 0 },
      { room: other, incarnation: 1, seq: 70_000 },
    ],
  },
  send: {
    t: "send",
    room,
    generation: 0,
    epoch: 3,
    items: [
      { n: 1, body: bytes(40, 1) },
      { n: 2, body: bytes(300, 2) },
      { n: 3, body: bytes(40, 3), blobs: [{ blob: id(9), token: bytes(16, 8) }] },
    ],
  },
  ephemeral: { t: "ephemeral", room, body: bytes(20, 3) },
  ping: { t: "ping" },
}

export const downs: Record<string, Down> = {
  challenge: { t: "challenge", house: id(2), nonce: bytes(32, 7), major: 1, minor: 0 },
  ready: { t: "ready", incarnation: 1, time },
  entries: {
    t: "entries",
    room,
    incarnation: 1,
    entries: [
      { ...entry, seq: 5, kind: 0, n: 1, body: bytes(40, 1) },
      { ...entry, seq: 6, kind: 2, n: 2, body: bytes(10, 1) },
      { ...entry, seq: 7, kind: 0, n: 3, body: null, bodyHash: bytes(32, 6) },
    ],
    head,
  },
  "entries without a head": { t: "entries", room, incarnation: 1, entries: [] },
  live: { t: "live", room, incarnation: 1, seq: 7, head },
  accepted: { t: "accepted", room, incarnation: 1, items: [{ n: 3, seq: 7, time, hash: bytes(32, 1) }] },
  refused: { t: "refused", room, n: 3, error: { kind: "rate_limited", retryAfterMs: 1500 } },
  ended: { t: "ended", room, error: { kind: "not_a_member" } },
  hint: { t: "hint", topics: ["contacts", "welcomes"] },
  "hint of history": { t: "hint", topics: ["notebook", "history"] },
  ephemeral: { t: "ephemeral", room, device, body: bytes(20, 3) },
  pong: { t: "pong", time },
  failed: { t: "failed", error: { kind: "session_expired", detail: { after: 15_000, why: "revoked" } } },
}

/** Without a signature: the vector's own key makes it. */
export const certificates: Record<string, Omit<Certificate, "signature" | "uik">> = {
  person: { kind: "person", house: id(2), user, device, generation: 0, username: "li.lei" },
  bot: { kind: "bot", house: id(2), user: other, device: id(0x50), generation: 258, username: "茶馆_机器人" },
  longest: {
    kind: "person",
    house: id(2),
    user,
    device,
    generation: 4_294_967_295,
    username: "茶".repeat(32),
  },
}

export const links: readonly Link[] = [
  { room, incarnation: 1, generation: 0, seq: 1, kind: 1, device, n: 1, time, bodyHash: bytes(32, 8) },
  {
    room,
    incarnation: 1,
    generation: 0,
    seq: 2,
    kind: 0,
    device,
    n: 2,
    time: time + 1,
    bodyHash: bytes(32, 9),
  },
  // Both halves of a 64-bit number.
  {
    room,
    incarnation: 2,
    generation: 1,
    seq: 2 ** 33 + 5,
    kind: 2,
    device: id(0x41),
    n: 2 ** 40,
    time: time + 2,
    bodyHash: CHAIN_START,
  },
]

export const heads = (count: number): Head[] =>
  Array.from({ length: count }, (_, i) => ({
    room: id(i),
    incarnation: 1,
    generation: i % 3,
    seq: 10 + i,
    hash: bytes(32, i),
    time: time + i,
  }))

export const house = id(2)
export const changes: readonly Change[] = [
  { kind: "left", user, leaves: [bytes(32, 3), bytes(32, 4)] },
  { kind: "device_revoked", user, device },
  { kind: "frozen" },
  { kind: "resumed" },
  { kind: "retention", days: 30 },
  { kind: "complaint", generation: 1, epoch: 2 ** 33 },
]

export const policies: Record<string, RoomPolicy> = {
  direct: directPolicy(user, other),
  self: selfPolicy(user),
  group: { ...groupPolicy(user), admins: [other], add: "admins", history: "days", historyDays: 30 },
  "group with a link and a ban": {
    ...groupPolicy(user),
    links: [{ id: id(0x60), key: bytes(32, 1), expires: time, uses: 10, approval: true }],
    bans: [id(0x70)],
  },
}

export const commitData: Record<string, CommitData> = {
  first: { seen: { seq: 0, hash: CHAIN_START }, proofs: [] },
  "with a proof": { seen: { seq: 9, hash: bytes(32, 3) }, proofs: [bytes(150, 4)] },
  "with a join": {
    seen: { seq: 9, hash: bytes(32, 3) },
    proofs: [],
    joins: [{ link: id(0x60), keyPackageRef: bytes(32, 8), signature: bytes(64, 9) }],
  },
}
