/** Every hostile case against the judge as the server uses it; packages/client runs the same list against its crypto. */

import { directPolicy, groupPolicy, selfPolicy } from "@teahouse/protocol/policy.ts"
import { treeHashRoot } from "ts-mls/treeHash.js"
import { describe, expect, test } from "vitest"
import { makeWorld } from "./cases/case.fixture.ts"
import { forge } from "./cases/forge.fixture.ts"
import { groupInfoCases, wrongExternalPub } from "./cases/group-info.fixture.ts"
import { hostileCases } from "./cases/hostile.fixture.ts"
import {
  add,
  commit,
  device,
  groupInfoOf,
  house,
  id,
  keyPackage,
  leafHashIn,
  noData,
  notice,
  openRoom,
  person,
  random,
  remove,
  revocation,
  setPolicy,
} from "./cases/world.fixture.ts"
import { judgeCommit } from "./commit.ts"
import { judgeGroupInfo, judgeWelcome } from "./group-info.ts"
import { openRoomState } from "./open.ts"
import { type JudgeReason, reasons } from "./reasons.ts"
import { suite } from "./suite.ts"
import type { TreeNode } from "./tree.ts"

const world = await makeWorld()
const place = (room: ReturnType<typeof id>) => ({ house, room, generation: 0 })

async function stateOf(room: ReturnType<typeof id>, groupInfo: Uint8Array) {
  const opened = await openRoomState(groupInfo, place(room))
  if (!opened.ok) throw new Error(`the room before the attempt is refused: ${opened.error}`)
  return opened.value
}

describe("hostile commits", () => {
  test.each(hostileCases)("$name → $expect", async ({ expect: answer, make }) => {
    const attempt = await make(world)
    const state = await stateOf(attempt.room, attempt.before)
    const verdict = await judgeCommit(state, attempt.commit, attempt.poster ? { device: attempt.poster } : {})
    expect(verdict.ok ? "client" : verdict.error).toBe(answer)
  })

  test("every reason is the answer to a case, or named here with its test", () => {
    const elsewhere: JudgeReason[] = ["not_an_opening", "welcome_differs", "lifetime", "room_full"]
    const answered = [...hostileCases, ...groupInfoCases].map((c) => c.expect)
    expect(
      Object.keys(reasons).filter((r) => ![...answered, ...elsewhere].includes(r as JudgeReason)),
    ).toEqual([])
  })
})

describe("hostile GroupInfo", () => {
  test.each(groupInfoCases)("$name → $expect", async ({ expect: answer, make }) => {
    const { room, groupInfo, bob } = world.group
    const made = await commit(bob.mls, [])
    const verdict = await judgeCommit(await stateOf(room, groupInfo), made.commit)
    if (!verdict.ok) throw new Error(verdict.error)
    expect((await judgeGroupInfo(verdict.value, made.groupInfo)).ok).toBe(true)
    expect(await judgeGroupInfo(verdict.value, await make(made.groupInfo, world))).toEqual({
      ok: false,
      error: answer,
    })
  })

  test("an external_pub of another epoch passes here: only members can tell", async () => {
    const { room, groupInfo, bob } = world.group
    const made = await commit(bob.mls, [])
    const verdict = await judgeCommit(await stateOf(room, groupInfo), made.commit)
    if (!verdict.ok) throw new Error(verdict.error)
    expect((await judgeGroupInfo(verdict.value, await wrongExternalPub(made.groupInfo, world))).ok).toBe(true)
  })
})

test("a Welcome for nobody, for too few, or for others is refused", async () => {
  const { room, groupInfo, owner } = world.group
  const state = await stateOf(room, groupInfo)
  const [eve, fred] = await Promise.all(
    [person("eve"), person("fred")].map(async (p) => keyPackage(await device(await p))),
  )
  if (!eve || !fred) throw new Error()
  const both = await commit(owner.mls, [add(eve), add(fred)])
  const one = await commit(owner.mls, [add(eve)])
  const none = await commit(owner.mls, [])
  const [two, single, empty] = await Promise.all(
    [both, one, none].map(async (c) => {
      const verdict = await judgeCommit(state, c.commit)
      if (!verdict.ok) throw new Error(verdict.error)
      return verdict.value
    }),
  )
  if (!two || !single || !empty) throw new Error()
  const refused = { ok: false, error: "welcome_differs" }
  expect(judgeWelcome(two, both.welcome).ok).toBe(true)
  expect(judgeWelcome(empty, undefined).ok).toBe(true)
  expect(judgeWelcome(two, one.welcome)).toEqual(refused)
  expect(judgeWelcome(single, both.welcome)).toEqual(refused)
  expect(judgeWelcome(single, undefined)).toEqual(refused)
  expect(judgeWelcome(empty, one.welcome)).toEqual(refused)
  expect(judgeWelcome(single, new Uint8Array(9))).toEqual(refused)
})

