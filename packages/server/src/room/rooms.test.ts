/** Rooms over HTTP with real MLS: opening, commits that the judge looks at, notices, joining, reading back. */

import {
  add,
  commit,
  credulous,
  groupInfoOf,
  keyPackage,
  leafHashIn,
  noData,
  notice,
  openRoom,
  remove,
  type View,
} from "@teahouse/judge/cases/world.fixture.ts"
import { readExtensions } from "@teahouse/judge/group-info.ts"
import { readMessage } from "@teahouse/judge/message.ts"
import { suite } from "@teahouse/judge/suite.ts"
import { attestationBytes } from "@teahouse/protocol/attestation.ts"
import { encodeCommitData } from "@teahouse/protocol/commit-data.ts"
import { encodeGeneration } from "@teahouse/protocol/generation.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { type Id, idBytes, newId } from "@teahouse/protocol/ids.ts"
import { type Change, encodeChange, encodeNotice, noticeToSign } from "@teahouse/protocol/notice.ts"
import { directPolicy, groupPolicy, type RoomPolicy, selfPolicy } from "@teahouse/protocol/policy.ts"
import { emptyPskIndex, encodeMlsMessage, joinGroup, joinGroupExternal } from "ts-mls"
import { encodeGroupContext } from "ts-mls/groupContext.js"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { rawSql } from "../db/database.fixture.ts"
import {
  bind,
  idOf,
  listen,
  login,
  makeDevice,
  newPerson,
  openTestHouse,
  phoneOf,
  random,
  register,
  revocationOf,
  type TestHouse,
  type TestPerson,
} from "../http/house.fixture.ts"

let house: TestHouse
let now = 1_000_000_000_000
let count = 0
let lin: TestPerson
let mei: TestPerson
let kai: TestPerson
beforeAll(async () => {
  house = await openTestHouse({ now: () => now })
})
afterAll(() => house.remove())
beforeEach(async () => {
  now += 60_000
  const names = ["lin", "mei", "kai"].map((name) => `${name}${++count}`)
  ;[lin, mei, kai] = (await Promise.all(names.map((name) => register(house, name)))) as [
    TestPerson,
    TestPerson,
    TestPerson,
  ]
  await befriend(lin, mei)
})

/** As if they had asked and accepted (contact.test.ts does). */
async function befriend(a: TestPerson, b: TestPerson) {
  const insert = "INSERT INTO contact (user_id, peer_id, state, room_id, since) VALUES (?, ?, 1, ?, 0)"
  const [x, y] = [idBytes(a.person.user), idBytes(b.person.user)]
  await rawSql(house.data, insert, [x, y, random(16)])
  await rawSql(house.data, insert, [y, x, random(16)])
}

type Group = { readonly room: Id; readonly owner: TestPerson; view: View; n: number; epoch: number }

async function open(owner: TestPerson): Promise<Group> {
  const room = newId(random)
  const view = await openRoom(owner.device, room, groupPolicy(owner.person.user))
  const request = { room, n: 1, opening: await groupInfoOf(view.mls) }
  const opened = await house.call("createRoom", { token: owner.token, request })
  expect(opened.value).toMatchObject({ placed: { seq: 1, incarnation: 1 } })
  return { room, owner, view, n: 1, epoch: 0 }
}

type Made = Awaited<ReturnType<typeof commit>>
const bundleOf = ({ commit, groupInfo, welcome }: Made) => ({
  commit,
  groupInfo,
  ...(welcome ? { welcome } : {}),
})
const post = (group: Group, who: TestPerson, made: Made, more: { n?: number; epoch?: number } = {}) =>
  house.call("postCommit", {
    token: who.token,
    params: { room: group.room },
    request: { generation: 0, epoch: more.epoch ?? group.epoch, n: more.n ?? ++group.n, ...bundleOf(made) },
  })

/** Commits as the owner and takes over what was accepted. */
async function change(group: Group, proposals: Parameters<typeof commit>[1]) {
  const made = await commit(group.view.mls, proposals)
  const posted = await post(group, group.owner, made)
  if (posted.status === 200) {
    group.view = { ...group.view, mls: made.next }
    group.epoch++
  }
  return { made, posted }
}
const addition = async (who: TestPerson) => add(await keyPackage(who.device))
const summary = async (who: TestPerson, room: Id) =>
  (await house.call("listRooms", { token: who.token })).value.rooms.find((one) => one.room === room)

