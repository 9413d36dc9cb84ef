/** Join links over HTTP with real MLS: what a stranger sees, asks and gets, and each way in which a link does not work. */
import { join } from "@teahouse/judge/cases/joins.fixture.ts"
import {
  add,
  commit,
  groupInfoOf,
  joinData,
  openRoom,
  remove,
  setPolicy,
  type View,
} from "@teahouse/judge/cases/world.fixture.ts"
import { policyAfter } from "@teahouse/judge/joins.ts"
import { suite } from "@teahouse/judge/suite.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { groupPolicy, type RoomPolicy } from "@teahouse/protocol/policy.ts"
import { encodeMlsMessage } from "ts-mls"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { openTestHouse, random, register, type TestHouse, type TestPerson } from "../http/house.fixture.ts"

let house: TestHouse
/** The library looks at the real clock where it makes a commit. */
let now = Date.now()
let count = 0
let lin: TestPerson
let eve: TestPerson
let group: { readonly room: Id; view: View; policy: RoomPolicy; n: number; epoch: number }

beforeAll(async () => {
  house = await openTestHouse({ now: () => now, limits: { commitIntervalMs: 1, commitBurst: 100 } })
})
afterAll(() => house.remove())
beforeEach(async () => {
  now += 60_000
  ;[lin, eve] = (await Promise.all(["lin", "eve"].map((name) => register(house, `${name}${++count}`)))) as [
    TestPerson,
    TestPerson,
  ]
  const room = newId(random)
  const policy = groupPolicy(lin.person.user)
  const view = await openRoom(lin.device, room, policy)
  const opening = await groupInfoOf(view.mls)
  await house.call("createRoom", { token: lin.token, request: { room, n: 1, opening } })
  group = { room, view, policy, n: 1, epoch: 0 }
})

async function change(proposals: Parameters<typeof commit>[1], data?: Uint8Array) {
  now += 20_000
  const made = await commit(group.view.mls, proposals, data)
  const { welcome } = made
  const posted = await house.call("postCommit", {
    token: lin.token,
    params: { room: group.room },
    request: {
      ...{ generation: 0, epoch: group.epoch, n: ++group.n },
      ...{ commit: made.commit, groupInfo: made.groupInfo, ...(welcome ? { welcome } : {}) },
    },
  })
  if (posted.status === 200) {
    group.view = { ...group.view, mls: made.next }
    group.epoch++
  }
  return posted
}
async function rule(policy: RoomPolicy) {
  expect((await change([setPolicy(policy)])).status).toBe(200)
  group.policy = policy
}

async function link(more: Partial<RoomPolicy["links"][number]> = {}) {
  const { publicKey, signKey } = await (await suite()).signature.keygen()
  const made = {
    id: newId(random),
    key: publicKey,
    expires: now + 3_600_000,
    uses: 5,
    approval: false,
    ...more,
  }
  await rule({ ...group.policy, links: [...group.policy.links, made] })
  const params = { room: group.room, link: made.id }
  const request = { preview: random(100) }
  expect((await house.call("writeLink", { token: lin.token, params, request })).status).toBe(200)
  return { ...made, signKey, preview: request.preview }
}
type Link = Awaited<ReturnType<typeof link>>

const lifetime = () => {
  const seconds = BigInt(Math.floor(now / 1000))
  return { notBefore: seconds - 86_400n, notAfter: seconds + 86_400n }
}

const look = (who: TestPerson, id: Id, room = group.room) =>
  house.call("readLink", { token: who.token, params: { room, link: id } })

async function ask(who: TestPerson, one: Link, lie: Parameters<typeof join>[3] = {}) {
  const { made, proof } = await join(group.room, one, who.device, lie, lifetime())
  const bytes = encodeMlsMessage({
    version: "mls10",
    wireformat: "mls_key_package",
    keyPackage: made.publicPackage,
  })
  const answer = await house.call("requestJoin", {
    token: who.token,
    params: { room: group.room, link: one.id },
    request: { keyPackage: bytes, signature: proof.signature },
  })
  return { made, proof, answer }
}
const listed = async (who: TestPerson) =>
  (await house.call("listJoins", { token: who.token })).value.requests.filter((r) => r.room === group.room)

/** As lin's device lets somebody in. */
const admit = ({ made, proof }: Awaited<ReturnType<typeof ask>>, one: Link) =>
  change([add(made), setPolicy(policyAfter(group.policy, [{ link: one.id }]))], joinData([proof]))