describe("openings", () => {
  const opening = { opening: true }
  const made = async (
    policy: Parameters<typeof openRoom>[2],
    d: Parameters<typeof openRoom>[0],
    room = id(),
  ) => ({
    room,
    bytes: await groupInfoOf((await openRoom(d, room, policy)).mls),
  })

  test("each kind of room opens with its maker alone", async () => {
    const alice = await person("alice")
    const d = await device(alice)
    for (const policy of [groupPolicy(alice.user), directPolicy(alice.user, id()), selfPolicy(alice.user)]) {
      const { room, bytes } = await made(policy, d)
      expect(await openRoomState(bytes, place(room), opening)).toMatchObject({
        ok: true,
        value: { epoch: 0 },
      })
    }
  })

  test("a re-used group id, another house, another owner, a private room of others, a later epoch", async () => {
    const alice = await person("alice")
    const d = await device(alice)
    const own = await made(groupPolicy(alice.user), d)
    const open = (bytes: Uint8Array, at: ReturnType<typeof place>) => openRoomState(bytes, at, opening)
    expect(await open(own.bytes, place(id()))).toEqual({ ok: false, error: "wrong_group" })
    expect(await open(own.bytes, { ...place(own.room), generation: 1 })).toEqual({
      ok: false,
      error: "wrong_group",
    })
    expect(await open(own.bytes, { ...place(own.room), house: id() })).toEqual({
      ok: false,
      error: "wrong_house",
    })
    const others = await made(groupPolicy(id()), d)
    expect(await open(others.bytes, place(others.room))).toEqual({ ok: false, error: "bad_policy" })
    const foreign = await made(directPolicy(id(), id()), d)
    expect(await open(foreign.bytes, place(foreign.room))).toEqual({ ok: false, error: "not_in_room" })
    const later = world.group
    expect(await open(later.groupInfo, place(later.room))).toEqual({ ok: false, error: "not_an_opening" })
    expect(await open(own.bytes.slice(0, -1), place(own.room))).toEqual({ ok: false, error: "malformed" })
    expect(await open(new Uint8Array(), place(own.room))).toEqual({ ok: false, error: "malformed" })
  })

  test("a maker who is alone, but not at the beginning", async () => {
    const alice = await person("alice")
    const room = id()
    const { mls } = await openRoom(await device(alice), room, groupPolicy(alice.user))
    const { groupInfo } = await commit(mls, [])
    expect((await openRoomState(groupInfo, place(room))).ok).toBe(true)
    expect(await openRoomState(groupInfo, place(room), opening)).toEqual({
      ok: false,
      error: "not_an_opening",
    })
  })

  test.each([
    ["parent hashes", "parent", (node: TreeNode) => spoiltParent(node), "bad_tree"],
    ["a leaf's signature", "leaf", (node: TreeNode) => spoiltLeaf(node), "bad_leaf"],
  ] as const)(
    "a member who hands out, rightly signed, a tree with wrong %s",
    async (_, type, spoil, answer) => {
      const { room, bob } = world.group
      const at = bob.mls.ratchetTree.findIndex((n) => n?.nodeType === type)
      const node = bob.mls.ratchetTree[at]
      if (!node) throw new Error("no such node")
      const ratchetTree = bob.mls.ratchetTree.with(at, spoil(node))
      const groupContext = {
        ...bob.mls.groupContext,
        treeHash: await treeHashRoot(ratchetTree, (await suite()).hash),
      }
      const bytes = await groupInfoOf({ ...bob.mls, ratchetTree, groupContext })
      expect(await openRoomState(bytes, place(room))).toEqual({ ok: false, error: answer })
    },
  )

  test("a stored GroupInfo is refused after one flipped bit anywhere", async () => {
    const { room, groupInfo } = world.group
    expect((await openRoomState(groupInfo, place(room))).ok).toBe(true)
    for (let at = 0; at < groupInfo.length; at += 41) {
      const broken = groupInfo.slice()
      broken[at] = (broken[at] ?? 0) ^ 4
      expect((await openRoomState(broken, place(room))).ok).toBe(false)
    }
  })
})

