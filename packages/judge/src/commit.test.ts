import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { encodeGroupContext } from "ts-mls/groupContext.js"
import { expect, test } from "vitest"
import { makeWorld } from "./cases/case.fixture.ts"
import { join } from "./cases/joins.fixture.ts"
import {
  add,
  commit,
  device,
  groupInfoOf,
  house,
  id,
  joinData,
  judged,
  keyPackage,
  openRoom,
  person,
  remove,
  setPolicy,
} from "./cases/world.fixture.ts"
import { judgeCommit } from "./commit.ts"
import { judgeGroupInfo, judgeWelcome } from "./group-info.ts"
import { policyAfter } from "./joins.ts"
import { openRoomState } from "./open.ts"

test("the judge follows a group and arrives at the library's context", async () => {
  const [alice, bob, carol] = await Promise.all(["alice", "bob", "carol"].map((n) => person(n)))
  if (!alice || !bob || !carol) throw new Error()
  const room = id()
  const a1 = await device(alice)
  const view = await openRoom(a1, room, groupPolicy(alice.user))
  const opened = await openRoomState(
    await groupInfoOf(view.mls),
    { house, room, generation: 0 },
    { opening: true },
  )
  expect(opened.ok).toBe(true)
  if (!opened.ok) return
  let state = opened.value
  let mls = view.mls
  const kb = await keyPackage(await device(bob))
  const steps = [
    [add(kb), add(await keyPackage(await device(carol))), add(await keyPackage(await device(bob)))],
    [],
    [remove(1)],
    [add(await keyPackage(await device(alice)))],
    [remove(2), remove(3)],
  ]
  for (const proposals of steps) {
    const made = await commit(mls, proposals)
    const verdict = await judgeCommit(state, made.commit, { device: a1.device })
    expect(verdict).toMatchObject({ ok: true })
    if (!verdict.ok) return
    mls = made.next
    expect(
      sameBytes(encodeGroupContext(mls.groupContext), encodeGroupContext(verdict.value.next.groupContext)),
    ).toBe(true)
    expect(await judgeGroupInfo(verdict.value, made.groupInfo)).toMatchObject({ ok: true })
    expect(judgeWelcome(verdict.value, made.welcome)).toMatchObject({ ok: true })
    state = verdict.value.next
    expect(state.leaves).toEqual((await judged(mls, room)).leaves)
  }
})

test("a link lets a stranger in whoever commits, one of its uses is taken, and admins answer where it wants approval", async () => {
  const { group } = await makeWorld()
  const { room, groupInfo, links, bob, admin } = group
  const before = await openRoomState(groupInfo, { house, room, generation: 0 })
  if (!before.ok) throw new Error(before.error)
  for (const [view, link] of [
    [bob, links.open],
    [admin, links.approval],
  ] as const) {
    const eve = await device(await person("eve"))
    const { made, proof } = await join(room, link, eve)
    const after = policyAfter(group.policy, [{ link: link.id }])
    const committed = await commit(view.mls, [add(made), setPolicy(after)], joinData([proof]))
    const verdict = await judgeCommit(before.value, committed.commit)
    if (!verdict.ok) throw new Error(verdict.error)
    expect(verdict.value.joined).toEqual([{ user: eve.user, device: eve.device, link: link.id }])
    expect(verdict.value.next.policy.links.find((one) => one.id === link.id)?.uses).toBe(0)
    expect(await judgeGroupInfo(verdict.value, committed.groupInfo)).toMatchObject({ ok: true })
  }
})

test("who was removed and banned comes back by an admin who lifts the ban in the same commit", async () => {
  const { group } = await makeWorld()
  const { room, owner, policy, people } = group
  const banned = await commit(owner.mls, [
    remove(3),
    setPolicy({ ...policy, links: [], bans: [people.carol.user] }),
  ])
  const state = await judged(banned.next, room)
  const back = await keyPackage(await device(people.carol))
  const plain = await commit(banned.next, [add(back)])
  expect(await judgeCommit(state, plain.commit)).toEqual({ ok: false, error: "add_forbidden" })
  const lifted = await commit(banned.next, [add(back), setPolicy({ ...policy, links: [] })])
  expect(await judgeCommit(state, lifted.commit)).toMatchObject({ ok: true })
})
