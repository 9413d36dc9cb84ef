/** What every log does, whatever it is stored in; each database's adapter runs it. */
import { CHAIN_START, nextHash } from "@teahouse/protocol/chain.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { describe, expect, test } from "vitest"
import type { Database } from "../db/port.ts"
import { commitOf, id, leaf, leaves, openTestRoom, random, sendOf } from "./log.fixture.ts"
import type { AppendRequest, AppendResult } from "./log.ts"
import { readEntries, type StoredEntry } from "./read.ts"
import type { RosterLeaf } from "./writes/roster.ts"

const everything = { logRangeEntries: 100_000, logRangeBytes: 1e9 }
export const logOf = (db: Database, room: Id): Promise<StoredEntry[]> =>
  readEntries(db, room, 0, Number.MAX_SAFE_INTEGER, everything)

/** Gapless from 1, each hash made from the one before, times never decreasing. */
export function expectChain(room: Id, entries: readonly StoredEntry[]) {
  let hash = CHAIN_START
  let time = 0
  entries.forEach((entry, i) => {
    expect(entry.seq).toBe(i + 1)
    const bodyHash = sha256(entry.body as Uint8Array)
    hash = nextHash(hash, { room, ...entry, bodyHash })
    expect(Buffer.from(hash).equals(entry.hash)).toBe(true)
    expect(entry.time).toBeGreaterThanOrEqual(time)
    time = entry.time
  })
}

const kindOf = (result: AppendResult | undefined) =>
  result?.ok ? `placed ${result.value.positions.map((p) => p.seq)}` : result?.error.kind