it("a stranger sees the group, asks, is let in, and the link has one use less", async () => {
  const one = await link()
  expect((await look(eve, one.id)).value).toMatchObject({ members: 1, approval: false, member: false })
  expect((await look(eve, one.id)).value.preview).toEqual(one.preview)
  const asked = await ask(eve, one)
  expect(asked.answer.status).toBe(200)
  expect((await look(eve, one.id)).value.asked).toBe("waiting")
  expect(await listed(lin)).toMatchObject([{ user: eve.person.user, link: one.id }])
  expect(await listed(eve)).toEqual([])
  expect((await admit(asked, one)).status).toBe(200)
  expect(await listed(lin)).toEqual([])
  expect((await look(eve, one.id)).value).toMatchObject({ members: 2, member: true })
  expect((await house.call("listWelcomes", { token: eve.token })).value.welcomes).toHaveLength(1)
})

it("a request of somebody who has not asked here, or has taken it back, opens nothing", async () => {
  const one = await link()
  const { made, proof } = await join(group.room, one, eve.device)
  const never = { made, proof, answer: (await look(eve, one.id)) as never }
  expect((await admit(never, one)).refusal).toMatchObject({ kind: "unknown_join" })
  const asked = await ask(eve, one)
  const request = (await listed(lin))[0]?.id as Id
  const withdrawn = await house.call("declineJoin", { token: eve.token, params: { request }, request: {} })
  expect(withdrawn.status).toBe(200)
  expect((await admit(asked, one)).refusal).toMatchObject({ kind: "unknown_join" })
})

it("a request that is replayed after the person has left again opens nothing", async () => {
  const one = await link()
  const asked = await ask(eve, one)
  expect((await admit(asked, one)).status).toBe(200)
  group.policy = policyAfter(group.policy, [{ link: one.id }])
  expect((await change([remove(1)])).status).toBe(200)
  expect((await admit(asked, one)).refusal).toMatchObject({ kind: "unknown_join" })
})

it("each link that does not work says why, and shows nothing", async () => {
  expect((await look(eve, newId(random))).refusal.kind).toBe("unknown_link")
  const spent = await link({ uses: 0 })
  expect((await look(eve, spent.id)).refusal.kind).toBe("link_used_up")
  const late = await link()
  const asked = await ask(eve, late)
  now = late.expires
  expect((await look(eve, late.id)).refusal.kind).toBe("link_expired")
  expect((await ask(eve, late)).answer.refusal.kind).toBe("link_expired")
  expect(await listed(lin)).toEqual([])
  expect((await admit(asked, late)).refusal.kind).toBe("link_expired")
  const gone = await link()
  await rule({ ...group.policy, links: [] })
  expect((await look(eve, gone.id)).refusal.kind).toBe("link_revoked")
  expect((await ask(eve, gone)).answer.refusal.kind).toBe("link_revoked")
  const fine = await link()
  expect((await look(eve, fine.id, newId(random))).refusal.kind).toBe("unknown_link")
  await rule({ ...group.policy, bans: [eve.person.user] })
  expect((await look(eve, fine.id)).refusal.kind).toBe("banned")
})

it("a forged request is refused: another room, another person, another key, somebody else's key package", async () => {
  const one = await link()
  const lies = [
    { room: newId(random) },
    { user: lin.person.user },
    { uik: random(32) },
    { signature: random(64) },
  ]
  for (const lie of lies) expect((await ask(eve, one, lie)).answer.refusal.kind).toBe("bad_join")
  expect((await ask({ ...eve, device: lin.device }, one)).answer.refusal.kind).toBe("invalid_key_package")
  expect(await listed(lin)).toEqual([])
})

it("declined is declined for this link; only who may answer sees and answers", async () => {
  const one = await link({ approval: true })
  await ask(eve, one)
  const [request] = await listed(lin)
  if (!request) throw new Error("nobody has asked")
  const stranger = await register(house, `kai${++count}`)
  const decline = (who: TestPerson) =>
    house.call("declineJoin", { token: who.token, params: { request: request.id }, request: {} })
  expect((await decline(stranger)).refusal.kind).toBe("unknown_join")
  expect((await decline(lin)).status).toBe(200)
  expect(await listed(lin)).toEqual([])
  expect((await look(eve, one.id)).value.asked).toBe("declined")
  // Taking back what was declined does not make it undone.
  expect((await decline(eve)).status).toBe(200)
  expect((await ask(eve, one)).answer.refusal.kind).toBe("join_declined")
  expect((await ask(lin, one)).answer.refusal.kind).toBe("already_member")
})

it("a preview is the admins' to write, for links that are there", async () => {
  const one = await link()
  const write = (who: TestPerson, id: Id) =>
    house.call("writeLink", {
      token: who.token,
      params: { room: group.room, link: id },
      request: { preview: random(9) },
    })
  expect((await write(eve, one.id)).refusal.kind).toBe("unknown_room")
  expect((await write(lin, newId(random))).refusal.kind).toBe("link_revoked")
})
