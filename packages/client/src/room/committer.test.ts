import { attestationBytes } from "@teahouse/protocol/attestation.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { directPolicy, groupPolicy } from "@teahouse/protocol/policy.ts"
import { expect, test } from "vitest"
import { mlsCrypto } from "../crypto/mls-crypto.ts"
import {
  deviceOf,
  id,
  keyPackageOf,
  must,
  noData,
  person,
  type TestDevice,
} from "../crypto/people.fixture.ts"
import type { Room } from "../crypto/port.ts"
import { createCommitter } from "./committer.ts"
import type { RoomCore } from "./core.ts"
import type { PendingCommit } from "./records.ts"
import type { RoomState } from "./state.ts"

const bytes = new Uint8Array(1)
const { room: rooms } = mlsCrypto

/** A room's state and what it calls, where the house answers as it likes. */
function scene(room: Id, meta: object, groupInfo: object, parts: object) {
  const posted: number[] = []
  const alarms: string[] = []
  let state = {
    meta: { room, seq: 1, hash: new Uint8Array(32), n: 4, ...meta },
    outbox: [],
  } as unknown as RoomState
  const answers = {
    groupInfo: {
      generation: 0,
      attestations: [],
      since: 0,
      seq: 1,
      hash: new Uint8Array(32),
      incarnation: 1,
      ...groupInfo,
    },
    lastNumber: { n: 4 },
  }
  let waited = () => {}
  const again = new Promise<void>((done) => {
    waited = done
  })
  const core = {
    room,
    line: { failures: 0, notBefore: 0, connected: false },
    parts: {
      pace: {},
      jitter: () => 0,
      clock: () => 60_000,
      knownIdentity: () => undefined,
      knownHead: async () => undefined,
      alarm: (kind: string) => void alarms.push(kind),
      onFailure: (error: unknown) => {
        throw error
      },
      call: async (name: string, input: { request?: { n: number } }) => {
        // A notice takes number 5 while the commit is being made.
        if (name === "lastNumber") state = { ...state, meta: { ...state.meta, n: 5 } }
        if (name === "postCommit") posted.push(input.request?.n ?? 0)
        if (name === "postCommit") return { ok: false, error: { kind: "offline" } }
        return { ok: true, value: answers[name as keyof typeof answers] }
      },
      ...parts,
    },
    state: () => state,
    locked: (task: () => Promise<void>) => task(),
    save: async (next: RoomState) => {
      state = next
    },
    after: () => {
      waited()
      return () => {}
    },
  } as unknown as RoomCore
  return { core, posted, alarms, again, state: () => state }
}

test("a commit that was made while its number was taken by something else is posted under the next", async () => {
  const me = id()
  const look = { epoch: 1, leaves: [], policy: { kind: "direct", users: [me] } }
  const { core, posted, state } = scene(
    id(),
    { kind: "direct", users: [me], incarnation: 1 },
    { groupInfo: bytes },
    {
      me: { user: me },
      crypto: {
        room: {
          look: async () => ({ ok: true, value: look }),
          shown: () => undefined,
          joinExternally: async () => ({
            ok: true,
            value: { commit: bytes, groupInfo: bytes, next: { generation: 0 } },
          }),
          encode: () => bytes,
        },
      },
    },
  )
  createCommitter(core, () => {}).rejoin()
  await expect.poll(() => posted).toEqual([6])
  expect((state().pending as PendingCommit | undefined)?.n).toBe(6)
  // Nobody vouched for that GroupInfo, and it was a minute old.
  expect(state().pending?.unattested).toBe(true)
})

/** What a house gives out of a group in which `device` is, with that device's word for it. */
async function shown(device: TestDevice, room: Room, groupInfo: Uint8Array) {
  const { contextHash: context, confirmationTag, externalPub } = await rooms.attestation(room)
  const said = { generation: 0, epoch: room.epoch, context, confirmationTag, externalPub }
  const signed = attestationBytes(room.room, said)
  const signature = await mlsCrypto.device.sign(device.signature.privateKey, signed)
  return { groupInfo, attestations: [{ ...said, device: device.device, signature }] }
}

