import { add, commit, groupInfoOf, openRoom } from "@teahouse/judge/cases/world.fixture.ts"
import { readMessage } from "@teahouse/judge/message.ts"
import { suite } from "@teahouse/judge/suite.ts"
import type { ClaimedKeyPackage } from "@teahouse/protocol/http/device.ts"
import type { NewRoom } from "@teahouse/protocol/http/room.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { type Change, encodeChange, encodeNotice, noticeToSign } from "@teahouse/protocol/notice.ts"
import { directPolicy, groupPolicy, type RoomPolicy } from "@teahouse/protocol/policy.ts"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  keyPackageBytes,
  listen,
  openTestHouse,
  publish,
  random,
  register,
  type TestHouse,
  type TestPerson,
} from "../http/house.fixture.ts"

let house: TestHouse
let now = Date.now()
let count = 0
let lin: TestPerson
let mei: TestPerson
beforeAll(async () => {
  house = await openTestHouse({ now: () => now, limits: { requestsPerDay: 6 } })
})
afterAll(() => house.remove())
const someone = async (what = "guest") => {
  const who = await register(house, `${what}${++count}`)
  await publish(house, who, 1)
  return who
}
beforeEach(async () => {
  now = Date.now()
  lin = await someone("lin")
  mei = await someone("mei")
})

const find = (who: TestPerson, username: string) =>
  house.call("findUser", { token: who.token, request: { username } })
const contacts = async (who: TestPerson) => (await house.call("listContacts", { token: who.token })).value
const rooms = async (who: TestPerson) => (await house.call("listRooms", { token: who.token })).value.rooms
const welcomes = async (who: TestPerson) =>
  (await house.call("listWelcomes", { token: who.token })).value.welcomes

/** The room of a request as a client makes it. */
async function roomFor(
  who: TestPerson,
  other: Id,
  packages: readonly Pick<ClaimedKeyPackage, "keyPackage">[],
  policy: RoomPolicy = directPolicy(who.person.user, other),
): Promise<NewRoom> {
  const room = newId(random)
  const view = await openRoom(who.device, room, policy)
  const opening = await groupInfoOf(view.mls)
  const adds = packages.map(({ keyPackage }) => {
    const message = readMessage(keyPackage, "mls_key_package")
    if (!message) throw new Error("not a key package")
    return add({ publicPackage: message.keyPackage } as Parameters<typeof add>[0])
  })
  const made = await commit(view.mls, adds)
  const first = { n: 2, commit: made.commit, groupInfo: made.groupInfo }
  return { room, n: 1, opening, first: made.welcome ? { ...first, welcome: made.welcome } : first }
}

async function prepare(from: TestPerson, to: TestPerson) {
  const found = await find(from, to.name)
  const room = await roomFor(from, to.person.user, found.value.packages)
  const lines = [{ device: to.device.device, sealed: random(64) }]
  return { to: to.person.user, room, lines }
}
const send = (from: TestPerson, request: Awaited<ReturnType<typeof prepare>>) =>
  house.call("sendRequest", { token: from.token, request })
const ask = async (from: TestPerson, to: TestPerson) => send(from, await prepare(from, to))

async function say(who: TestPerson, room: Id, kind: "resumed" | "frozen", n?: number) {
  const summary = (await rooms(who)).find((one) => one.room === room)
  if (!summary) throw new Error("not in the room")
  const last = (await house.call("lastNumber", { token: who.token, params: { room } })).value.n
  const bytes = encodeChange({ kind } as Change)
  const signature = await (await suite()).signature.sign(
    who.device.signKey,
    noticeToSign(room, summary.hash, bytes),
  )
  return { n: n ?? last + 1, notice: encodeNotice(bytes, summary.hash, signature) }
}
const accept = async (who: TestPerson, request: Id, room: Id) =>
  house.call("acceptRequest", {
    token: who.token,
    params: { request },
    request: await say(who, room, "resumed"),
  })
const decline = (who: TestPerson, request: Id) =>
  house.call("declineRequest", { token: who.token, params: { request }, request: {} })
const remove = async (who: TestPerson, user: Id, room: Id) =>
  house.call("removeContact", { token: who.token, params: { user }, request: await say(who, room, "frozen") })