async function say(group: Group, who: TestPerson, n: number, change: Change, after?: Uint8Array) {
  const head = after ?? (await summary(who, group.room))?.hash ?? random(32)
  const bytes = encodeChange(change)
  const signature = await (await suite()).signature.sign(
    who.device.signKey,
    noticeToSign(group.room, head, bytes),
  )
  const request = { n, notice: encodeNotice(bytes, head, signature) }
  return house.call("postNotice", { token: who.token, params: { room: group.room }, request })
}
const read = (who: TestPerson, room: Id, after = 0) =>
  house.call("readLog", { token: who.token, params: { room }, request: { after } })

describe("opening a room", () => {
  it("puts it on the maker's list, and on nobody else's", async () => {
    const { room } = await open(lin)
    expect(await summary(lin, room)).toMatchObject({
      kind: "group",
      state: "open",
      epoch: 0,
      seq: 1,
      joined: true,
    })
    expect(await summary(mei, room)).toBeUndefined()
  })

  it("twice with the same bytes is once; another's id is taken", async () => {
    const room = newId(random)
    const opening = await groupInfoOf((await openRoom(lin.device, room, groupPolicy(lin.person.user))).mls)
    const request = { room, n: 1, opening }
    const first = await house.call("createRoom", { token: lin.token, request })
    const again = await house.call("createRoom", { token: lin.token, request })
    expect(again.value).toEqual(first.value)
    const theirs = await groupInfoOf((await openRoom(mei.device, room, groupPolicy(mei.person.user))).mls)
    const taken = await house.call("createRoom", {
      token: mei.token,
      request: { room, n: 1, opening: theirs },
    })
    expect(taken.refusal.kind).toBe("id_taken")
  })

  it("with somebody at once brings the welcome; with a stranger is refused", async () => {
    const room = newId(random)
    const { mls } = await openRoom(lin.device, room, groupPolicy(lin.person.user))
    const opening = await groupInfoOf(mls)
    const bring = async (who: TestPerson) => ({ n: 2, ...bundleOf(await commit(mls, [await addition(who)])) })
    const request = { room, n: 1, opening, first: await bring(kai) }
    const refused = await house.call("createRoom", { token: lin.token, request })
    expect(refused.refusal.kind).toBe("not_friends")
    expect(await summary(lin, room)).toBeUndefined()
    const first = await bring(mei)
    const opened = await house.call("createRoom", { token: lin.token, request: { ...request, first } })
    expect(opened.value).toMatchObject({ placed: { seq: 2 } })
    const waiting = await house.call("listWelcomes", { token: mei.token })
    expect(waiting.value.welcomes).toMatchObject([{ room, seq: 2, generation: 0, from: lin.device.device }])
    expect(waiting.value.welcomes[0]?.groupInfo).toEqual(first.groupInfo)
  })

  it("of two people, for somebody else, or for a second room with oneself is refused", async () => {
    const cases = [
      [lin, directPolicy(lin.person.user, mei.person.user), "not_friends"],
      [lin, selfPolicy(mei.person.user), "commit_refused"],
      [lin, groupPolicy(mei.person.user), "commit_refused"],
    ] as const
    const create = async (who: TestPerson, policy: Parameters<typeof openRoom>[2]) => {
      const room = newId(random)
      const opening = await groupInfoOf((await openRoom(who.device, room, policy)).mls)
      return house.call("createRoom", { token: who.token, request: { room, n: 1, opening } })
    }
    for (const [who, policy, kind] of cases) expect((await create(who, policy)).refusal.kind).toBe(kind)
    expect((await create(lin, selfPolicy(lin.person.user))).status).toBe(200)
    expect((await create(lin, selfPolicy(lin.person.user))).refusal.kind).toBe("id_taken")
  })
})

