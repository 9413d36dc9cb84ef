/** A room's next generation against what was agreed on: the room of the hostile cases, opened anew in good and in bad ways. */
import { decodeGeneration, encodeGeneration } from "@teahouse/protocol/generation.ts"
import { groupPolicy, type RoomPolicy } from "@teahouse/protocol/policy.ts"
import type { Proposal } from "ts-mls"
import { describe, expect, test } from "vitest"
import { agreedOf } from "./agreed.ts"
import { makeWorld } from "./cases/case.fixture.ts"
import {
  add,
  commit,
  device,
  groupInfoOf,
  house,
  judged,
  keyPackage,
  noData,
  openRoom,
  person,
  setPolicy,
  type TestDevice,
} from "./cases/world.fixture.ts"
import { commonPeople, commonPolicy, judgeGeneration } from "./generation.ts"

const world = await makeWorld()
const { room, people, owner, ownersSecond, bob, carol, admin } = world.group
const before = await judged(owner.mls, room)
const agreed = agreedOf(before)

type Change = {
  readonly maker?: TestDevice
  readonly devices?: readonly TestDevice[]
  readonly policy?: RoomPolicy
  readonly generation?: number
  readonly more?: readonly Proposal[]
}
const others = [ownersSecond, bob, carol, admin].map((view) => view.device)

async function made({ maker = owner.device, devices = others, generation = 1, ...more }: Change = {}) {
  const { mls } = await openRoom(maker, room, more.policy ?? before.policy, generation)
  const opening = await groupInfoOf(mls)
  const packages = await Promise.all(devices.map((one) => keyPackage(one)))
  const { next: _, welcome, ...parts } = await commit(mls, [...packages.map(add), ...(more.more ?? [])])
  return { opening, ...parts, ...(welcome ? { welcome } : {}) }
}
const verdict = async (change: Change, state = agreed) => {
  const answer = await judgeGeneration(state, { house, room }, await made(change))
  return answer.ok ? "ok" : answer.error
}

