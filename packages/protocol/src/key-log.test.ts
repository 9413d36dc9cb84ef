import { createHash } from "node:crypto"
import fc from "fast-check"
import { expect, test } from "vitest"
import { concat, sameBytes, utf8 } from "./bytes.ts"
import { entryOf, headOf, logHouse, logOf, logUser, signer, startOfLog } from "./key-log.fixture.ts"
import {
  besideKeyLog,
  decodeKeyLogEntry,
  extendKeyLog,
  KEY_LOG_MAX,
  KEY_LOG_START,
  type KeyLogChange,
  keyLogContent,
  keyLogHash,
  keyLogSigned,
  keyLogToSign,
  liveDevices,
  verifyKeyLog,
} from "./key-log.ts"
import { KEY_LOG_ENTRY_MAX } from "./key-log-head.ts"
import { bytes, id } from "./samples.fixture.ts"

const uik = signer()
const house = signer()
const added = (n: number): KeyLogChange => ({
  kind: "device_added",
  device: id(n),
  signatureKey: bytes(32, n),
})
const revoked = (n: number): KeyLogChange => ({ kind: "device_revoked", device: id(n) })
const amk = (generation: number): KeyLogChange => ({ kind: "account_key", generation })
const identity: KeyLogChange = { kind: "identity", uik: uik.publicKey }
const life = [identity, amk(1), added(1), added(2), revoked(1), amk(2), added(3)]
const { log: whole, entries } = logOf(uik, life)

const verify = (given: readonly Uint8Array[], head = headOf(house, whole)) =>
  verifyKeyLog(house.publicKey, startOfLog(), given, head)

test("a log says which identity, devices and generation there are", async () => {
  const read = await verify(entries)
  if (!read.ok) throw new Error(read.error)
  expect(read.value.uik).toEqual(uik.publicKey)
  expect(read.value.generation).toBe(2)
  expect(liveDevices(read.value)).toEqual([id(2), id(3)])
  expect(read.value.devices.get(id(1))).toEqual({ signatureKey: bytes(32, 1), revoked: true })
  expect(await verifyKeyLog(house.publicKey, startOfLog(), [], headOf(house, startOfLog()))).toEqual({
    ok: true,
    value: startOfLog(),
  })
})

test("golden: the bytes of an entry and its hash are these for ever", () => {
  const content = keyLogContent(startOfLog(), { kind: "identity", uik: bytes(32, 7) })
  const parts = [[1, 1], bytes(16, 0x50), bytes(16, 0x60), [0, 0, 0, 1], new Array(32).fill(0), bytes(32, 7)]
  expect(content).toEqual(Uint8Array.from(parts.flatMap((part) => [...part])))
  const entry = concat(content, bytes(64, 9))
  const read = extendKeyLog(startOfLog(), [entry])
  const expected = createHash("sha256").update("teahouse/key log chain/v1\0").update(entry).digest()
  expect(read.ok && keyLogHash(read.value)).toEqual(new Uint8Array(expected))
  const largest = entryOf(uik, whole, added(9))
  expect(largest.length).toBe(KEY_LOG_ENTRY_MAX)
})

test("what does not fit what was said before is refused, whoever signed it", () => {
  const refusals: [string, readonly KeyLogChange[]][] = [
    ["bad_identity", [amk(1)]],
    ["bad_identity", [identity, identity]],
    ["bad_device", [identity, added(1), added(1)]],
    ["bad_device", [identity, revoked(1)]],
    ["bad_device", [identity, added(1), revoked(1), revoked(1)]],
    ["bad_device", [identity, added(1), revoked(1), added(1)]],
    ["bad_generation", [identity, amk(2)]],
    ["bad_generation", [identity, amk(1), amk(1)]],
  ]
  for (const [reason, changes] of refusals) {
    const before = logOf(uik, changes.slice(0, -1)).log
    const last = changes.at(-1) as KeyLogChange
    const entry = entryOf(uik, before, last)
    expect(extendKeyLog(before, [entry]), JSON.stringify(last)).toEqual({ ok: false, error: reason })
  }
})

test("every log that is cut, reordered, repeated, mixed or of somebody else is refused", async () => {
  const other = logOf(uik, life, startOfLog(id(0x61)))
  const fork = logOf(uik, [added(8)], logOf(uik, life.slice(0, 3)).log)
  const [first, second, third] = entries as [Uint8Array, Uint8Array, Uint8Array]
  const hostile: [string, readonly Uint8Array[]][] = [
    ["bad_head", entries.slice(0, -1)],
    ["bad_head", []],
    ["not_next", entries.slice(1)],
    ["not_next", [first, third, second, ...entries.slice(3)]],
    ["not_next", [first, first, ...entries.slice(1)]],
    ["not_next", [...entries.slice(0, 3), ...fork.entries, ...entries.slice(4)]],
    ["bad_head", [...entries.slice(0, 3), ...fork.entries]],
    ["another_account", other.entries],
    ["another_account", [...entries.slice(0, 3), ...other.entries.slice(3)]],
    ["malformed", [utf8("garbage")]],
    ["malformed", [concat(first, Uint8Array.of(0)), ...entries.slice(1)]],
  ]
  for (const [reason, given] of hostile) expect(await verify(given)).toEqual({ ok: false, error: reason })
})

test("an entry stands where it says that it stands", () => {
  // Rightly signed, after the right entry, and not where it says that it stands.
  const content = (entries[3] as Uint8Array).slice(0, -64)
  content[37] = 9
  const misplaced = concat(content, uik.sign(keyLogToSign(content)))
  expect(extendKeyLog(startOfLog(), [...entries.slice(0, 3), misplaced])).toEqual({
    ok: false,
    error: "not_next",
  })
})