describe("a commit", () => {
  it("changes roster, epoch and GroupInfo together, hints to whom it adds, and is shown to members", async () => {
    const group = await open(lin)
    const ears = await listen(house, mei)
    const { made, posted } = await change(group, [await addition(mei)])
    expect(posted.value).toMatchObject({ placed: { seq: 2 } })
    await expect.poll(() => ears.hints).toEqual(["welcomes", "rooms"])
    ears.close()
    const members = (await summary(mei, group.room))?.members
    expect(members?.map((one) => one.username).sort()).toEqual([lin.name, mei.name].sort())
    const info = await house.call("groupInfo", { token: mei.token, params: { room: group.room } })
    expect(info.value).toMatchObject({ epoch: 1, seq: 2, generation: 0, attestations: [] })
    expect(info.value.groupInfo).toEqual(made.groupInfo)
    const log = await read(lin, group.room)
    expect(log.value.entries.map((e) => [e.seq, e.kind, e.n])).toEqual([
      [1, 1, 1],
      [2, 1, 2],
    ])
    expect(log.value.entries[1]?.body).toEqual(made.commit)
  })

  it("again gets the first answer; with a lower number already_sent; for a past epoch stale_epoch", async () => {
    const group = await open(lin)
    const { made, posted } = await change(group, [await addition(mei)])
    expect((await post(group, lin, made, { n: 2, epoch: 0 })).value).toEqual(posted.value)
    expect((await post(group, lin, made, { n: 1, epoch: 0 })).refusal.kind).toBe("already_sent")
    expect((await post(group, lin, made, { n: 9, epoch: 0 })).refusal.kind).toBe("stale_epoch")
    // The right epoch by word only: the bytes are for another one.
    expect((await post(group, lin, made, { n: 9, epoch: 1 })).refusal.kind).toBe("stale_epoch")
    expect((await summary(lin, group.room))?.seq).toBe(2)
  })

  it("of two at the same moment one is taken, and the other told", async () => {
    const group = await open(lin)
    await change(group, [await addition(mei)])
    now += 60_000
    const { mls } = group.view
    const both = await Promise.all([commit(mls, []), commit(mls, [])])
    const answers = await Promise.all(both.map((made, i) => post(group, lin, made, { n: 10 + i })))
    const lost = answers.filter((a) => a.status !== 200).map((a) => a.refusal.kind)
    expect(lost).toHaveLength(1)
    expect(["stale_epoch", "already_sent"]).toContain(lost[0])
    expect((await summary(lin, group.room))?.epoch).toBe(2)
  })

  it("with a GroupInfo, welcome or sender that is not its own is refused with the judge's reason", async () => {
    const group = await open(lin)
    const one = await commit(group.view.mls, [await addition(mei)])
    const two = await commit(group.view.mls, [await addition(mei)])
    const { welcome: _, ...bare } = one
    const cases = [
      [{ ...one, groupInfo: two.groupInfo }, "context_differs"],
      [{ ...one, welcome: two.welcome }, "welcome_differs"],
      [{ ...bare, welcome: undefined }, "welcome_differs"],
      [{ ...one, commit: random(50) }, "malformed"],
    ] as const
    for (const [made, reason] of cases) {
      now += 60_000
      const answer = await post(group, lin, made as Made)
      expect(answer.refusal).toEqual({ kind: "commit_refused", detail: { reason } })
    }
    expect((await post(group, mei, one)).refusal.kind).toBe("unknown_room")
    now += 60_000
    expect((await post(group, lin, one)).status).toBe(200)
    now += 60_000
    const byLin = await commit(one.next, [])
    expect((await post(group, mei, byLin, { epoch: 1, n: 1 })).refusal.detail).toEqual({
      reason: "wrong_sender",
    })
  })

  it("soon after another waits, removals do not; too many are too many", async () => {
    const group = await open(lin)
    await change(group, [await addition(mei)])
    const soon = await change(group, [])
    expect(soon.posted.refusal).toEqual({ kind: "rate_limited", retryAfterMs: 1000 })
    expect((await change(group, [remove(1)])).posted.status).toBe(200)
    now += 5_000
    const limited = await change(group, [])
    expect(limited.posted.refusal.kind).toBe("rate_limited")
    now += 10_000
    expect((await change(group, [])).posted.status).toBe(200)
  })

  it("may not bring in a stranger; somebody of a common room is none", async () => {
    const group = await open(lin)
    expect((await change(group, [await addition(kai)])).posted.refusal.kind).toBe("not_friends")
    await befriend(mei, kai)
    await befriend(lin, kai)
    now += 60_000
    expect((await change(group, [await addition(mei), await addition(kai)])).posted.status).toBe(200)
  })
})