async function befriend(a: TestPerson, b: TestPerson): Promise<Id> {
  const asked = await ask(a, b)
  const answer = await accept(b, asked.value.request, asked.value.room)
  expect(answer.status).toBe(200)
  return asked.value.room
}

describe("a friend request", () => {
  it("brings a waiting room and a sealed first line; accepting opens the room for both", async () => {
    const request = await prepare(lin, mei)
    const asked = await send(lin, request)
    expect(asked.value).toMatchObject({ room: request.room.room, placed: { seq: 2, incarnation: 1 } })
    expect((await rooms(lin))[0]).toMatchObject({ room: request.room.room, kind: "direct", state: "pending" })
    expect(await welcomes(mei)).toEqual([])
    expect((await contacts(lin)).requests).toMatchObject([{ direction: "out", user: mei.person.user }])
    expect((await contacts(mei)).requests).toEqual([
      {
        id: asked.value.request,
        direction: "in",
        user: lin.person.user,
        username: lin.name,
        room: request.room.room,
        time: expect.any(Number),
        line: request.lines[0]?.sealed,
        from: {
          device: lin.device.device,
          certificate: lin.device.certificate,
          signatureKey: lin.device.signatureKey,
        },
      },
    ])

    const accepted = await accept(mei, asked.value.request, request.room.room)
    expect(accepted.value).toMatchObject({ room: request.room.room, placed: { seq: 3 } })
    for (const [who, other] of [
      [lin, mei],
      [mei, lin],
    ] as const) {
      const list = await contacts(who)
      expect(list.requests).toEqual([])
      expect(list.contacts).toEqual([
        {
          user: other.person.user,
          username: other.name,
          kind: "person",
          state: "friend",
          room: request.room.room,
          since: now,
          profile: 0,
        },
      ])
      expect((await rooms(who))[0]?.state).toBe("open")
    }
    const [welcome] = await welcomes(mei)
    expect(welcome).toMatchObject({ room: request.room.room, generation: 0, seq: 2, from: lin.device.device })
    expect(welcome?.welcome).toEqual(request.room.first?.welcome)
    expect(welcome?.groupInfo).toEqual(request.room.first?.groupInfo)
  })

  it("sent again after a lost answer is answered the same", async () => {
    const request = await prepare(lin, mei)
    const [once, again] = [await send(lin, request), await send(lin, request)]
    expect(again.value).toEqual(once.value)
    expect((await contacts(mei)).requests).toHaveLength(1)
  })

  it("lets friends see devices, one-time packages and profiles", async () => {
    await befriend(lin, mei)
    const params = { user: mei.person.user }
    await house.call("writeProfile", { token: mei.token, request: { version: 1, sealed: random(10) } })
    expect((await house.call("listDevices", { token: lin.token, params })).value.devices).toHaveLength(1)
    expect((await house.call("readProfile", { token: lin.token, params })).value.version).toBe(1)
    const claimed = await house.call("claimKeyPackages", { token: lin.token, params, request: {} })
    expect(claimed.value.packages.map((one) => one.lastResort)).toEqual([false])
    expect((await contacts(lin)).contacts[0]?.profile).toBe(1)
  })

  it("is heard by the devices of both, at each step", async () => {
    const desk = await listen(house, mei)
    const other = await listen(house, lin)
    const heard = async (who: typeof desk, topics: string[]) => {
      await expect.poll(() => [...who.hints].sort()).toEqual(topics)
      who.hints.length = 0
    }
    const room = await ask(lin, mei)
    await heard(desk, ["contacts", "rooms"])
    await accept(mei, room.value.request, room.value.room)
    await heard(other, ["contacts", "rooms", "welcomes"])
    await remove(lin, mei.person.user, room.value.room)
    await heard(desk, ["contacts", "rooms"])
    const again = await house.call("sendRequest", {
      token: lin.token,
      request: { to: mei.person.user, lines: [] },
    })
    await heard(desk, ["contacts", "rooms"])
    await decline(mei, again.value.request)
    await heard(other, ["contacts", "rooms"])
  })

  it("does not let the one who waits see them", async () => {
    await ask(lin, mei)
    const params = { user: mei.person.user }
    expect((await house.call("listDevices", { token: lin.token, params })).refusal.kind).toBe("not_friends")
  })
})

