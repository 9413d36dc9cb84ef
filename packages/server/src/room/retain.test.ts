/** What a retention lets go, and what it never does: only what is old and what every member's account has. */
import { CHAIN_START, nextHash } from "@teahouse/protocol/chain.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { rawSql } from "../db/database.fixture.ts"
import type { Database } from "../db/port.ts"
import { packStretches } from "../history/stretches.ts"
import { id, leaf, leaves, openDb, openTestRoom, sendOf, type TestRoom, tempDir } from "./log.fixture.ts"
import { readEntries } from "./read.ts"
import { createRetention } from "./retention.ts"
import type { RosterLeaf } from "./writes/roster.ts"

const DAY = 24 * 3_600_000
const NOW = 1_000 * DAY
let dir: ReturnType<typeof tempDir>
let db: Database
let room: TestRoom
let [lin, mei]: RosterLeaf[] = []
beforeEach(async () => {
  dir = tempDir()
  db = await openDb(dir.path)
  room = await openTestRoom(db, leaves(2))
  ;[lin, mei] = room.roster as RosterLeaf[]
})
afterEach(async () => {
  await db.close()
  dir.remove()
})

/** Five at a time, from number 2 on. */
const say = async (count: number, at: number, from = 2) => {
  for (let n = from; n < from + count; n += 5) {
    const ns = Array.from({ length: Math.min(5, from + count - n) }, (_, i) => n + i)
    await db.append([sendOf(room.room, (lin as RosterLeaf).device, ns)], at)
  }
}
const keep = (user: Id, from: number, to: number, version = 1) =>
  rawSql(
    dir.path,
    "INSERT INTO history_segment (user_id, room_id, incarnation, segment, version, generation, bytes, position, replaced, whole_from, whole_to) VALUES (?, ?, 1, ?, ?, 1, 9, ?, 0, ?, ?)",
    [idBytes(user), idBytes(room.room), Math.floor(to / 256), version, Math.floor(to / 256) + 1, from, to],
  )
/** A third one, from this entry on, and gone with the one of `until`. */
const comes = ({ device, user, signatureKey }: RosterLeaf, since: number, until = 0) =>
  rawSql(
    dir.path,
    "INSERT INTO room_device (room_id, device_id, user_id, member, leaf, signature_key, since, until, n, seq, from_seq) VALUES (?, ?, ?, ?, 2, ?, ?, ?, 0, 0, 0)",
    [...[room.room, device, user].map(idBytes), until === 0 ? 1 : 0, signatureKey, since, until],
  )
const sweep = async (days = 30) => {
  const errors: unknown[] = []
  const retention = createRetention({ db, days, now: () => NOW, onError: (error) => errors.push(error) })
  await retention.sweep()
  retention.stop()
  expect(errors).toEqual([])
}
const entries = async () => {
  const bounds = { logRangeEntries: 10_000, logRangeBytes: 1e9 }
  return readEntries(db, room.room, 0, 10_000, bounds)
}
const emptied = async () => (await entries()).filter(({ body }) => body === null).map(({ seq }) => seq)