describe("who a leaf is", () => {
  const refused = { kind: "commit_refused", detail: { reason: "bad_certificate" } }
  /** Sound in itself: signed by the identity key that it names. */
  const forged = async (as: TestPerson, more: object = {}) => {
    const owner = await newPerson(as.name, as.person.user)
    return makeDevice({ ...owner, ...more }, { house: await idOf(house), n: 1 })
  }

  it("is what the house knows: another key under a known name, an unknown device or a wrong name do not come in", async () => {
    const ghosts = [
      await forged(mei),
      // Really theirs, and not registered.
      await makeDevice(mei.person, { house: await idOf(house), n: 1 }),
      // Registered, with a name of one's own choice.
      await makeDevice({ ...mei.person, username: lin.name }, { ...mei.device, house: await idOf(house) }),
    ]
    for (const ghost of ghosts) {
      const room = newId(random)
      const { mls } = await openRoom(lin.device, room, groupPolicy(lin.person.user))
      const made = await commit(mls, [add(await keyPackage(ghost))])
      const first = { n: 2, ...bundleOf(made) }
      const request = { room, n: 1, opening: await groupInfoOf(mls), first }
      expect((await house.call("createRoom", { token: lin.token, request })).refusal).toEqual(refused)

      const group = await open(lin)
      expect((await change(group, [add(await keyPackage(ghost))])).posted.refusal).toEqual(refused)
      expect(await summary(mei, room)).toBeUndefined()
      now += 60_000
    }
  })

  it("holds for the one who opens a room, too", async () => {
    const room = newId(random)
    const self = await makeDevice(
      { ...(await newPerson(lin.name, lin.person.user)) },
      {
        ...lin.device,
        house: await idOf(house),
      },
    )
    const { mls } = await openRoom(self, room, groupPolicy(lin.person.user))
    const request = { room, n: 1, opening: await groupInfoOf(mls) }
    expect((await house.call("createRoom", { token: lin.token, request })).refusal).toEqual(refused)
  })
})

describe("a second device", () => {
  it("joins by external commit with the current GroupInfo, and reads what its user may", async () => {
    const group = await open(lin)
    await change(group, [await addition(mei)])
    now += 60_000
    const tablet = await makeDevice(mei.person, { house: await idOf(house), n: 1 })
    const { entered } = await login(house, mei.name, mei.password)
    const session = entered?.value.session as NonNullable<typeof entered>["value"]["session"]
    await bind(house, session, tablet)
    const { token } = session
    expect((await house.call("listRooms", { token })).value.rooms).toMatchObject([
      { room: group.room, joined: false },
    ])
    const info = (await house.call("groupInfo", { token, params: { room: group.room } })).value
    const params = { room: group.room }
    const read = () => house.call("readLog", { token, params, request: { after: 0 } })
    expect((await read()).refusal.kind).toBe("unknown_room")

    const message = readMessage(info.groupInfo, "mls_group_info")
    const { publicPackage, privatePackage } = await keyPackage(tablet)
    const joined = await joinGroupExternal(
      (message as NonNullable<typeof message>).groupInfo,
      publicPackage,
      privatePackage,
      false,
      await suite(),
      undefined,
      credulous,
      noData(),
    )
    const bytes = encodeMlsMessage({
      version: "mls10",
      wireformat: "mls_public_message",
      publicMessage: joined.publicMessage,
    })
    const groupInfo = await groupInfoOf(joined.newState)
    const request = { generation: 0, epoch: 1, n: 1, commit: bytes, groupInfo }
    const join = (more: object) =>
      house.call("postCommit", { token, params, request: { ...request, ...more } })
    expect((await join({ groupInfo: info.groupInfo })).refusal.detail).toEqual({ reason: "context_differs" })
    const posted = await join({})
    expect(posted.value).toMatchObject({ placed: { seq: 3 } })
    expect((await join({})).value).toEqual(posted.value)
    expect((await house.call("listRooms", { token })).value.rooms).toMatchObject([{ joined: true, epoch: 2 }])
    // From where the user came in, not from where the device did.
    expect((await read()).value.entries.map((e) => e.seq)).toEqual([2, 3])
    expect((await house.call("lastNumber", { token, params })).value).toEqual({ n: 1 })
  })
})

