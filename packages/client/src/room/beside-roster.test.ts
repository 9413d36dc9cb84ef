import type { Leaf } from "@teahouse/judge/leaf.ts"
import type { RoomState as Judged } from "@teahouse/judge/state.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { directPolicy, groupPolicy } from "@teahouse/protocol/policy.ts"
import { expect, test } from "vitest"
import { ROSTER_ONE } from "../content/notebook.ts"
import { decodeRoster, encodeRoster, rosterOf } from "../content/roster.ts"
import { createCrypto } from "../crypto/mls-crypto.ts"
import { memoryKeyBox } from "../store/key-box.ts"
import { memoryStores } from "../store/memory.ts"
import { sealedStore } from "../store/sealed.ts"
import { besideRoster } from "./beside-roster.ts"

const id = (n: number) => idFrom(new Uint8Array(16).fill(n))
const key = (n: number) => new Uint8Array(32).fill(n)
const [me, bo, eve, room] = [id(1), id(2), id(3), id(9)]
const leaf = (user: Id, uik = key(1), device = user) => ({ user, uik, device }) as Leaf
const group = (leaves: Leaf[]) => ({ leaves, policy: groupPolicy(me) }) as unknown as Judged
const direct = (leaves: Leaf[]) => ({ leaves, policy: directPolicy(me, bo) }) as unknown as Judged

async function device(noted: Leaf[] | undefined, pinned: Record<string, Uint8Array> = {}) {
  const crypto = createCrypto()
  const box = await memoryKeyBox().save("a", crypto.sealed.newKey())
  const store = sealedStore(await memoryStores().open("a"), box, crypto.sealed)
  const alarms = new Set<string>()
  const record = noted && {
    ...{ v: 1, incarnation: 1, life: 1, generation: 0, epoch: 7, seq: 20, hash: key(5) },
    members: encodeRoster(rosterOf(noted)),
  }
  const look = () =>
    besideRoster(
      {
        ...{ store, me: { user: me } as never, alarm: (kind) => void alarms.add(kind) },
        knownIdentity: (user) => pinned[user],
        knownRoster: async () => record,
        alarmed: (kind) => alarms.has(kind),
      },
      room,
    )
  return { look, alarms }
}

test("a roster is written and read the same, and bytes that are no whole number of people are none", () => {
  const roster = rosterOf([leaf(bo, key(2), id(5)), leaf(me), leaf(bo, key(2), id(4))])
  const bytes = encodeRoster(roster)
  expect(bytes).toHaveLength(2 * ROSTER_ONE)
  expect(decodeRoster(bytes)).toEqual(roster)
  expect(rosterOf([leaf(me), leaf(bo, key(2), id(4)), leaf(bo, key(2), id(5))])).toEqual(roster)
  expect(decodeRoster(bytes.slice(1))).toBeUndefined()
})

test("who is known there under another identity keeps the device out, until the person has seen and dismissed that", async () => {
  const { look, alarms } = await device([leaf(me), leaf(bo)])
  const under = (n: number) => group([leaf(me), leaf(bo, key(n))])
  const accepts = async (judged: Judged) => {
    const beside = await look()
    const accepted = beside.accepts(judged)
    await beside.asked()
    return accepted
  }
  expect(await accepts(under(2))).toBe(false)
  expect([...alarms]).toEqual(["other_identity"])
  expect(await accepts(under(2))).toBe(false)
  alarms.clear()
  // Not for yet another key than the one that was shown.
  expect(await accepts(under(3))).toBe(false)
  alarms.clear()
  const last = await look()
  expect(last.accepts(under(3))).toBe(true)
  expect(last.known(bo)).toBeUndefined()
  expect(last.present()).toEqual({ joined: [], newDevice: [], newIdentity: [bo] })
})

test("one's own identity is nothing to go on with", async () => {
  const { look, alarms } = await device([leaf(me), leaf(bo)])
  const other = group([leaf(me, key(2)), leaf(bo)])
  for (let i = 0; i < 3; i++) {
    const beside = await look()
    expect(beside.accepts(other)).toBe(false)
    await beside.asked()
    alarms.clear()
  }
})

test("in a group the roster's word is newer than a pin, in a private room the person's pin is", async () => {
  const noted = [leaf(me), leaf(bo, key(2))]
  const pinned = { [bo]: key(1) }
  expect((await (await device(noted, pinned)).look()).accepts(group(noted))).toBe(true)
  expect((await (await device(noted, pinned)).look()).accepts(direct(noted))).toBe(false)
})

test("an older group, a shorter log or another hash than was noted is behind; a later life is not", async () => {
  const beside = await (await device([leaf(me)])).look()
  const place = (epoch: number, incarnation = 1) => ({ incarnation, generation: 0, epoch, seq: 20 })
  const shown = (seq: number, hash = key(5), incarnation = 1) => ({ seq, hash, incarnation })
  expect(beside.behind(shown(20), place(6))).toBe("rolled_back")
  expect(beside.behind(shown(19), place(7))).toBe("rolled_back")
  expect(beside.behind(shown(20, key(6)), place(7))).toBe("forked")
  expect(beside.behind(shown(20), place(7))).toBeUndefined()
  expect(beside.behind(shown(3, key(6), 2), place(2, 2))).toBeUndefined()
})

test("who is new is said; where nothing was noted all in a group are, and in a private room whoever is not pinned", async () => {
  const { look } = await device([leaf(me), leaf(bo)])
  const same = await look()
  same.accepts(group([leaf(me), leaf(bo)]))
  expect(same.present()).toBeUndefined()
  const more = await look()
  more.accepts(group([leaf(me), leaf(me, key(1), id(8)), leaf(bo), leaf(bo, key(1), id(7)), leaf(eve)]))
  expect(more.present()).toEqual({ joined: [eve], newDevice: [bo], newIdentity: [] })
  const fresh = await (await device(undefined, { [bo]: key(1) })).look()
  fresh.accepts(direct([leaf(me), leaf(bo)]))
  expect(fresh.present()).toBeUndefined()
  fresh.accepts(group([leaf(me), leaf(bo)]))
  expect(fresh.present()).toEqual({ joined: [bo], newDevice: [], newIdentity: [], all: true })
})
