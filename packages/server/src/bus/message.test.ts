/** The bus's own frames: what goes in comes out, and what does not fit is a typed refusal. */
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import { expect, test } from "vitest"
import { type BusMessage, decodeMessage, encodeMessage, MESSAGE_BYTES } from "./message.ts"

const id = (at: number): Id => idFrom(new Uint8Array(16).fill(at))
const frame = new Uint8Array(3)

const all: readonly BusMessage[] = [
  { kind: "entries", room: id(1), from: 3, to: 4, frame, gone: [id(2)] },
  { kind: "reached", room: id(1), to: 4 },
  { kind: "ephemeral", room: id(1), device: id(2), frame },
  { kind: "dropped", room: id(1) },
  { kind: "hint", user: id(1), topics: ["rooms", "welcomes"], except: id(2) },
  { kind: "hint", user: id(1), topics: ["contacts"] },
  { kind: "sessions_ended", sessions: [id(1)], why: "device_revoked" },
  { kind: "alive", node: id(1), leaving: false },
  { kind: "used", node: id(1), limit: "signIn", counts: [{ key: "192.0.2.1", count: 2 }] },
  { kind: "missed" },
  { kind: "who_is_here", ask: id(1), devices: [id(2)] },
  { kind: "here", ask: id(1), devices: [] },
  { kind: "woken", devices: [id(1)] },
  { kind: "arrived", device: id(1) },
  { kind: "push_subscribed" },
]

test.each(all.map((one) => [one.kind, one] as const))("%s comes out as it went in", (_, one) => {
  expect(decodeMessage(encodeMessage(one))).toEqual({ ok: true, value: one })
})

test("what does not fit is refused, whatever it is", () => {
  const malformed = { ok: false, error: "malformed" }
  const bytes = encodeMessage(all[0] as BusMessage)
  for (let length = 0; length < bytes.length; length++)
    expect(decodeMessage(bytes.subarray(0, length))).toEqual(malformed)
  expect(decodeMessage(Uint8Array.of(...bytes, 0))).toEqual(malformed)
  for (const value of [
    null,
    [],
    { kind: "rumour" },
    { kind: "dropped", room: new Uint8Array(15) },
    { kind: "reached", room: new Uint8Array(16), to: -1 },
    { kind: "hint", user: new Uint8Array(16), topics: [7] },
    { kind: "who_is_here", ask: new Uint8Array(16), devices: Array(10_001).fill(new Uint8Array(16)) },
    { kind: "used", node: new Uint8Array(16), limit: "signIn", counts: [{ key: "k".repeat(257), count: 1 }] },
  ])
    expect(decodeMessage(pack(value))).toEqual(malformed)
  expect(decodeMessage(new Uint8Array(MESSAGE_BYTES + 1))).toEqual({ ok: false, error: "too_large" })
})

test("of what a newer node says, the rest is heard (docs/decisions/43)", () => {
  const raw = new Uint8Array(16)
  const heard = (value: unknown) => decodeMessage(pack(value))
  const room = idFrom(raw)
  expect(heard({ kind: "dropped", room: raw, more: 1 })).toEqual({
    ok: true,
    value: { kind: "dropped", room },
  })
  expect(heard({ kind: "hint", user: raw, topics: ["weather", "rooms"] })).toEqual({
    ok: true,
    value: { kind: "hint", user: room, topics: ["rooms"] },
  })
})
