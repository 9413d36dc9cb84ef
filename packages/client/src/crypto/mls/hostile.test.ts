/**
 * The judge's hostile cases against what a client does with an accepted entry: the same answer as the server's, and what
 * only a member can see is unprocessable (then the client rejoins).
 */
import { makeWorld } from "@teahouse/judge/cases/case.fixture.ts"
import { groupInfoCases, wrongExternalPub } from "@teahouse/judge/cases/group-info.fixture.ts"
import { hostileCases } from "@teahouse/judge/cases/hostile.fixture.ts"
import { commit, house, type View } from "@teahouse/judge/cases/world.fixture.ts"
import { concat, utf8 } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { directPolicy, groupPolicy } from "@teahouse/protocol/policy.ts"
import { encodeGroupState } from "ts-mls"
import { describe, expect, test } from "vitest"
import { mlsCrypto } from "../mls-crypto.ts"
import { deviceOf, id, keyPackageOf, must, noData, person } from "../people.fixture.ts"
import type { Device, Room } from "../port.ts"

const { room: rooms } = mlsCrypto
const world = await makeWorld()

function clientOf({ device: d, mls }: View, room: Id): { device: Device; room: Room } {
  const signature = { publicKey: d.signatureKey, privateKey: d.signKey }
  const device = { house, user: d.user, device: d.device, certificate: d.certificate, signature }
  const decoded = rooms.decode(device, room, 0, concat(Uint8Array.of(1), encodeGroupState(mls)), [])
  if (!decoded) throw new Error("the victim's state is not readable")
  return { device, room: decoded }
}

describe("hostile commits", () => {
  test.each(hostileCases)("$name → $expect", async ({ expect: answer, make }) => {
    const attempt = await make(world)
    const victim = clientOf(attempt.victim, attempt.room)
    const before = rooms.encode(victim.room)
    const result = await rooms.process(victim.room, attempt.commit, attempt.poster)
    const expected = answer === "client" ? { kind: "unprocessable" } : { kind: "refused", reason: answer }
    expect(result).toEqual({ ok: false, error: expected })
    // Not adopting is all there is to refusing: the room goes on as it was.
    expect(rooms.encode(victim.room)).toEqual(before)
  })

  test("after one that nobody can process, coming back by external commit works", async () => {
    const poison = hostileCases.find((c) => c.name.startsWith("a wrong ciphertext"))
    if (!poison) throw new Error()
    const attempt = await poison.make(world)
    const carol = clientOf(attempt.victim, attempt.room)
    const back = must(
      await rooms.joinExternally({
        device: carol.device,
        room: attempt.room,
        generation: 0,
        groupInfo: attempt.before,
        data: noData,
      }),
    )
    const bob = clientOf(world.group.bob, attempt.room)
    expect(must(await rooms.process(bob.room, back.commit)).kind).toBe("advanced")
  })
})

describe("hostile GroupInfo", () => {
  test.each(groupInfoCases)("$name: not joined from, or not attested", async ({ expect: answer, make }) => {
    const { room, bob, carol } = world.group
    const made = await commit(bob.mls, [])
    const after = must(await rooms.process(clientOf(carol, room).room, made.commit))
    if (after.kind !== "advanced") throw new Error()
    expect(await rooms.sameGroupInfo(after.room, made.groupInfo)).toBe(true)
    const bad = await make(made.groupInfo, world)
    const joinable = (await rooms.look(bad, house, room, 0)).ok
    const attested = await rooms.sameGroupInfo(after.room, bad)
    // One that another member signed, with all else right, is as good as the committer's for whoever joins.
    expect(joinable && attested).toBe(answer === "wrong_signer")
  })

  test("an external_pub of another epoch is not attested, and whoever joins with it is not followed", async () => {
    const { room, bob, carol } = world.group
    const made = await commit(bob.mls, [])
    const { room: seen, device } = clientOf(carol, room)
    const after = must(await rooms.process(seen, made.commit))
    if (after.kind !== "advanced") throw new Error()
    const groupInfo = await wrongExternalPub(made.groupInfo, world)
    expect(await rooms.sameGroupInfo(after.room, groupInfo)).toBe(false)
    const joined = must(await rooms.joinExternally({ device, room, generation: 0, groupInfo, data: noData }))
    const others = clientOf({ ...bob, mls: made.next }, room)
    expect(await rooms.process(others.room, joined.commit)).toEqual({
      ok: false,
      error: { kind: "unprocessable" },
    })
  })
})