export function logContract(name: string, open: () => Promise<Database>) {
  describe(name, () => {
    const one = async (db: Database, request: AppendRequest, now = 1_000) =>
      (await db.append([request], now))[0] as AppendResult

    test("requests of many rooms in one append are placed in order, each room gapless and chained", async () => {
      const db = await open()
      const rooms = await Promise.all([1, 2, 3].map(() => openTestRoom(db, leaves(2))))
      const requests = [1, 2, 3].flatMap((round) =>
        rooms.flatMap(({ room, roster }) =>
          roster.map(({ device }) => sendOf(room, device, [round * 10, round * 10 + 1])),
        ),
      )
      const results = await db.append(requests, 5_000)
      expect(results.every((r) => r.ok && r.value.fresh === 2)).toBe(true)
      for (const { room } of rooms) {
        const entries = await logOf(db, room)
        expect(entries).toHaveLength(1 + 3 * 2 * 2)
        expectChain(room, entries)
      }
      const first = results[0]
      const stored = (await logOf(db, rooms[0]?.room as Id))[1]
      expect(first?.ok && first.value.positions[0]).toMatchObject({ seq: 2, time: 5_000 })
      expect(Buffer.from(stored?.body as Uint8Array).equals(requests[0]?.items[0]?.body as Uint8Array)).toBe(
        true,
      )
    })

    test("the same request again gets the first answer, an older one already_sent, a gap is allowed", async () => {
      const db = await open()
      const { room, maker } = await openTestRoom(db, leaves(1))
      const request = sendOf(room, maker.device, [5, 6, 9])
      const first = await one(db, request)
      const again = await one(db, request)
      expect(kindOf(first)).toBe("placed 2,3,4")
      expect(again).toEqual({ ...first, value: { ...(first as { value: object }).value, fresh: 0 } })
      await one(db, sendOf(room, maker.device, [12]))
      expect(kindOf(await one(db, request))).toBe("already_sent")
      expect(kindOf(await one(db, sendOf(room, maker.device, [10])))).toBe("already_sent")
      expect(await logOf(db, room)).toHaveLength(5)
    })

    test("a request that repeats some items and brings new ones places the new ones only, and can be repeated", async () => {
      const db = await open()
      const { room, roster } = await openTestRoom(db, leaves(2))
      const [a, b] = roster.map((l) => l.device) as [Id, Id]
      await one(db, sendOf(room, a, [2, 3]))
      await one(db, sendOf(room, b, [1]))
      const mixed = sendOf(room, a, [2, 3, 4])
      for (const fresh of [1, 0]) {
        const result = await one(db, mixed)
        expect(kindOf(result)).toBe("placed 2,3,5")
        expect(result.ok && result.value.fresh).toBe(fresh)
      }
    })

    test("the first answer is given even where a new message would be refused", async () => {
      const db = await open()
      const { room, roster, maker } = await openTestRoom(db, leaves(2))
      const request = sendOf(room, maker.device, [2])
      await one(db, request)
      await db.write("room.commit", commitOf(room, roster[1] as typeof maker, 1, 0, roster))
      expect(kindOf(await one(db, request))).toBe("placed 2")
      expect(kindOf(await one(db, sendOf(room, maker.device, [3])))).toBe("stale_epoch")
    })

    test("only the current generation and epoch are taken", async () => {
      const db = await open()
      const { room, roster, maker } = await openTestRoom(db, leaves(1))
      expect(kindOf(await one(db, sendOf(room, maker.device, [2], 1)))).toBe("stale_epoch")
      expect(kindOf(await one(db, { ...sendOf(room, maker.device, [2]), generation: 1 }))).toBe("stale_epoch")
      await db.write("room.commit", commitOf(room, maker, 2, 0, roster))
      expect(kindOf(await one(db, sendOf(room, maker.device, [3], 1)))).toBe("placed 3")
    })

    test("of two commits for one epoch one is taken, whatever comes in between", async () => {
      const db = await open()
      const { room, roster, maker } = await openTestRoom(db, leaves(2))
      const both = roster.map((by, i) => db.write("room.commit", commitOf(room, by, 2 + i, 0, roster)))
      const message = one(db, sendOf(room, maker.device, [9]))
      const kinds = (await Promise.all(both)).map((r) => (r.ok ? "ok" : r.error.kind))
      expect(kinds).toEqual(["ok", "stale_epoch"])
      expect(kindOf(await message)).toBe("stale_epoch")
      expectChain(room, await logOf(db, room))
    })

    test("a commit is idempotent by its number, and its numbers are the messages' numbers", async () => {
      const db = await open()
      const { room, roster, maker } = await openTestRoom(db, leaves(1))
      await one(db, sendOf(room, maker.device, [4]))
      const low = await db.write("room.commit", commitOf(room, maker, 3, 0, roster))
      expect(low.ok ? "ok" : low.error.kind).toBe("already_sent")
      const args = commitOf(room, maker, 5, 0, roster)
      const first = await db.write("room.commit", args)
      const again = await db.write("room.commit", args)
      expect(first.ok && again.ok && [again.value.seq, again.value.fresh]).toEqual([
        first.ok && first.value.seq,
        false,
      ])
      expect(await logOf(db, room)).toHaveLength(3)
      // The same number for something else must not be taken for placed.
      const other = await db.write("room.commit", { ...args, commit: random(30) })
      expect(other.ok ? "ok" : other.error.kind).toBe("already_sent")
      expect(kindOf(await one(db, sendOf(room, maker.device, [5], 1)))).toBe("already_sent")
      const after = (await logOf(db, room))[2]?.hash as Uint8Array
      const said = { room, ...maker, n: 5, notice: args.commit, after, now: 1_000 }
      const noticed = await db.write("room.notice", { ...said, effect: { kind: "frozen" } })
      expect(noticed.ok ? "ok" : noticed.error.kind).toBe("already_sent")
    })

    test("a new device comes in by itself while its user stays, also before a request is accepted", async () => {
      const db = await open()
      const late = (by: RosterLeaf, index: number): RosterLeaf => ({ ...leaf(index), user: by.user })
      const join = async (room: Id, by: RosterLeaf, epoch: number, roster: readonly RosterLeaf[], n = 1) => {
        const args = commitOf(room, by, n, epoch, roster, { external: true })
        const done = await db.write("room.commit", args)
        return done.ok ? "in" : done.error.kind
      }
      const waiting = await openTestRoom(db, leaves(2), 0)
      const tablet = late(waiting.roster[1] as RosterLeaf, 2)
      expect(await join(waiting.room, tablet, 0, [...waiting.roster, tablet])).toBe("in")
      expect(kindOf(await one(db, sendOf(waiting.room, tablet.device, [2], 1)))).toBe("room_frozen")
      const member = commitOf(waiting.room, waiting.maker, 2, 1, waiting.roster)
      const refused = await db.write("room.commit", member)
      expect(refused.ok ? "ok" : refused.error.kind).toBe("room_frozen")
      const head = (await logOf(db, waiting.room))[1]?.hash as Uint8Array
      const said = { room: waiting.room, ...tablet, n: 3, notice: random(9), after: head, now: 1_000 }
      expect((await db.write("room.notice", { ...said, effect: { kind: "resumed" } })).ok).toBe(true)
      expect(kindOf(await one(db, sendOf(waiting.room, tablet.device, [4], 1)))).toBe("placed 4")

      const { room, roster, maker } = await openTestRoom(db, leaves(2))
      const other = roster[1] as RosterLeaf
      const after = (await logOf(db, room))[0]?.hash as Uint8Array
      const left = { room, ...other, n: 1, notice: random(9), after, now: 1_000 }
      const effect = { kind: "left", user: other.user } as const
      expect((await db.write("room.notice", { ...left, effect })).ok).toBe(true)
      const again = late(other, 2)
      expect(await join(room, again, 0, [...roster, again])).toBe("not_a_member")
      expect(await join(room, other, 0, roster, 2)).toBe("not_a_member")
      const own = late(maker, 2)
      expect(await join(room, own, 0, [...roster, own])).toBe("in")
    })

    test("strangers, removed devices and closed rooms are refused, and nothing is changed", async () => {
      const db = await open()
      const { room, roster, maker } = await openTestRoom(db, leaves(2))
      const other = roster[1] as typeof maker
      expect(kindOf(await one(db, sendOf(id(), maker.device, [2])))).toBe("unknown_room")
      expect(kindOf(await one(db, sendOf(room, id(), [2])))).toBe("unknown_room")
      await db.write("room.commit", commitOf(room, maker, 2, 0, [maker]))
      expect(kindOf(await one(db, sendOf(room, other.device, [2], 1)))).toBe("not_a_member")
      for (const state of [0, 2]) {
        const closed = await openTestRoom(db, leaves(1), state)
        expect(kindOf(await one(db, sendOf(closed.room, closed.maker.device, [2])))).toBe("room_frozen")
        expect(await logOf(db, closed.room)).toHaveLength(1)
      }
      expect(await logOf(db, room)).toHaveLength(2)
    })

    test("a device that comes back goes on with its numbers", async () => {
      const db = await open()
      const { room, roster, maker } = await openTestRoom(db, leaves(2))
      const other = roster[1] as typeof maker
      await one(db, sendOf(room, other.device, [7]))
      await db.write("room.commit", commitOf(room, maker, 2, 0, [maker]))
      await db.write("room.commit", commitOf(room, maker, 3, 1, roster))
      expect(kindOf(await one(db, sendOf(room, other.device, [6], 2)))).toBe("already_sent")
      expect(kindOf(await one(db, sendOf(room, other.device, [8], 2)))).toBe("placed 5")
    })

    test("after somebody has left nothing is sent before a commit removes the leaves", async () => {
      const db = await open()
      const { room, roster, maker } = await openTestRoom(db, leaves(2))
      const other = roster[1] as typeof maker
      const head = (await logOf(db, room))[0]?.hash as Uint8Array
      const left = { room, ...other, n: 1, notice: random(9), after: head, now: 1_000 }
      const effect = { kind: "left", user: other.user } as const
      const stale = await db.write("room.notice", { ...left, after: random(32), effect })
      expect(stale.ok ? "ok" : stale.error.kind).toBe("stale_head")
      const noticed = await db.write("room.notice", { ...left, effect })
      expect(noticed.ok && noticed.value.gone).toEqual([other.device])
      const refused = await one(db, sendOf(room, maker.device, [2]))
      expect(refused.ok || refused.error).toMatchObject({
        kind: "stale_epoch",
        detail: { reason: "removal_due" },
      })
      expect(kindOf(await one(db, sendOf(room, other.device, [2])))).toBe("not_a_member")
      // Who has said nothing is not removed on the strength of a notice from somewhere.
      const unsaid = commitOf(room, other, 2, 0, [other], { proven: [maker.device] })
      expect((await db.write("room.commit", { ...unsaid, device: maker.device, user: maker.user })).ok).toBe(
        false,
      )
      const removal = commitOf(room, maker, 2, 0, [maker], { removal: true, proven: [other.device] })
      expect((await db.write("room.commit", removal)).ok).toBe(true)
      expect(kindOf(await one(db, sendOf(room, maker.device, [3], 1)))).toBe("placed 4")
    })

    test("nobody revokes a device of somebody else, nor one that is not there", async () => {
      const db = await open()
      const { room, roster, maker } = await openTestRoom(db, leaves(2))
      const other = roster[1] as typeof maker
      const after = (await logOf(db, room))[0]?.hash as Uint8Array
      const said = { room, ...other, n: 1, notice: random(9), after, now: 1_000 }
      const revoke = async (device: typeof maker.device) => {
        const effect = { kind: "device_revoked", user: other.user, device } as const
        const done = await db.write("room.notice", { ...said, effect })
        return done.ok ? done.value.gone : done.error.kind
      }
      expect(await revoke(maker.device)).toBe("unknown_device")
      expect(await revoke(id())).toBe("unknown_device")
      expect(await logOf(db, room)).toHaveLength(1)
      expect(kindOf(await one(db, sendOf(room, maker.device, [2])))).toBe("placed 2")
      said.after = (await logOf(db, room))[1]?.hash as Uint8Array
      expect(await revoke(other.device)).toEqual([other.device])
    })

    test("after a commit only messages and removals are taken for a while", async () => {
      const db = await open()
      const { room, roster, maker } = await openTestRoom(db, leaves(2))
      const quiet = { quietMs: 1_000, quietPerLeafMs: 5 }
      await db.write("room.commit", commitOf(room, maker, 2, 0, roster, quiet))
      const early = await db.write(
        "room.commit",
        commitOf(room, maker, 3, 1, roster, { ...quiet, now: 1_400 }),
      )
      expect(early.ok || early.error).toMatchObject({ kind: "rate_limited", retryAfterMs: 600 })
      expect(kindOf(await one(db, sendOf(room, maker.device, [3], 1), 1_400))).toBe("placed 3")
      const removal = { ...quiet, now: 1_400, removal: true }
      expect((await db.write("room.commit", commitOf(room, maker, 4, 1, [maker], removal))).ok).toBe(true)
      const later = { ...quiet, now: 2_401 }
      expect((await db.write("room.commit", commitOf(room, maker, 5, 2, [maker, leaf(1)], later))).ok).toBe(
        true,
      )
    })

    test("times never decrease, whatever the clock does", async () => {
      const db = await open()
      const { room, maker } = await openTestRoom(db, leaves(1))
      for (const [n, now] of [
        [2, 9_000],
        [3, 4_000],
        [4, 9_500],
      ] as const)
        await one(db, sendOf(room, maker.device, [n]), now)
      expect((await logOf(db, room)).map((e) => e.time)).toEqual([1_000, 9_000, 9_000, 9_500])
    })

    test("who is removed may read up to that commit, who is added from it on, and a second device what its user may", async () => {
      const db = await open()
      const { room, roster, maker } = await openTestRoom(db, leaves(2))
      const late = leaf(2)
      const second = { ...leaf(3), user: late.user }
      await db.write("room.commit", commitOf(room, maker, 2, 0, [...roster, late]))
      await one(db, sendOf(room, maker.device, [3], 1))
      await db.write("room.commit", commitOf(room, maker, 4, 1, [maker, late, second]))
      const rows = await db.read
        .selectFrom("room_device")
        .select(["since", "until", "member"])
        .orderBy("leaf")
        .execute()
      expect(rows).toEqual([
        { since: 1, until: 0, member: 1 },
        { since: 1, until: 4, member: 0 },
        { since: 2, until: 0, member: 1 },
        { since: 2, until: 0, member: 1 },
      ])
    })
  })
}