describe("finding somebody", () => {
  it("goes by the exact name and gives the last-resort package, the same each time", async () => {
    const answers = [await find(lin, mei.name), await find(lin, mei.name.toUpperCase())]
    expect(answers[0]?.value).toEqual(answers[1]?.value)
    expect(answers[0]?.value).toMatchObject({ user: mei.person.user, username: mei.name, room: null })
    expect(answers[0]?.value.packages.map((one) => one.lastResort)).toEqual([true])
  })

  it("refuses nobody, oneself, a friend, and somebody without keys, each in its own words", async () => {
    expect((await find(lin, "nobody-at-all")).refusal.kind).toBe("unknown_user")
    expect((await find(lin, "not a name")).refusal.kind).toBe("unknown_user")
    expect((await find(lin, mei.name.slice(0, -1))).refusal.kind).toBe("unknown_user")
    expect((await find(lin, lin.name)).refusal.kind).toBe("request_to_self")
    const bare = await register(house, `bare${++count}`)
    expect((await find(lin, bare.name)).refusal.kind).toBe("no_key_package")
    await befriend(lin, mei)
    expect((await find(lin, mei.name)).refusal.kind).toBe("already_friends")
  })

  it("is not for walking through lists of names", async () => {
    const kinds = []
    for (let i = 0; i < 31; i++) kinds.push((await find(mei, `name${i}`)).status)
    expect(kinds).toEqual([...Array<number>(30).fill(404), 429])
  })
})

describe("what is refused, and changes nothing", () => {
  it("a request to oneself, to nobody, to a friend, twice", async () => {
    const request = await prepare(lin, mei)
    const { lines } = request
    const to = (user: Id) => house.call("sendRequest", { token: lin.token, request: { to: user, lines } })
    expect((await to(lin.person.user)).refusal.kind).toBe("request_to_self")
    expect((await to(newId(random))).refusal.kind).toBe("unknown_user")
    expect((await to(mei.person.user)).refusal.kind).toBe("unknown_room")
    expect((await send(lin, request)).status).toBe(200)
    const other = await roomFor(lin, mei.person.user, [{ keyPackage: await keyPackageBytes(mei.device) }])
    expect((await send(lin, { ...request, room: other })).refusal.kind).toBe("already_requested")
    expect((await rooms(lin)).map((room) => room.room)).toEqual([request.room.room])
  })

  it("a request to a friend, whose room stays the only one", async () => {
    const late = await prepare(lin, mei)
    const room = await befriend(lin, mei)
    expect((await send(lin, late)).refusal.kind).toBe("already_friends")
    expect((await rooms(lin)).map((one) => one.room)).toEqual([room])
  })

  it("a room that is not the private room of these two", async () => {
    const stranger = await someone()
    const packages = (await find(lin, mei.name)).value.packages
    const theirs = (await find(lin, stranger.name)).value.packages
    const user = mei.person.user
    const bad = [
      await roomFor(lin, user, packages, groupPolicy(lin.person.user)),
      await roomFor(lin, stranger.person.user, theirs),
      await roomFor(lin, user, []),
      await roomFor(lin, user, [...packages, ...theirs]),
      { ...(await roomFor(lin, user, packages)), opening: random(200) },
      { ...(await roomFor(lin, user, packages)), room: newId(random) },
      await roomFor(mei, lin.person.user, (await find(mei, lin.name)).value.packages),
    ]
    for (const room of bad) {
      const answer = await send(lin, { to: user, room, lines: [] })
      expect([answer.status, answer.refusal.kind]).toEqual([422, "commit_refused"])
    }
    expect(await rooms(lin)).toEqual([])
    expect((await contacts(mei)).requests).toEqual([])
  })

  it("a first line for a device that is not theirs", async () => {
    const request = await prepare(lin, mei)
    const lines = [{ device: lin.device.device, sealed: random(64) }]
    expect((await send(lin, { ...request, lines })).refusal.kind).toBe("unknown_device")
  })

  it("somebody else's room id", async () => {
    const mine = await befriend(lin, mei)
    const other = await someone()
    const request = await prepare(other, mei)
    const taken = { ...request, room: { ...request.room, room: mine } }
    expect((await send(other, taken)).refusal.kind).toBe("commit_refused")
  })

  it("accepting twice, accepting one's own, accepting what is not there", async () => {
    const asked = await ask(lin, mei)
    const { request, room } = asked.value
    expect((await accept(lin, request, room)).refusal.kind).toBe("unknown_request")
    const stranger = await someone()
    const notice = await say(mei, room, "resumed")
    const foreign = await house.call("acceptRequest", {
      token: stranger.token,
      params: { request },
      request: notice,
    })
    expect(foreign.refusal.kind).toBe("unknown_request")
    const nothing = await house.call("acceptRequest", {
      token: mei.token,
      params: { request: newId(random) },
      request: notice,
    })
    expect(nothing.refusal.kind).toBe("unknown_request")
    const wrong = await house.call("acceptRequest", {
      token: mei.token,
      params: { request },
      request: await say(mei, room, "frozen"),
    })
    expect(wrong.refusal.kind).toBe("commit_refused")
    expect((await contacts(mei)).contacts).toEqual([])

    const both = await Promise.all([accept(mei, request, room), accept(mei, request, room)])
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect((await accept(mei, request, room)).refusal.kind).toBe("already_answered")
    expect((await decline(mei, request)).refusal.kind).toBe("already_answered")
    expect((await rooms(lin))[0]).toMatchObject({ state: "open", seq: 3 })
  })

  it("more requests in a day than the house allows", async () => {
    for (let i = 0; i < 6; i++) expect((await ask(lin, await someone())).status).toBe(200)
    const answer = await ask(lin, mei)
    expect([answer.status, answer.refusal.kind]).toEqual([429, "rate_limited"])
    expect(answer.refusal.retryAfterMs).toBe(86_400_000)
    // Nothing is judged for it.
    const late = await prepare(lin, mei)
    const wrong = { ...late, room: { ...late.room, opening: random(200) } }
    expect((await send(lin, wrong)).refusal.kind).toBe("rate_limited")
    expect(await rooms(lin)).toHaveLength(6)
    now += 86_400_001
    expect((await ask(lin, mei)).status).toBe(200)
  })
})