describe("a notice", () => {
  it("of leaving stops the leaver, holds the others until a commit has removed the leaf, and is idempotent", async () => {
    const group = await open(lin)
    await change(group, [await addition(mei)])
    const left: Change = { kind: "left", user: mei.person.user, leaves: [leafHashIn(group.view, 1)] }
    expect((await say(group, mei, 1, left, random(32))).refusal.kind).toBe("stale_head")
    const head = (await summary(mei, group.room))?.hash
    const posted = await say(group, mei, 1, left, head)
    expect(posted.value).toMatchObject({ placed: { seq: 3 } })
    expect((await say(group, mei, 1, left, head)).value).toEqual(posted.value)
    expect((await change(group, [remove(1)])).posted.status).toBe(200)
    expect(await summary(mei, group.room)).toBeUndefined()
    // It may read as far as it has heard, and no further.
    const log = (await read(mei, group.room)).value
    expect([log.entries.map((e) => e.seq), log.more]).toEqual([[2, 3], false])
    const again = await change(group, [])
    expect(again.posted.refusal.kind).toBe("rate_limited")
  })

  it("is about the leaves that are there now, all of them and no others", async () => {
    const group = await open(lin)
    await change(group, [await addition(mei)])
    const { user } = mei.person
    const own = leafHashIn(group.view, 1)
    const other = leafHashIn(group.view, 0)
    const wrong: Change[] = [
      { kind: "left", user, leaves: [other] },
      { kind: "left", user, leaves: [own, other] },
    ]
    for (const said of wrong)
      expect((await say(group, mei, 1, said)).refusal.detail).toEqual({ reason: "remove_forbidden" })
    expect((await summary(lin, group.room))?.seq).toBe(2)
    // A revocation is said by the house alone, for all of the account's rooms.
    const revoked: Change = { kind: "device_revoked", user, device: mei.device.device }
    expect((await say(group, mei, 1, revoked)).refusal.detail).toEqual({ reason: "policy_forbidden" })
  })

  it("of a revoked device is in each of its rooms in the same moment; where it is its person's only one, when another has come", async () => {
    const [group, second] = [await open(lin), await open(lin)]
    const phone = await phoneOf(house, mei)
    await change(group, [await addition(mei), add(await keyPackage(phone.device))])
    await change(second, [await addition(mei)])
    const infoOf = async (room: Id) =>
      (await house.call("groupInfo", { token: lin.token, params: { room } })).value
    const lastOf = async (room: Id) => {
      const last = (await read(lin, room)).value.entries.at(-1)
      return { seq: last?.seq, kind: last?.kind, device: last?.device, body: last?.body }
    }
    const { device } = mei.device
    const { entered } = await login(house, mei.name, mei.password)
    const asked = {
      token: entered?.value.session.token ?? random(32),
      request: await revocationOf(house, mei, device, { staying: [phone.device] }),
    }
    expect((await house.call("revokeDevices", asked)).status).toBe(200)
    const said = await lastOf(group.room)
    expect(said).toMatchObject({ seq: 3, kind: 2, device })
    expect((await infoOf(group.room)).leaving).toEqual([said.body])
    expect(await lastOf(second.room)).toMatchObject({ seq: 2, kind: 1 })
    expect((await infoOf(second.room)).leaving).toEqual([])

    now += 60_000
    const gone = await commit(group.view.mls, [remove(1)], noData([said.body as Uint8Array]))
    expect((await post(group, lin, gone)).status).toBe(200)
    expect((await infoOf(group.room)).leaving).toEqual([])
    expect((await change(second, [add(await keyPackage(phone.device))])).posted.status).toBe(200)
    expect(await lastOf(second.room)).toMatchObject({ seq: 4, kind: 2, device })
  })

  it("that was never posted removes nobody, although its words are true", async () => {
    const group = await open(lin)
    await change(group, [await addition(mei)])
    await befriend(lin, kai)
    now += 60_000
    const keys = await keyPackage(kai.device)
    const { made } = await change(group, [add(keys)])
    const message = made.welcome && readMessage(made.welcome, "mls_welcome")
    if (!message) throw new Error("no welcome")
    const { publicPackage, privatePackage } = keys
    const tree = group.view.mls.ratchetTree
    const cs = await suite()
    const mls = await joinGroup(
      message.welcome,
      publicPackage,
      privatePackage,
      emptyPskIndex,
      cs,
      tree,
      undefined,
      credulous,
    )
    const leaves = [leafHashIn(group.view, 1)]
    const left: Change = { kind: "left", user: mei.person.user, leaves }
    const proof = await notice(group.room, mei.device, left)
    now += 60_000
    // By a plain member: the owner would need no proof.
    const byKai = await commit(mls, [remove(1)], noData([proof]))
    expect((await post(group, kai, byKai, { n: 1 })).refusal.detail).toEqual({ reason: "remove_forbidden" })
    expect((await say(group, mei, 1, left)).status).toBe(200)
    expect((await post(group, kai, byKai, { n: 1 })).status).toBe(200)
  })

  it("signed by another device, about another user, or of a kind that belongs elsewhere is refused", async () => {
    const group = await open(lin)
    await change(group, [await addition(mei)])
    const forged = { ...mei, device: { ...mei.device, signKey: lin.device.signKey } }
    expect(
      (await say(group, forged, 1, { kind: "left", user: mei.person.user, leaves: [random(32)] })).refusal
        .detail,
    ).toEqual({
      reason: "bad_signature",
    })
    expect(
      (await say(group, mei, 1, { kind: "left", user: lin.person.user, leaves: [random(32)] })).refusal
        .detail,
    ).toEqual({
      reason: "wrong_sender",
    })
    for (const change of [{ kind: "frozen" }, { kind: "resumed" }, { kind: "retention", days: 30 }] as const)
      expect((await say(group, mei, 1, change)).refusal.detail).toEqual({ reason: "policy_forbidden" })
    expect(
      (await say(group, kai, 1, { kind: "left", user: kai.person.user, leaves: [random(32)] })).refusal.kind,
    ).toBe("unknown_room")
    expect((await summary(lin, group.room))?.seq).toBe(2)
  })
})

