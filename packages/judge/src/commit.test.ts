import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { encodeGroupContext } from "ts-mls/groupContext.js"
import { expect, test } from "vitest"
import {
  add,
  commit,
  device,
  groupInfoOf,
  house,
  id,
  judged,
  keyPackage,
  openRoom,
  person,
  remove,
} from "./cases/world.fixture.ts"
import { judgeCommit } from "./commit.ts"
import { judgeGroupInfo, judgeWelcome } from "./group-info.ts"
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
