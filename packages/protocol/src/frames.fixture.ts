/** Any valid frame, for properties (fast-check). */
import fc from "fast-check"
import type { Down } from "./down.ts"
import { errorKinds } from "./error.ts"
import { type Id, idFrom } from "./ids.ts"
import type { Up } from "./up.ts"

const raw = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength })
const id = raw(16).map((bytes): Id => idFrom(bytes))
const position = fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }))

export const anyUp: fc.Arbitrary<Up> = fc.oneof(
  fc.record({
    t: fc.constant("hello" as const),
    major: position,
    minor: position,
    session: id,
    signature: raw(64),
  }),
  fc.record({
    t: fc.constant("subscribe" as const),
    rooms: fc.array(fc.record({ room: id, incarnation: position, seq: position }), {
      minLength: 1,
      maxLength: 5,
    }),
  }),
  fc.record({
    t: fc.constant("send" as const),
    room: id,
    generation: position,
    epoch: position,
    items: fc.array(
      fc.record(
        {
          n: position,
          body: raw(1, 300),
          blobs: fc.array(fc.record({ blob: id, token: raw(16) }), { minLength: 1, maxLength: 3 }),
        },
        { requiredKeys: ["n", "body"] },
      ),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  fc.record({ t: fc.constant("ephemeral" as const), room: id, body: raw(1, 50) }),
  fc.record({ t: fc.constant("ping" as const) }),
)

const head = fc.record({
  incarnation: position,
  generation: position,
  seq: position,
  hash: raw(32),
  time: position,
  index: position,
  path: fc.array(raw(32), { maxLength: 5 }),
  signature: raw(64),
})
const entry = fc.record(
  {
    seq: position,
    generation: position,
    kind: fc.constantFrom(0 as const, 1 as const, 2 as const),
    device: id,
    n: position,
    time: position,
    body: fc.option(raw(0, 100)),
    bodyHash: raw(32),
    hash: raw(32),
  },
  { requiredKeys: ["seq", "generation", "kind", "device", "n", "time", "body", "hash"] },
)
const error = fc.record(
  {
    kind: fc.constantFrom(...errorKinds),
    retryAfterMs: fc.nat(),
    // Without `__proto__`, which no JavaScript object literal can hold as a plain key.
    detail: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.string(), fc.integer()), {
      noNullPrototype: true,
    }),
  },
  { requiredKeys: ["kind"] },
)

export const anyDown: fc.Arbitrary<Down> = fc.oneof(
  fc.record({
    t: fc.constant("challenge" as const),
    house: id,
    nonce: raw(32),
    major: position,
    minor: position,
  }),
  fc.record({ t: fc.constant("ready" as const), incarnation: position, time: position }),
  fc.record(
    {
      t: fc.constant("entries" as const),
      room: id,
      incarnation: position,
      entries: fc.array(entry, { maxLength: 4 }),
      head,
    },
    { requiredKeys: ["t", "room", "incarnation", "entries"] },
  ),
  fc.record(
    { t: fc.constant("live" as const), room: id, incarnation: position, seq: position, head },
    { requiredKeys: ["t", "room", "incarnation", "seq"] },
  ),
  fc.record({
    t: fc.constant("accepted" as const),
    room: id,
    incarnation: position,
    items: fc.array(fc.record({ n: position, seq: position, time: position, hash: raw(32) }), {
      maxLength: 4,
    }),
  }),
  fc.record({ t: fc.constant("refused" as const), room: id, n: position, error }),
  fc.record({ t: fc.constant("ended" as const), room: id, error }),
  fc.record({
    t: fc.constant("hint" as const),
    topics: fc.subarray([
      "contacts",
      "rooms",
      "welcomes",
      "notebook",
      "devices",
      "profile",
      "history",
    ] as const),
  }),
  fc.record({ t: fc.constant("ephemeral" as const), room: id, device: id, body: raw(1, 50) }),
  fc.record({ t: fc.constant("pong" as const), time: position }),
  fc.record({ t: fc.constant("failed" as const), error }),
)