describe("the next generation of a room", () => {
  const HOUR = 3_600_000
  /** lin owns it; mei and kai are in it. */
  async function grown() {
    await befriend(lin, kai)
    const group = await open(lin)
    await change(group, [await addition(mei), await addition(kai)])
    return group
  }
  /** Made by `who`, from what `seen` says is the end of the log. */
  async function anew(
    group: Group,
    who: TestPerson,
    others: readonly TestPerson[],
    { generation = 1, policy = groupPolicy(lin.person.user), seen }: Anew = {},
  ) {
    const head = seen ?? (await summary(who, group.room))
    const { mls } = await openRoom(who.device, group.room, policy, generation)
    const data = encodeCommitData({
      seen: { seq: head?.seq ?? 0, hash: head?.hash ?? random(32) },
      proofs: [],
    })
    const made = await commit(mls, await Promise.all(others.map(addition)), data)
    return { body: encodeGeneration({ opening: await groupInfoOf(mls), ...bundleOf(made) }), mls: made.next }
  }
  type Anew = {
    readonly generation?: number
    readonly policy?: RoomPolicy
    readonly seen?: { readonly seq: number; readonly hash: Uint8Array }
  }
  const openAnew = (
    group: Group,
    who: TestPerson,
    request: { n: number; complaint: number; body: Uint8Array; generation?: number },
  ) =>
    house.call("openGeneration", {
      token: who.token,
      params: { room: group.room },
      request: { generation: 0, ...request },
    })
  const complain = async (group: Group, who: TestPerson, n = 1) => {
    const change: Change = { kind: "complaint", generation: 0, epoch: 1 }
    return (await say(group, who, n, change)).value.placed.seq
  }

  it("follows a complaint: same people, another group, and the messages of the old one are refused", async () => {
    const group = await grown()
    const complaint = await complain(group, mei)
    expect(complaint).toBe(3)
    const { body } = await anew(group, lin, [mei, kai])
    const request = { n: 5, complaint, body }
    const opened = await openAnew(group, lin, request)
    expect(opened.value).toMatchObject({ placed: { seq: 4, incarnation: 1 } })
    expect((await openAnew(group, lin, request)).value).toEqual(opened.value)
    expect(await summary(mei, group.room)).toMatchObject({ generation: 1, epoch: 1, seq: 4, joined: true })
    const log = (await read(kai, group.room)).value.entries
    expect(log.map((e) => [e.seq, e.generation, e.kind])).toEqual([
      [2, 0, 1],
      [3, 0, 2],
      [4, 1, 3],
    ])
    expect(log.at(-1)?.body).toEqual(body)
    const info = await house.call("groupInfo", { token: kai.token, params: { room: group.room } })
    expect(info.value).toMatchObject({ generation: 1, epoch: 1, seq: 4 })
    now += 60_000
    const late = await commit(group.view.mls, [])
    expect((await post(group, lin, late, { n: 9 })).refusal.kind).toBe("stale_epoch")
  })

  it("goes on with who has a device in it; who is left out is gone, and may be added again", async () => {
    const group = await grown()
    const complaint = await complain(group, mei)
    const { body } = await anew(group, lin, [mei])
    expect((await openAnew(group, lin, { n: 5, complaint, body })).status).toBe(200)
    expect(await summary(kai, group.room)).toBeUndefined()
    expect((await read(kai, group.room)).value.entries.at(-1)?.seq).toBe(4)
  })

  it("needs a complaint of this generation, and nothing else that stands in the log", async () => {
    const group = await grown()
    const { body } = await anew(group, lin, [mei, kai])
    const refused = async (complaint: number) =>
      (await openAnew(group, lin, { n: 5, complaint, body })).refusal.detail
    expect(await refused(2)).toEqual({ reason: "policy_forbidden" })
    expect(await refused(99)).toEqual({ reason: "policy_forbidden" })
    expect((await summary(lin, group.room))?.seq).toBe(2)
  })

  it("a complaint is about the epoch that there is", async () => {
    const group = await grown()
    const of = (generation: number, epoch: number) =>
      say(group, mei, 1, { kind: "complaint", generation, epoch })
    expect((await of(0, 0)).refusal.kind).toBe("stale_head")
    expect((await of(1, 1)).refusal.kind).toBe("stale_head")
    expect((await of(0, 1)).status).toBe(200)
  })

  it("is for owner and admins; a plain member waits for a day, and everybody an hour after the last", async () => {
    const group = await grown()
    const complaint = await complain(group, mei)
    const byMei = async (n: number, seen = 0) => {
      const { body } = await anew(group, mei, [lin, kai], { generation: 1 + seen })
      return openAnew(group, mei, { n, complaint, body, generation: seen })
    }
    const early = await byMei(5)
    expect(early.refusal).toMatchObject({ kind: "rate_limited", retryAfterMs: 24 * HOUR })
    now += 24 * HOUR
    expect((await byMei(6)).status).toBe(200)
    now += 60_000
    const again: Change = { kind: "complaint", generation: 1, epoch: 1 }
    const second = (await say(group, kai, 2, again)).value.placed.seq
    const { body } = await anew(group, lin, [mei, kai], { generation: 2 })
    const soon = await openAnew(group, lin, { n: 7, complaint: second, body, generation: 1 })
    expect(soon.refusal).toMatchObject({ kind: "rate_limited", retryAfterMs: HOUR - 60_000 })
    now += HOUR
    expect((await openAnew(group, lin, { n: 8, complaint: second, body, generation: 1 })).status).toBe(200)
    // The complaint of a generation that is over holds no more.
    const old = await anew(group, lin, [mei, kai], { generation: 3 })
    now += HOUR
    const stale = await openAnew(group, lin, { n: 9, complaint, body: old.body, generation: 2 })
    expect(stale.refusal.detail).toEqual({ reason: "policy_forbidden" })
  })

  it("is refused with a stranger, other roles, another log, another's name, or rubbish; and changes nothing then", async () => {
    const group = await grown()
    const complaint = await complain(group, mei)
    const eve = await register(house, `eve${++count}`)
    const answer = async (who: TestPerson, body: Uint8Array, n = 5) =>
      (await openAnew(group, who, { n, complaint, body })).refusal
    const stranger = await anew(group, lin, [mei, kai, eve])
    expect((await answer(lin, stranger.body)).detail).toEqual({ reason: "add_forbidden" })
    const policy = { ...groupPolicy(lin.person.user), admins: [mei.person.user] }
    const roles = await anew(group, lin, [mei, kai], { policy })
    expect((await answer(lin, roles.body)).detail).toEqual({ reason: "policy_forbidden" })
    now += 60_000
    const head = await summary(lin, group.room)
    const lies = { seq: head?.seq ?? 0, hash: random(32) }
    expect((await answer(lin, (await anew(group, lin, [mei], { seen: lies })).body)).kind).toBe("stale_head")
    const good = await anew(group, lin, [mei, kai])
    now += 24 * HOUR
    expect((await answer(mei, good.body)).detail).toEqual({ reason: "wrong_sender" })
    expect((await answer(eve, good.body)).kind).toBe("unknown_room")
    expect((await answer(lin, random(40))).kind).toBe("malformed")
    expect(await summary(lin, group.room)).toMatchObject({ generation: 0, seq: 3 })
  })

  it("brings nobody back who has left", async () => {
    const group = await grown()
    const complaint = await complain(group, mei)
    const leaves = [leafHashIn(group.view, 2)]
    expect((await say(group, kai, 1, { kind: "left", user: kai.person.user, leaves })).status).toBe(200)
    const { body } = await anew(group, lin, [mei, kai])
    const refused = await openAnew(group, lin, { n: 5, complaint, body })
    expect(refused.refusal.detail).toEqual({ reason: "add_forbidden" })
    const without = await anew(group, lin, [mei])
    now += 60_000
    expect((await openAnew(group, lin, { n: 5, complaint, body: without.body })).status).toBe(200)
  })
})