describe("hostile welcomes", () => {
  async function invitation() {
    const [alice, bob, eve] = await Promise.all(["alice", "bob", "eve"].map(person))
    if (!alice || !bob || !eve) throw new Error()
    const [a, b, e] = await Promise.all([alice, bob, eve].map((p) => deviceOf(p)))
    if (!a || !b || !e) throw new Error()
    const kp = await keyPackageOf(b)
    return { alice, bob, a, b, kp, ke: await keyPackageOf(e) }
  }

  test("a third person slipped into a private room", async () => {
    const { alice, bob, a, b, kp, ke } = await invitation()
    const room = id()
    // The inviter builds a group of three, then swears that it is private: the context would have to say so.
    const group = await rooms.create(a, room, 0, groupPolicy(alice.user))
    const three = must(await rooms.commit(group.room, { add: [kp.bytes, ke.bytes], data: noData }))
    const input = {
      device: b,
      room,
      generation: 0,
      welcome: three.welcome ?? new Uint8Array(),
      keyPackage: kp.secret,
    }
    const asGroup = must(await rooms.join({ ...input, groupInfo: three.groupInfo }))
    expect(asGroup.judged.policy.kind).toBe("group")
    const direct = await rooms.create(a, room, 0, directPolicy(alice.user, bob.user))
    const two = must(await rooms.commit(direct.room, { add: [kp.bytes], data: noData }))
    const refused = { ok: false, error: { kind: "unprocessable" } }
    expect(await rooms.join({ ...input, groupInfo: two.groupInfo })).toEqual(refused)
    const third = await rooms.commit(direct.room, { add: [kp.bytes, ke.bytes], data: noData })
    expect(third).toEqual({ ok: false, error: { kind: "refused", reason: "not_in_room" } })
  })

  test("a Welcome for another, for another room, or cut short", async () => {
    const { alice, bob, a, b, kp, ke } = await invitation()
    const room = id()
    const direct = await rooms.create(a, room, 0, directPolicy(alice.user, bob.user))
    const made = must(await rooms.commit(direct.room, { add: [kp.bytes], data: noData }))
    const { groupInfo } = made
    const welcome = made.welcome ?? new Uint8Array()
    const input = { device: b, room, generation: 0, welcome, groupInfo, keyPackage: kp.secret }
    expect((await rooms.join(input)).ok).toBe(true)
    expect(await rooms.join({ ...input, keyPackage: ke.secret })).toEqual({
      ok: false,
      error: { kind: "not_for_us" },
    })
    const elsewhere = { ok: false, error: { kind: "refused", reason: "wrong_group" } }
    expect(await rooms.join({ ...input, room: id() })).toEqual(elsewhere)
    expect(await rooms.join({ ...input, generation: 1 })).toEqual(elsewhere)
    const malformed = { ok: false, error: { kind: "refused", reason: "malformed" } }
    expect(await rooms.join({ ...input, welcome: welcome.slice(0, -1) })).toEqual(malformed)
    const broken = welcome.slice()
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1
    expect(await rooms.join({ ...input, welcome: broken })).toEqual({
      ok: false,
      error: { kind: "unprocessable" },
    })
  })

  test("an invitation to oneself under another user's certificate is not ours", async () => {
    const { alice, bob, a, b, kp } = await invitation()
    const room = id()
    const direct = await rooms.create(a, room, 0, directPolicy(alice.user, bob.user))
    const made = must(await rooms.commit(direct.room, { add: [kp.bytes], data: noData }))
    const input = {
      room,
      generation: 0,
      welcome: made.welcome ?? utf8(""),
      groupInfo: made.groupInfo,
      keyPackage: kp.secret,
    }
    const other = { ...b, user: id() }
    expect(await rooms.join({ ...input, device: other })).toEqual({
      ok: false,
      error: { kind: "refused", reason: "welcome_differs" },
    })
  })
})