test("who has lost the keys of a room comes back into that room, and into nothing else that the house shows for it", async () => {
  const [lan, bo, eve] = await Promise.all(["lan", "bo", "eve"].map(person))
  if (!lan || !bo || !eve) throw new Error("nobody")
  const [mine, hers, strange] = await Promise.all([deviceOf(lan), deviceOf(bo), deviceOf(eve)])
  const room = id()
  const begun = async (by: TestDevice, policy: Parameters<typeof rooms.create>[3], adds: TestDevice[]) => {
    const made = await rooms.create(by, room, 0, policy)
    const add = await Promise.all(adds.map(async (device) => (await keyPackageOf(device)).bytes))
    return must(await rooms.commit(made.room, { add, data: noData }))
  }
  const group = await begun(hers, groupPolicy(bo.user), [mine])
  const direct = await begun(hers, directPolicy(bo.user, lan.user), [mine])
  const later = must(await rooms.commit(group.next, { data: noData }))
  const goesOn = { epoch: later.next.epoch, generation: 0, seq: 1, hash: new Uint8Array(32), incarnation: 1 }
  const inGroup = { kind: "group", users: [lan.user, bo.user], incarnation: 1 }
  const inDirect = { kind: "direct", users: [lan.user, bo.user], peer: bo.user, incarnation: 1 }
  // A group of the same name, of somebody else: with a leaf of one's own, for which the house has given out a package.
  const foreign = await begun(strange, groupPolicy(eve.user), [mine])
  const alone = await begun(strange, directPolicy(eve.user, lan.user), [mine])

  const comesBack = async (meta: object, answer: object, more: object = {}) => {
    const here = scene(room, meta, answer, { me: mine, crypto: mlsCrypto, ...more })
    createCommitter(here.core, () => {}).rejoin()
    await here.again
    return { posted: here.posted.length, alarms: here.alarms }
  }
  const good = { posted: 1, alarms: [] }
  expect(await comesBack(inGroup, await shown(hers, group.next, group.groupInfo))).toEqual(good)
  expect(await comesBack(inDirect, await shown(hers, direct.next, direct.groupInfo))).toEqual(good)

  expect(await comesBack(inGroup, await shown(strange, foreign.next, foreign.groupInfo))).toEqual({
    posted: 0,
    alarms: [],
  })
  const instead = { posted: 0, alarms: ["forked"] }
  expect(await comesBack(inDirect, await shown(strange, foreign.next, foreign.groupInfo))).toEqual(instead)
  expect(await comesBack(inDirect, await shown(strange, alone.next, alone.groupInfo))).toEqual(instead)
  expect(await comesBack(inGroup, await shown(strange, alone.next, alone.groupInfo))).toEqual(instead)

  const old = await shown(hers, group.next, group.groupInfo)
  // What the house says of the epoch does not make it newer.
  const lie = { ...old, epoch: goesOn.epoch }
  const knownHead = async () => goesOn
  expect(await comesBack(inGroup, lie, { knownHead })).toEqual({ posted: 0, alarms: ["rolled_back"] })
  expect(await comesBack(inGroup, await shown(hers, later.next, later.groupInfo), { knownHead })).toEqual(
    good,
  )

  // A restored house goes on where it has signed that it kept the room, and not below; what was seen of the part it lost is void.
  const life = { incarnation: 50, kept: 3 }
  const floor = { generation: 0, epoch: later.next.epoch }
  const back = { posted: 0, alarms: ["rolled_back"] }
  const seenAt = (seq: number) => ({ knownHead: async () => ({ ...goesOn, seq }) })
  expect(await comesBack({ ...inGroup, life }, old, seenAt(4))).toEqual(good)
  expect(await comesBack({ ...inGroup, life }, old, seenAt(3))).toEqual(back)
  expect(await comesBack({ ...inGroup, life, floor }, old)).toEqual(back)
  expect(
    await comesBack({ ...inGroup, life, floor }, await shown(hers, later.next, later.groupInfo)),
  ).toEqual(good)
})

test("what cannot be read for a moment keeps nobody out of their room", async () => {
  const mine = await deviceOf(await person("lan"))
  const failures: unknown[] = []
  const full = new Error("the store cannot be read")
  let reads = 0
  const here = scene(
    id(),
    { kind: "group", users: [] },
    {},
    {
      ...{ me: mine, crypto: mlsCrypto, onFailure: (error: unknown) => void failures.push(error) },
      knownHead: async () => {
        reads++
        throw full
      },
    },
  )
  const { rejoin } = createCommitter(here.core, () => {})
  rejoin()
  await here.again
  rejoin()
  await expect.poll(() => reads).toBe(2)
  await expect.poll(() => failures).toEqual([full, full])
})
