/** Frames that are packed without their schemas are what the schemas say. */
import type { SignedHead } from "@teahouse/protocol/head.ts"
import { decodeDown, encodeDown } from "@teahouse/protocol/wire.ts"
import { expect, test } from "vitest"
import { encodeAccepted, encodeEntries, encodeLive } from "./encode.ts"
import { id, random } from "./log.fixture.ts"
import type { StoredEntry } from "./read.ts"

const room = id()
const head: SignedHead = {
  ...{ incarnation: 1, generation: 0, seq: 9, hash: random(32), time: 5 },
  ...{ index: 1, path: [random(32)], signature: random(64) },
}
const entry = (more: Partial<StoredEntry>): StoredEntry => ({
  ...{ incarnation: 1, seq: 8, generation: 0, kind: 0, device: id(), n: 1, time: 5 },
  ...{ body: random(9), hash: random(32), ...more },
})

const same = (frame: Uint8Array) => {
  const read = decodeDown(frame)
  if (!read.ok) throw new Error(read.error)
  expect(Buffer.from(encodeDown(read.value)).equals(frame)).toBe(true)
  return read.value
}

test("entries, with and without a head, with a body or only its hash", () => {
  const gone = { body: null, bodyHash: random(32) }
  const frame = same(encodeEntries(room, 1, [entry({}), entry({ seq: 9, kind: 1, ...gone })], head))
  expect(frame).toMatchObject({
    t: "entries",
    room,
    incarnation: 1,
    entries: [{ seq: 8 }, { seq: 9, body: null }],
  })
  expect(same(encodeEntries(room, 1, [entry({})], undefined))).not.toHaveProperty("head")
})

test("live and accepted", () => {
  expect(same(encodeLive(room, 1, 9, head))).toMatchObject({ t: "live", seq: 9 })
  expect(same(encodeLive(room, 1, 9, undefined))).not.toHaveProperty("head")
  const items = [{ n: 3, body: random(1) }]
  const request = { room, device: id(), generation: 0, epoch: 0, items }
  const positions = [{ seq: 7, time: 1, hash: random(32) }]
  const appended = { incarnation: 1, generation: 0, positions, fresh: 1 }
  expect(same(encodeAccepted(request, appended))).toMatchObject({ t: "accepted", items: [{ n: 3, seq: 7 }] })
})
