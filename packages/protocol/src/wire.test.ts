import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { concat } from "./bytes.ts"
import { down } from "./down.ts"
import { anyDown, anyUp } from "./frames.fixture.ts"
import { limits } from "./limits.ts"
import { pack } from "./pack.ts"
import { bytes, downs, room, ups } from "./samples.fixture.ts"
import { up } from "./up.ts"
import { decodeDown, decodeUp, encodeDown, encodeUp } from "./wire.ts"

const malformed = { ok: false, error: "malformed" }
const tooLarge = { ok: false, error: "too_large" }

test("every frame comes out as it went in", () => {
  fc.assert(
    fc.property(anyUp, (frame) => {
      expect(decodeUp(encodeUp(frame))).toEqual({ ok: true, value: frame })
    }),
  )
  fc.assert(
    fc.property(anyDown, (frame) => {
      expect(decodeDown(encodeDown(frame))).toEqual({ ok: true, value: frame })
    }),
  )
})

test("the samples show every kind", () => {
  const kinds = (options: readonly { shape: { t: { _zod: { def: { values: readonly unknown[] } } } } }[]) =>
    options.map((option) => option.shape.t._zod.def.values[0]).sort()
  const shown = (frames: Record<string, { t: string }>) =>
    [...new Set(Object.values(frames).map((f) => f.t))].sort()
  expect(shown(ups)).toEqual(kinds(up._zod.def.options as never))
  expect(shown(downs)).toEqual(kinds(down._zod.def.options as never))
})

describe("a frame that is not exactly one of ours is refused", () => {
  const raw = { session: bytes(16, 1), room: bytes(16, 2) }
  test.each<[string, unknown]>([
    ["no kind", { room: raw.room }],
    ["an unknown kind", { t: "shout" }],
    ["a kind of the other direction", { t: "pong", time: 1 }],
    ["a kind that is no text", { t: 1 }],
    ["an unknown field", { t: "ping", x: 1 }],
    ["a missing field", { t: "ephemeral", room: raw.room }],
    ["an id of 15 bytes", { t: "ephemeral", room: bytes(15, 1), body: bytes(1, 1) }],
    ["an id as text", { t: "ephemeral", room, body: bytes(1, 1) }],
    ["bytes as text", { t: "ephemeral", room: raw.room, body: "hello" }],
    ["bytes as numbers", { t: "ephemeral", room: raw.room, body: [1, 2] }],
    ["an empty body", { t: "ephemeral", room: raw.room, body: bytes(0, 0) }],
    ["a body over its bound", { t: "ephemeral", room: raw.room, body: bytes(4097, 0) }],
    ["a negative position", { t: "subscribe", rooms: [{ room: raw.room, incarnation: 1, seq: -1 }] }],
    ["a fraction", { t: "subscribe", rooms: [{ room: raw.room, incarnation: 1, seq: 1.5 }] }],
    ["no rooms", { t: "subscribe", rooms: [] }],
    [
      "too many messages",
      {
        t: "send",
        room: raw.room,
        generation: 0,
        epoch: 0,
        items: Array.from({ length: limits.sendItems + 1 }, (_, n) => ({ n, body: bytes(1, 1) })),
      },
    ],
    [
      "a message over its bound",
      {
        t: "send",
        room: raw.room,
        generation: 0,
        epoch: 0,
        items: [{ n: 1, body: new Uint8Array(limits.messageBytes + 1) }],
      },
    ],
    ["an array", ["ping"]],
    ["a number", 7],
    ["nothing", null],
  ])("%s", (_, value) => {
    expect(decodeUp(pack(value))).toEqual(malformed)
  })

  test("bytes after the frame", () => {
    expect(decodeUp(concat(pack({ t: "ping" }), Uint8Array.of(0)))).toEqual(malformed)
    expect(decodeUp(concat(pack({ t: "ping" }), pack({ t: "ping" })))).toEqual(malformed)
  })

  test("no bytes at all", () => {
    expect(decodeUp(new Uint8Array())).toEqual(malformed)
  })

  test("a field said twice with another meaning", () => {
    // {t: "ping", t: "pong"} by hand: no encoder writes it, and the last one counts for every reader alike.
    const twice = Uint8Array.of(
      0x82,
      0xa1,
      0x74,
      0xa4,
      0x70,
      0x69,
      0x6e,
      0x67,
      0xa1,
      0x74,
      0xa4,
      0x70,
      0x6f,
      0x6e,
      0x67,
    )
    expect(decodeUp(twice)).toEqual(malformed)
  })

  test("a prototype in disguise", () => {
    // {t: "ping", __proto__: {}}
    const bytes = concat(Uint8Array.of(0x82), pack("t"), pack("ping"), pack("__proto__"), Uint8Array.of(0x80))
    expect(decodeUp(bytes)).toEqual(malformed)
  })

  test("text that is not UTF-8", () => {
    expect(decodeUp(Uint8Array.of(0x81, 0xa1, 0x74, 0xa2, 0xc3, 0x28))).toEqual(malformed)
  })
})

describe("size and depth", () => {
  test("too many bytes are refused before they are read", () => {
    expect(decodeUp(new Uint8Array(limits.frameBytes + 1))).toEqual(tooLarge)
    expect(decodeUp(pack({ t: "ping" }), 3)).toEqual(tooLarge)
    expect(decodeDown(new Uint8Array(2 * limits.commitRequestBytes + 1))).toEqual(tooLarge)
  })

  test("what comes down may be as large as a commit", () => {
    const body = new Uint8Array(limits.commitRequestBytes)
    const entry = {
      seq: 1,
      generation: 0,
      kind: 1 as const,
      device: room,
      n: 1,
      time: 1,
      body,
      hash: bytes(32, 0),
    }
    const frame = { t: "entries" as const, room, incarnation: 1, entries: [entry] }
    expect(decodeDown(encodeDown(frame)).ok).toBe(true)
  })

  test.each([
    ["arrays", 0x91],
    ["maps", 0x81],
  ])("a megabyte of nested %s", (_, byte) => {
    expect(decodeUp(new Uint8Array(limits.frameBytes).fill(byte))).toEqual(malformed)
  })

  test.each<[string, number[]]>([
    ["an array", [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ["a map", [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ["a text", [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ["bytes", [0xc6, 0xff, 0xff, 0xff, 0xff]],
    ["an extension", [0xc9, 0xff, 0xff, 0xff, 0xff, 1]],
    ["a timestamp", [0xd6, 0xff, 0, 0, 0, 0]],
  ])("%s that claims four gigabytes, or is not ours", (_, head) => {
    expect(decodeUp(Uint8Array.from([0x81, 0xa1, 0x74, ...head]))).toEqual(malformed)
  })
})