describe("declining and withdrawing", () => {
  it.each(["decline", "withdraw"] as const)(
    "%s takes the room with it, and one may ask again",
    async (how) => {
      const asked = await ask(lin, mei)
      const who = how === "decline" ? mei : lin
      expect((await decline(await someone(), asked.value.request)).refusal.kind).toBe("unknown_request")
      expect((await decline(who, asked.value.request)).status).toBe(200)
      expect((await decline(who, asked.value.request)).refusal.kind).toBe("already_answered")
      for (const one of [lin, mei]) {
        expect(await rooms(one)).toEqual([])
        expect(await contacts(one)).toEqual({ contacts: [], requests: [], blocked: [] })
        expect(await welcomes(one)).toEqual([])
      }
      expect((await ask(lin, mei)).status).toBe(200)
    },
  )
})

it("a request that was answered is forgotten after a month", async () => {
  const asked = await ask(lin, mei)
  await decline(mei, asked.value.request)
  now += 31 * 86_400_000
  expect((await decline(mei, asked.value.request)).refusal.kind).toBe("already_answered")
  expect((await ask(lin, await someone())).status).toBe(200)
  expect((await decline(mei, asked.value.request)).refusal.kind).toBe("unknown_request")
})

describe("blocking", () => {
  const block = async (who: TestPerson, user: Id, room?: Id) =>
    house.call("blockUser", {
      token: who.token,
      params: { user },
      request: room ? { frozen: await say(who, room, "frozen") } : {},
    })
  const unblock = (who: TestPerson, user: Id) =>
    house.call("unblockUser", { token: who.token, params: { user }, request: {} })

  it("ends the friendship, and the other one is told no more than that", async () => {
    const room = await befriend(lin, mei)
    expect((await block(lin, mei.person.user)).refusal.kind).toBe("stale_head")
    expect((await contacts(lin)).blocked).toEqual([])
    const desk = await listen(house, mei)
    expect((await block(lin, mei.person.user, room)).value).toMatchObject({ placed: { seq: 4 } })
    await expect.poll(() => [...desk.hints].sort()).toEqual(["contacts", "rooms"])
    expect(await contacts(lin)).toMatchObject({
      contacts: [{ state: "removed" }],
      blocked: [{ user: mei.person.user, username: mei.name }],
    })
    expect(await contacts(mei)).toMatchObject({ contacts: [{ state: "removed" }], blocked: [] })
    for (const who of [lin, mei]) expect((await rooms(who))[0]?.state).toBe("frozen")
    expect((await block(lin, mei.person.user)).status).toBe(200)
    expect((await contacts(lin)).blocked).toHaveLength(1)
  })

  it("refuses requests in both directions until it ends", async () => {
    const room = await befriend(lin, mei)
    await block(lin, mei.person.user, room)
    const again = (from: TestPerson, to: TestPerson) =>
      house.call("sendRequest", { token: from.token, request: { to: to.person.user, lines: [] } })
    expect((await again(mei, lin)).refusal.kind).toBe("blocked")
    expect((await again(lin, mei)).refusal.kind).toBe("blocking")
    expect((await unblock(lin, mei.person.user)).status).toBe(200)
    expect((await unblock(lin, mei.person.user)).status).toBe(200)
    const asked = await again(mei, lin)
    expect(asked.status).toBe(200)
    expect((await accept(lin, asked.value.request, room)).status).toBe(200)
  })

  it("of a stranger takes their waiting request with it", async () => {
    const asked = await ask(mei, lin)
    expect((await block(lin, mei.person.user)).status).toBe(200)
    for (const who of [lin, mei]) {
      expect((await contacts(who)).requests).toEqual([])
      expect(await rooms(who)).toEqual([])
    }
    expect(
      (await accept(lin, asked.value.request, asked.value.room).catch(() => undefined))?.status,
    ).not.toBe(200)
    expect((await ask(mei, lin)).refusal.kind).toBe("blocked")
  })

  it("keeps profile and key packages from whoever is blocked, also in a common group", async () => {
    const packages = [{ keyPackage: await keyPackageBytes(mei.device) }]
    await befriend(lin, mei)
    const group = await roomFor(lin, mei.person.user, packages, groupPolicy(lin.person.user))
    expect((await house.call("createRoom", { token: lin.token, request: group })).status).toBe(200)
    await house.call("writeProfile", { token: lin.token, request: { version: 1, sealed: random(10) } })
    const params = { user: lin.person.user }
    const reach = async () => [
      (await house.call("claimKeyPackages", { token: mei.token, params, request: {} })).status,
      (await house.call("readProfile", { token: mei.token, params })).status,
    ]
    expect(await reach()).toEqual([200, 200])
    const direct = (await contacts(lin)).contacts[0]?.room
    await block(lin, mei.person.user, direct)
    expect(await reach()).toEqual([403, 403])
  })

  it("of oneself, of nobody, without a session: refused", async () => {
    expect((await block(lin, lin.person.user)).refusal.kind).toBe("request_to_self")
    expect((await block(lin, newId(random))).refusal.kind).toBe("unknown_user")
    const params = { user: mei.person.user }
    expect((await house.call("blockUser", { params, request: {} })).refusal.kind).toBe("not_signed_in")
    expect((await house.call("unblockUser", { params, request: {} })).refusal.kind).toBe("not_signed_in")
  })
})