test("signed by another key, by no key, or with a head of another house, it is refused", async () => {
  const thief = signer()
  // The whole log once more under a key of one's own, with the house's help: that is another identity, and shows it.
  const stolen = logOf(thief, [{ kind: "identity", uik: thief.publicKey }, ...life.slice(1)])
  const read = await verify(stolen.entries, headOf(house, stolen.log))
  expect(read.ok && sameBytes(read.value.uik ?? KEY_LOG_START, uik.publicKey)).toBe(false)
  // Under the right identity it does not pass.
  const claimed = logOf(thief, life)
  expect(await verify(claimed.entries, headOf(house, claimed.log))).toEqual({
    ok: false,
    error: "bad_signature",
  })
  expect(await verify(entries, headOf(thief, whole))).toEqual({ ok: false, error: "bad_head" })
  const head = headOf(house, whole)
  for (const lie of [
    { incarnation: 2 },
    { position: 6 },
    { hash: bytes(32, 1) },
    { signature: bytes(64, 1) },
  ])
    expect(await verify(entries, { ...head, ...lie })).toEqual({ ok: false, error: "bad_head" })
  // A head of another account's log says nothing of this one.
  const foreign = headOf(house, { ...whole, user: id(0x61) })
  expect(await verify(entries, foreign)).toEqual({ ok: false, error: "bad_head" })
})

test("no bit of an entry can be another one", async () => {
  const random = fc.tuple(fc.nat(entries.length - 1), fc.nat(), fc.nat(7))
  await fc.assert(
    fc.asyncProperty(random, async ([which, at, bit]) => {
      const given = entries.map((entry) => entry.slice())
      const entry = given[which] as Uint8Array
      const place = at % entry.length
      entry[place] = (entry[place] ?? 0) ^ (1 << bit)
      expect((await verify(given)).ok).toBe(false)
    }),
    { numRuns: 200 },
  )
})

test("what an entry decodes to is what it was made of, and other lengths are none", () => {
  for (const [i, change] of life.entries()) {
    const entry = entries[i] as Uint8Array
    expect(decodeKeyLogEntry(entry)).toEqual({
      house: logHouse,
      user: logUser,
      position: i + 1,
      before: i === 0 ? KEY_LOG_START : whole.hashes[i - 1],
      change,
    })
    for (let length = 0; length < entry.length; length += 13)
      expect(decodeKeyLogEntry(entry.subarray(0, length))).toBeUndefined()
  }
})

test("a log has an end", () => {
  const full = { ...whole, hashes: new Array<Uint8Array>(KEY_LOG_MAX).fill(bytes(32, 1)) }
  expect(extendKeyLog(full, [entryOf(uik, full, added(9))])).toEqual({ ok: false, error: "too_long" })
})

// ---------------------------------------------------------------------------------------- any order gives one chain

/** What a compare-and-set house keeps of appends that race, each made upon what its device has read last. */
const step = fc.oneof(
  fc.record({ by: fc.nat(2), does: fc.constant("read" as const) }),
  fc.record({
    by: fc.nat(2),
    does: fc.constant("append" as const),
    what: fc.nat(2),
    n: fc.integer({ min: 10, max: 30 }),
  }),
)

test("whatever the order of appends and reads, there is one chain, and each reader is on it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      let stored = [...logOf(uik, [identity, amk(1)]).entries]
      let log = logOf(uik, [identity, amk(1)]).log
      const readers = [log, log, log]
      for (const one of steps) {
        const seen = readers[one.by] as typeof log
        if (one.does === "read") {
          const read = await verifyKeyLog(
            house.publicKey,
            seen,
            stored.slice(seen.hashes.length),
            headOf(house, log),
          )
          if (!read.ok) throw new Error(read.error)
          readers[one.by] = read.value
          continue
        }
        const change = [added(one.n), revoked(one.n), amk(seen.generation + 1)][one.what] as KeyLogChange
        const made = entryOf(uik, seen, change)
        const appended = extendKeyLog(log, [made])
        // Upon an older head nothing is taken, however well it is signed.
        if (seen.hashes.length < log.hashes.length) expect(appended).toEqual({ ok: false, error: "not_next" })
        if (!appended.ok) continue
        log = appended.value
        stored = [...stored, made]
      }
      expect(stored.length).toBe(log.hashes.length)
      for (const reader of readers)
        expect(besideKeyLog(log, { position: reader.hashes.length, hash: keyLogHash(reader) })).toBe("on")
      expect(await keyLogSigned(uik.publicKey, stored)).toBe(true)
    }),
    { numRuns: 40 },
  )
})

test("every other selection and order of a log's entries is refused", async () => {
  const some = fc.shuffledSubarray(entries.map((_, i) => i))
  await fc.assert(
    fc.asyncProperty(some, async (order) => {
      const same = order.length === entries.length && order.every((at, i) => at === i)
      const given = order.map((at) => entries[at] as Uint8Array)
      expect((await verify(given)).ok).toBe(same)
    }),
    { numRuns: 200 },
  )
})

test("a head lies on the chain, ahead of it, or on another one", () => {
  const short = logOf(uik, life.slice(0, 4)).log
  const fork = logOf(uik, [added(9)], logOf(uik, life.slice(0, 3)).log).log
  const at = (log: typeof short) => ({ position: log.hashes.length, hash: keyLogHash(log) })
  expect(besideKeyLog(whole, at(short))).toBe("on")
  expect(besideKeyLog(whole, at(startOfLog()))).toBe("on")
  expect(besideKeyLog(short, at(whole))).toBe("ahead")
  expect(besideKeyLog(whole, at(fork))).toBe("forked")
  expect(besideKeyLog(whole, { position: 0, hash: bytes(32, 1) })).toBe("forked")
})