describe("what the rules allow", () => {
  const accepts = async (room: ReturnType<typeof id>, before: Uint8Array, bytes: Uint8Array) =>
    judgeCommit(await stateOf(room, before), bytes)

  test("with a signed notice anybody may remove who left, or a revoked device", async () => {
    const { room, groupInfo, bob, admin, people } = world.group
    const left = await notice(room, admin.device, {
      kind: "left",
      user: people.dave.user,
      leaves: [leafHashIn(bob, 4)],
    })
    const gone = await forge(bob, { proposals: [remove(4)], data: noData([left]) })
    expect(await accepts(room, groupInfo, gone.commit)).toMatchObject({
      ok: true,
      value: { removed: [{ leaf: 4 }], proven: [{ leaf: 4 }] },
    })
    const { device: lost } = world.group.owner.device
    const revoked = await revocation(people.alice, lost)
    const removal = await forge(bob, { proposals: [remove(0)], data: noData([revoked]) })
    expect(await accepts(room, groupInfo, removal.commit)).toMatchObject({
      ok: true,
      value: { removed: [{ leaf: 0 }] },
    })
  })

  test("owner and admins remove plain members; anybody removes own devices", async () => {
    const { room, groupInfo, admin, ownersSecond } = world.group
    const byAdmin = await forge(admin, { proposals: [remove(2), remove(3)] })
    expect((await accepts(room, groupInfo, byAdmin.commit)).ok).toBe(true)
    const own = await forge(ownersSecond, { proposals: [remove(0)] })
    expect((await accepts(room, groupInfo, own.commit)).ok).toBe(true)
  })

  test("a changed identity key comes in by one commit of the friend, or of somebody with a role", async () => {
    const { direct, group } = world
    const bobAnew = await person("bob", direct.people.bob.user)
    const inDirect = await forge(direct.alice, {
      proposals: [remove(1), add(await keyPackage(await device(bobAnew)))],
    })
    expect((await accepts(direct.room, direct.groupInfo, inDirect.commit)).ok).toBe(true)
    const carolAnew = await person("carol", group.people.carol.user)
    const inGroup = await forge(group.admin, {
      proposals: [remove(3), add(await keyPackage(await device(carolAnew)))],
    })
    expect((await accepts(group.room, group.groupInfo, inGroup.commit)).ok).toBe(true)
    const aliceAnew = await person("alice", group.people.alice.user)
    const half = [remove(0), add(await keyPackage(await device(aliceAnew)))]
    const notAll = await forge(group.owner, { proposals: [...half.slice(1)], path: null })
    expect(await accepts(group.room, group.groupInfo, notAll.commit)).toEqual({
      ok: false,
      error: "second_identity",
    })
  })

  test("the owner hands the room over; an admin changes what is not a role", async () => {
    const { room, groupInfo, owner, admin, policy, people } = world.group
    const handed = await forge(owner, { proposals: [setPolicy({ ...policy, owner: people.carol.user })] })
    expect(await accepts(room, groupInfo, handed.commit)).toMatchObject({
      ok: true,
      value: { policyChanged: true },
    })
    const closed = await forge(admin, { proposals: [setPolicy({ ...policy, add: "admins" })] })
    expect((await accepts(room, groupInfo, closed.commit)).ok).toBe(true)
  })

  test("verdicts are the same each time: no clock, no memory of earlier questions", async () => {
    for (const { make } of hostileCases.slice(0, 12)) {
      const attempt = await make(world)
      const state = await stateOf(attempt.room, attempt.before)
      const answers = await Promise.all([1, 2, 3].map(() => judgeCommit(state, attempt.commit)))
      expect(new Set(answers.map((a) => (a.ok ? "ok" : a.error))).size).toBe(1)
    }
  })
})

function spoiltParent(node: TreeNode): TreeNode {
  if (node.nodeType !== "parent") throw new Error("not a parent")
  return { ...node, parent: { ...node.parent, parentHash: random(32) } }
}

function spoiltLeaf(node: TreeNode): TreeNode {
  if (node.nodeType !== "leaf") throw new Error("not a leaf")
  return { ...node, leaf: { ...node.leaf, signature: random(64) } }
}