describe("removing a friend", () => {
  it("freezes the room; a new request resumes the same one", async () => {
    const room = await befriend(lin, mei)
    expect((await remove(await someone(), mei.person.user, room).catch(() => null))?.status).toBeUndefined()
    expect((await remove(mei, lin.person.user, room)).status).toBe(200)
    expect((await remove(mei, lin.person.user, room)).refusal.kind).toBe("not_friends")
    for (const who of [lin, mei]) {
      expect((await contacts(who)).contacts).toMatchObject([{ state: "removed", room }])
      expect((await rooms(who))[0]?.state).toBe("frozen")
    }

    const found = await find(lin, mei.name)
    expect(found.value.room).toBe(room)
    const lines = [{ device: mei.device.device, sealed: random(64) }]
    const anew = await roomFor(lin, mei.person.user, found.value.packages)
    expect((await send(lin, { to: mei.person.user, room: anew, lines })).refusal.kind).toBe(
      "version_conflict",
    )
    const again = await house.call("sendRequest", {
      token: lin.token,
      request: { to: mei.person.user, lines },
    })
    expect(again.value).toEqual({ request: expect.any(String), room })
    expect((await accept(mei, again.value.request, room)).status).toBe(200)
    expect((await rooms(lin)).map((one) => [one.room, one.state])).toEqual([[room, "open"]])
    expect((await contacts(lin)).contacts).toMatchObject([{ state: "friend", room }])
  })

  it("ends what only friends may see: devices, packages, profile; a common group keeps it", async () => {
    const room = await befriend(lin, mei)
    const params = { user: mei.person.user }
    const reach = async () => [
      (await house.call("listDevices", { token: lin.token, params })).status,
      (await house.call("claimKeyPackages", { token: lin.token, params, request: {} })).status,
      (await house.call("readProfile", { token: lin.token, params })).refusal?.kind,
    ]
    expect((await reach()).slice(0, 2)).toEqual([200, 200])
    await remove(mei, lin.person.user, room)
    expect(await reach()).toEqual([403, 403, "not_friends"])
    const again = await house.call("sendRequest", {
      token: lin.token,
      request: { to: params.user, lines: [] },
    })
    expect((await accept(mei, again.value.request, room)).status).toBe(200)
    const packages = [{ keyPackage: await keyPackageBytes(mei.device) }]
    const group = await roomFor(lin, params.user, packages, groupPolicy(lin.person.user))
    expect((await house.call("createRoom", { token: lin.token, request: group })).status).toBe(200)
    await remove(mei, lin.person.user, room)
    expect((await reach()).slice(0, 2)).toEqual([200, 200])
  })

  it("a declined request to resume leaves the frozen room with its history", async () => {
    const room = await befriend(lin, mei)
    await remove(mei, lin.person.user, room)
    const again = await house.call("sendRequest", {
      token: lin.token,
      request: { to: mei.person.user, lines: [] },
    })
    await decline(mei, again.value.request)
    expect((await rooms(lin)).map((one) => [one.room, one.state])).toEqual([[room, "frozen"]])
  })
})