describe("around a room", () => {
  it("attestations of the current epoch are kept, signed ones only, and given to joiners", async () => {
    const group = await open(lin)
    const { mls } = group.view
    const info = readMessage(await groupInfoOf(mls), "mls_group_info")
    if (!info) throw new Error("not a GroupInfo")
    const externalPub = readExtensions(info.groupInfo.extensions)
    if (!externalPub.ok) throw new Error(externalPub.error)
    const content = {
      generation: 0,
      epoch: 0,
      context: sha256(encodeGroupContext(mls.groupContext)),
      confirmationTag: info.groupInfo.confirmationTag,
      externalPub: externalPub.value.externalPub,
    }
    const sign = async (said: typeof content) =>
      (await suite()).signature.sign(lin.device.signKey, attestationBytes(group.room, said))
    const signature = await sign(content)
    const { token } = lin
    const params = { room: group.room }
    const attest = (more: object) =>
      house.call("attest", {
        token,
        params,
        request: { ...content, device: lin.device.device, signature, ...more },
      })
    expect((await attest({ signature: random(64) })).refusal.kind).toBe("commit_refused")
    expect((await attest({ device: mei.device.device })).refusal.kind).toBe("commit_refused")
    // Rightly signed, and about another state than the room's.
    for (const [change, reason] of [
      [{ context: random(32) }, "context_differs"],
      [{ confirmationTag: random(32) }, "tag_differs"],
      [{ externalPub: random(32) }, "no_external_pub"],
    ] as const) {
      const other = { ...content, ...change }
      expect((await attest({ ...other, signature: await sign(other) })).refusal.detail).toEqual({ reason })
    }
    expect((await house.call("groupInfo", { token, params })).value.attestations).toEqual([])
    expect((await attest({})).status).toBe(200)
    expect((await attest({})).status).toBe(200)
    const given = (await house.call("groupInfo", { token, params })).value.attestations
    expect(given).toMatchObject([{ device: lin.device.device, epoch: 0 }])
    await change(group, [await addition(mei)])
    expect((await attest({})).refusal.kind).toBe("stale_epoch")
    expect((await house.call("groupInfo", { token, params })).value.attestations).toEqual([])
  })

  it("the last number counts every kind of entry; strangers learn nothing of a room", async () => {
    const group = await open(lin)
    await change(group, [await addition(mei)])
    const params = { room: group.room }
    expect((await house.call("lastNumber", { token: lin.token, params })).value).toEqual({ n: 2 })
    expect((await house.call("lastNumber", { token: mei.token, params })).value).toEqual({ n: 0 })
    expect((await house.call("lastNumber", { token: kai.token, params })).value).toEqual({ n: 0 })
    expect((await house.call("groupInfo", { token: kai.token, params })).refusal.kind).toBe("unknown_room")
    expect((await read(kai, group.room)).refusal.kind).toBe("unknown_room")
  })

  it("the log is read in parts of the size that is asked for, from where one may read", async () => {
    const group = await open(lin)
    for (let i = 0; i < 3; i++) {
      now += 60_000
      await change(group, i === 1 ? [await addition(mei)] : [])
    }
    const part = async (who: TestPerson, after: number, limit: number) => {
      const request = { after, limit }
      const { value } = await house.call("readLog", {
        token: who.token,
        params: { room: group.room },
        request,
      })
      return [value.entries.map((e) => e.seq), value.more]
    }
    expect(await part(lin, 0, 2)).toEqual([[1, 2], true])
    expect(await part(lin, 2, 2)).toEqual([[3, 4], false])
    expect(await part(lin, 4, 2)).toEqual([[], false])
    expect(await part(mei, 0, 9)).toEqual([[3, 4], false])
  })
})
