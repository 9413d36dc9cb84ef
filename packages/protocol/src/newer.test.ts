import { expect, test } from "vitest"
import * as z from "zod/mini"
import { down } from "./down.ts"
import { decodeNewer } from "./newer.ts"
import { pack } from "./pack.ts"
import { bytes, downs, ups } from "./samples.fixture.ts"
import { up } from "./up.ts"
import { agreed, isNewer, ofAnotherMajor, protocolVersion, readVersion, versionText } from "./version.ts"
import { decodeDown, decodeUp, encodeDown, encodeUp } from "./wire.ts"

const { major, minor } = protocolVersion
const encoded = {
  up: (one: unknown) => z.encode(up, one as never),
  down: (one: unknown) => z.encode(down, one as never),
}

/** Every map in it, at whatever depth, has a field that only a newer version has. */
function grown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(grown)
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value
  const fields = Object.entries(value).map(([key, one]) => [key, key === "detail" ? one : grown(one)])
  return { ...Object.fromEntries(fields), newer: { of: [1] } }
}

test("every frame of a newer house is read as if its new fields were not there", () => {
  for (const [name, frame] of Object.entries(downs)) {
    const plain = decodeDown(encodeDown(frame))
    expect(plain.ok, name).toBe(true)
    expect(decodeDown(pack(grown(encoded.down(frame)))), name).toEqual(plain)
  }
})

test("so is every frame of a client that has said so, and of no other", () => {
  for (const [name, frame] of Object.entries(ups)) {
    const bytes = pack(grown(encoded.up(frame)))
    expect(decodeUp(bytes, undefined, true), name).toEqual(decodeUp(encodeUp(frame)))
    expect(decodeUp(bytes), name).toEqual({ ok: false, error: "malformed" })
  }
})

test("a kind of frame that is not known yet is told apart from noise", () => {
  const shout = pack({ t: "shout", text: "tea!" })
  const unknown = { ok: false, error: "unknown_kind" }
  expect(decodeDown(shout)).toEqual(unknown)
  expect(decodeUp(shout, undefined, true)).toEqual(unknown)
  expect(decodeUp(shout)).toEqual({ ok: false, error: "malformed" })
  for (const noise of [{ t: 7 }, { text: "tea!" }, ["shout"], "shout", null, 7])
    expect(decodeDown(pack(noise))).toEqual({ ok: false, error: "malformed" })
})

test("what is wrong stays wrong, whatever else is new", () => {
  const room = bytes(16, 1)
  for (const frame of [
    { t: "ephemeral", room, device: room, newer: 1 },
    { t: "ephemeral", room: bytes(15, 1), device: room, body: bytes(1, 1), newer: 1 },
    { t: "refused", room, n: 1, error: { kind: "of a newer house" }, newer: 1 },
    { t: "hint", topics: [7] },
    { t: "live", room, incarnation: 1, seq: 1, head: bytes(3, 1) },
    { t: "live", room, incarnation: 1, seq: 1, head: [1, 2] },
    { t: "hint", topics: "notebook" },
  ])
    expect(decodeDown(pack(frame))).toEqual({ ok: false, error: "malformed" })
})

test("of a hint the topics that are known are heard", () => {
  expect(
    decodeDown(pack({ t: "hint", topics: ["weather", "notebook", "tides", "history", "stars"] })),
  ).toEqual({
    ok: true,
    value: { t: "hint", topics: ["notebook", "history"] },
  })
})

test("nothing of it reaches a prototype, and fields without end are no work without end", () => {
  const value = JSON.parse('{"t":"ping","__proto__":{"polluted":1},"constructor":1}')
  expect(decodeNewer(up, value)).toMatchObject({ success: true, data: { t: "ping" } })
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
  let deep: unknown = {}
  for (let n = 0; n < 10; n++) deep = { deep }
  expect(decodeNewer(z.strictObject({ a: z.strictObject({}) }), { a: { deep } })).toMatchObject({
    data: { a: {} },
  })
})

test("a greeting of another major is known for what it is, however else it looks", () => {
  const other = { ok: false, error: "unsupported_version" }
  expect(decodeDown(pack({ t: "challenge", major: major + 1, riddle: "?" }))).toEqual(other)
  expect(decodeUp(pack({ t: "hello", major: major + 1, minor: 0 }))).toEqual(other)
  expect(decodeUp(pack({ t: "hello", major, minor: 0 }))).toEqual({ ok: false, error: "malformed" })
  expect([{ major: major + 1 }, { major }, {}, null, "1"].map(ofAnotherMajor)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ])
})

test("versions are written, read and compared", () => {
  expect(readVersion(versionText())).toEqual(protocolVersion)
  for (const text of ["", "1", "1.", ".1", "1.0.0", " 1.0", "-1.0", "1e3.0", "1.1234567"])
    expect(readVersion(text), text).toBeUndefined()
  expect([minor, minor + 1].map((one) => isNewer({ major, minor: one }))).toEqual([false, true])
  expect([minor, minor + 9].map((one) => agreed({ major, minor: one }))).toEqual([minor, minor])
})