describe("two who ask each other at the same moment", () => {
  it("end in one room, whoever is first, twelve times over", async () => {
    for (let round = 0; round < 12; round++) {
      const [a, b] = [await someone("a"), await someone("b")]
      const [fromA, fromB] = [await prepare(a, b), await prepare(b, a)]
      const answers = await Promise.all(
        round % 2 === 0 ? [send(a, fromA), send(b, fromB)] : [send(b, fromB), send(a, fromA)],
      )
      const won = answers.find((answer) => answer.status === 200)
      const lost = answers.find((answer) => answer.status !== 200)
      expect(lost?.refusal).toEqual({ kind: "request_waiting", detail: { request: won?.value.request } })
      const room = won?.value.room as Id
      const loser = room === fromA.room.room ? b : a
      expect((await accept(loser, won?.value.request as Id, room)).status).toBe(200)
      for (const who of [a, b]) {
        expect((await rooms(who)).map((one) => [one.room, one.state])).toEqual([[room, "open"]])
        const list = await contacts(who)
        expect(list.contacts.map((one) => one.room)).toEqual([room])
        expect(list.requests).toEqual([])
      }
    }
  })

  it("and one who asks many times at the same moment has asked once", async () => {
    const requests = [await prepare(lin, mei), await prepare(lin, mei), await prepare(lin, mei)]
    const answers = await Promise.all(requests.map((request) => send(lin, request)))
    expect(answers.map((answer) => answer.refusal?.kind ?? "ok").sort()).toEqual([
      "already_requested",
      "already_requested",
      "ok",
    ])
    expect(await rooms(mei)).toHaveLength(1)
  })
})