describe("the next generation", () => {
  test("takes the same people under the same rules, by whoever of them makes it", async () => {
    expect(await verdict({})).toBe("ok")
    expect(await verdict({ maker: admin.device, devices: [owner.device, bob.device, carol.device] })).toBe(
      "ok",
    )
    // Who may make one is for the house: a plain member's is as sound, also where members may add nobody.
    const strict = { ...before.policy, add: "admins" as const }
    const byBob = { maker: bob.device, devices: [owner.device, carol.device], policy: strict }
    expect(await verdict(byBob)).toBe("ok")
    expect(await verdict({ devices: [] })).toBe("ok")
  })

  test("is the one after, and of this room", async () => {
    expect(await verdict({ generation: 2 })).toBe("wrong_group")
    expect(await verdict({ generation: 0 })).toBe("wrong_group")
  })

  test("takes nobody who was not there, nobody under another key, and no certificate that is older than one shown", async () => {
    const eve = await device(await person("eve"))
    expect(await verdict({ devices: [...others, eve] })).toBe("add_forbidden")
    const other = await person("bob", people.bob.user)
    expect(await verdict({ devices: [await device(other)] })).toBe("identity_change")
    expect(await verdict({ maker: eve, devices: others })).toBe("add_forbidden")
    const newer = { ...agreed, people: agreed.people.map((one) => ({ ...one, n: 1 })) }
    expect(await verdict({}, newer)).toBe("stale_certificate")
    const known = await device(people.carol)
    expect(await verdict({ devices: [known] })).toBe("ok")
  })

  test("gives nobody a role, and nothing more away than before", async () => {
    const policy = (change: Partial<RoomPolicy>) => verdict({ policy: { ...before.policy, ...change } })
    expect(await policy({ owner: people.bob.user })).toBe("policy_forbidden")
    expect(await policy({ admins: [] })).toBe("policy_forbidden")
    expect(await policy({ admins: [people.dave.user, people.bob.user] })).toBe("policy_forbidden")
    expect(await policy({ history: "all" })).toBe("policy_forbidden")
    const [link, ...links] = before.policy.links
    if (!link) throw new Error("no link")
    expect(await policy({ links })).toBe("ok")
    expect(await policy({ links: [...links, { ...link, uses: link.uses + 1 }] })).toBe("policy_forbidden")
    expect(await policy({ bans: [people.bob.user] })).toBe("add_forbidden")
    const open = { ...agreed, policy: { ...before.policy, add: "admins" as const } }
    expect(await verdict({}, open)).toBe("policy_forbidden")
    const banned = { ...agreed, policy: { ...before.policy, bans: [people.alice.user] } }
    expect(await verdict({}, banned)).toBe("policy_forbidden")
  })

  test("changes no rules on its way, and its parts belong together", async () => {
    const more = [setPolicy({ ...before.policy, links: [] })]
    expect(await verdict({ more })).toBe("not_an_opening")
    const good = await made()
    const answer = async (parts: Partial<typeof good>, posted = {}) => {
      const judgement = await judgeGeneration(agreed, { house, room }, { ...good, ...parts }, posted)
      return judgement.ok ? "ok" : judgement.error
    }
    expect(await answer({})).toBe("ok")
    expect(await answer({}, { device: owner.device.device })).toBe("ok")
    expect(await answer({}, { device: bob.device.device })).toBe("wrong_sender")
    const another = await made()
    expect(await answer({ commit: another.commit })).not.toBe("ok")
    expect(await answer({ groupInfo: another.groupInfo })).toBe("context_differs")
    expect(await answer({ groupInfo: good.opening })).toBe("context_differs")
    const welcome = another.welcome
    if (!welcome) throw new Error("no welcome")
    expect(await answer({ welcome })).toBe("welcome_differs")
    const { welcome: _, ...without } = good
    const judgement = await judgeGeneration(agreed, { house, room }, without)
    expect(judgement).toEqual({ ok: false, error: "welcome_differs" })
    // Further on than the first commit.
    const { mls } = await openRoom(owner.device, room, before.policy, 1)
    const first = await commit(mls, [])
    expect(await answer({ opening: await groupInfoOf(first.next) })).toBe("not_an_opening")
  })

  test("is read from its entry, and from nothing that has more or less in it", async () => {
    const parts = await made()
    const body = encodeGeneration(parts)
    expect(decodeGeneration(body)).toEqual(parts)
    expect(decodeGeneration(body.slice(0, -1))).toBeUndefined()
    expect(decodeGeneration(new Uint8Array([...body, 0]))).toBeUndefined()
    expect(decodeGeneration(new Uint8Array(9))).toBeUndefined()
  })
})

test("where one has agreed on less than the house shows, the narrower rules and the people of both go on", async () => {
  const mine = groupPolicy(people.alice.user)
  const links = before.policy.links
  const theirs: RoomPolicy = { ...mine, links, bans: [people.bob.user], history: "all" }
  expect(commonPolicy(mine, theirs)).toEqual({ ...mine, bans: [people.bob.user] })
  expect(commonPolicy({ ...mine, links }, { ...theirs, links: links.slice(1) })?.links).toEqual(
    links.slice(1),
  )
  expect(commonPolicy(mine, { ...mine, owner: people.bob.user })).toBeUndefined()
  expect(commonPolicy(mine, { ...mine, admins: [people.bob.user] })).toBeUndefined()
  const leaves = before.leaves.filter((leaf) => leaf.user !== people.carol.user)
  const left = commonPeople(agreed, { leaves }).map((one) => one.user)
  expect(new Set(left)).toEqual(new Set([people.alice, people.bob, people.dave].map((one) => one.user)))
})

test("what is agreed on of a person is the highest account generation that a device of theirs has shown", async () => {
  const leaves = before.leaves.map((leaf, i) => ({ ...leaf, n: i }))
  const alice = agreedOf({ ...before, leaves }).people.find((one) => one.user === people.alice.user)
  expect(alice?.n).toBe(1)
})

test("data of its commit is what every commit has", async () => {
  const parts = await made()
  const answer = await judgeGeneration(agreed, { house, room }, parts)
  expect(answer.ok && answer.value.dataBytes).toEqual(noData())
})