describe("a retention", () => {
  it("lets old messages go that both have, no commit, and no new one; the chain still fits", async () => {
    await say(5, NOW - 31 * DAY)
    await say(5, NOW - 29 * DAY, 7)
    for (const one of [lin, mei]) await keep((one as RosterLeaf).user, 1, 11)
    await sweep()
    expect(await emptied()).toEqual([2, 3, 4, 5, 6])
    let hash: Uint8Array = CHAIN_START
    for (const entry of await entries()) {
      const bodyHash = entry.body ? sha256(entry.body) : (entry.bodyHash as Uint8Array)
      hash = nextHash(hash, { ...entry, room: room.room, bodyHash })
      expect(Buffer.from(hash)).toEqual(Buffer.from(entry.hash))
    }
    // The same message again is answered as before.
    const again = await db.append([sendOf(room.room, (lin as RosterLeaf).device, [11])], NOW)
    expect(again).toMatchObject([{ ok: true, value: { positions: [{ seq: 11 }], fresh: 0 } }])
    await sweep(29 - 1)
    expect(await emptied()).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  it("stops where somebody does not have it, and goes on when they do", async () => {
    await say(10, NOW - 40 * DAY)
    await keep((lin as RosterLeaf).user, 1, 11)
    await sweep()
    expect(await emptied()).toEqual([])
    await keep((mei as RosterLeaf).user, 1, 4)
    await sweep()
    expect(await emptied()).toEqual([2, 3, 4])
    await rawSql(dir.path, "UPDATE history_segment SET whole_to = 8")
    await sweep()
    expect(await emptied()).toEqual([2, 3, 4, 5, 6, 7, 8])
  })

  it.each([
    ["with a gap before it", "UPDATE history_segment SET whole_from = 3"],
    ["that says nothing", "UPDATE history_segment SET whole_from = 0, whole_to = 0"],
    ["that was deleted", "UPDATE history_segment SET bytes = 0"],
    ["of another numbering", "UPDATE history_segment SET incarnation = 0"],
    ["of a life before this one", "UPDATE entry SET incarnation = 2 WHERE seq > 1"],
    ["of another block", "UPDATE history_segment SET segment = 1"],
  ])("a history %s counts for nothing", async (_, sql) => {
    await say(5, NOW - 40 * DAY)
    for (const one of [lin, mei]) await keep((one as RosterLeaf).user, 1, 6)
    await rawSql(dir.path, sql)
    await sweep()
    expect(await emptied()).toEqual([])
  })

  it("asks of nobody what they could not read: who came later, who has gone", async () => {
    await say(5, NOW - 40 * DAY)
    const late = leaf(2)
    await comes(late, 5)
    await rawSql(dir.path, "UPDATE room_device SET member = 0, until = 3 WHERE user_id = ?", [
      idBytes((mei as RosterLeaf).user),
    ])
    await keep((lin as RosterLeaf).user, 1, 6)
    await sweep()
    expect(await emptied()).toEqual([2, 3, 4])
    await keep(late.user, 5, 6)
    await sweep()
    expect(await emptied()).toEqual([2, 3, 4, 5, 6])
  })

  it("asks of who left and came back nothing from between, and what is before and after as of anybody", async () => {
    await say(598, NOW - 40 * DAY)
    const came = leaf(2)
    await comes({ ...came, device: id() }, 1, 4)
    await comes(came, 520)
    for (const [from, to] of [
      [1, 255],
      [256, 511],
      [512, 599],
    ] as const)
      for (const one of [lin, mei] as RosterLeaf[]) await keep(one.user, from, to)
    await sweep()
    expect(await emptied()).toEqual([])
    await keep(came.user, 1, 4)
    await sweep()
    expect((await emptied()).at(-1)).toBe(519)
    await keep(came.user, 521, 599)
    await sweep()
    expect((await emptied()).at(-1)).toBe(519)
    await rawSql(dir.path, "UPDATE history_segment SET whole_from = 520 WHERE whole_from = 521")
    await sweep()
    expect((await emptied()).at(-1)).toBe(599)
  })

  it("asks the same of who left and came back within one block, stretch by stretch", async () => {
    await say(98, NOW - 40 * DAY)
    const came = leaf(2)
    await comes({ ...came, device: id() }, 1, 20)
    await comes(came, 50)
    for (const one of [lin, mei] as RosterLeaf[]) await keep(one.user, 1, 99)
    await keep(came.user, 1, 20)
    const again = (...stretches: readonly (readonly [number, number])[]) =>
      rawSql(dir.path, "UPDATE history_segment SET whole_again = ? WHERE user_id = ?", [
        packStretches(
          0,
          stretches.map(([from, to]) => ({ from, to })),
        ) as Uint8Array,
        idBytes(came.user),
      ])
    await sweep()
    expect((await emptied()).at(-1)).toBe(49)
    // It begins too late, and what came before is of another stretch.
    await again([30, 40], [51, 99])
    await sweep()
    expect((await emptied()).at(-1)).toBe(49)
    await again([30, 40], [50, 70], [72, 99])
    await sweep()
    expect((await emptied()).at(-1)).toBe(70)
    await again([50, 99])
    await sweep()
    expect((await emptied()).at(-1)).toBe(99)
  })

  it("goes through a long room in steps, over the edges of blocks", async () => {
    await say(600, NOW - 40 * DAY)
    for (const one of [lin, mei] as RosterLeaf[])
      for (const [from, to] of [
        [1, 255],
        [256, 511],
        [512, 601],
      ] as const)
        await keep(one.user, from, to)
    const others = await Promise.all([1, 2, 3].map(() => openTestRoom(db, leaves(1), 1, id())))
    expect(others).toHaveLength(3)
    await sweep()
    expect((await emptied()).length).toBe(600)
  })
})
