/**
 * What every implementation of the port's rooms does, and what it refuses: MLS (mls/room.test.ts) and the simulation's transparent
 * model (test/sim/model/model.test.ts) run the same.
 */
import { fromUtf8, utf8 } from "@teahouse/protocol/bytes.ts"
import { directPolicy, groupPolicy, selfPolicy } from "@teahouse/protocol/policy.ts"
import { describe, expect, test } from "vitest"
import { id, must, noData, peopleOf, type TestDevice } from "./people.fixture.ts"
import type { Crypto, Delta, Room } from "./port.ts"

export function roomsContract(crypto: Crypto): void {
  const { room: rooms } = crypto
  const { person, deviceOf, keyPackageOf } = peopleOf(crypto)
  const aad = utf8("place")

  async function friends() {
    const [alice, bob] = await Promise.all([person("alice"), person("bob")])
    const [a, b] = await Promise.all([deviceOf(alice), deviceOf(bob)])
    const room = id()
    const made = await rooms.create(a, room, 0, directPolicy(alice.user, bob.user))
    const kp = await keyPackageOf(b)
    const bundle = must(await rooms.commit(made.room, { add: [kp.bytes], data: noData }))
    const { welcome, groupInfo } = bundle
    if (!welcome) throw new Error("no welcome")
    const joined = await rooms.join({
      device: b,
      room,
      generation: 0,
      welcome,
      groupInfo,
      keyPackage: kp.secret,
    })
    return { alice, bob, a, b, room, first: made, bundle, atAlice: bundle.next, atBob: must(joined) }
  }

  async function says(from: Room, to: Room, text: string) {
    const sealed = await rooms.sealMessage(from, utf8(text), aad)
    const opened = must(await rooms.openMessage(to, sealed.bytes))
    expect(fromUtf8(opened.content)).toBe(text)
    expect(opened.aad).toEqual(aad)
    expect(opened.sender.leaf).toBe(from.leaf)
    return { from: sealed.room, to: opened.room, sealed, opened }
  }

  describe("a private room", () => {
    test("both read each other, agree on the epoch, and know who spoke", async () => {
      const { a, b, bundle, atAlice, atBob } = await friends()
      const there = await says(atAlice, atBob, "你好")
      expect(there.opened.sender).toMatchObject({ user: a.user, device: a.device })
      const back = await says(there.to, there.from, "hello")
      expect(back.opened.sender).toMatchObject({ user: b.user, device: b.device })
      expect(rooms.epochAuthenticator(atAlice)).toEqual(rooms.epochAuthenticator(atBob))
      expect(bundle.welcomes).toMatchObject([{ user: b.user, device: b.device }])
      expect(await rooms.sameGroupInfo(atBob, bundle.groupInfo)).toBe(true)
      expect(await rooms.attestation(atAlice)).toEqual(await rooms.attestation(atBob))
    })

    test("one's own message, a replay and another epoch are told apart", async () => {
      const { atAlice, atBob } = await friends()
      const { from, to, sealed } = await says(atAlice, atBob, "once")
      expect(await rooms.openMessage(from, sealed.bytes)).toEqual({ ok: false, error: "unreadable" })
      expect(await rooms.openMessage(to, sealed.bytes)).toEqual({ ok: false, error: "used_or_too_far" })
      const update = must(await rooms.commit(to, { data: noData }))
      const next = must(await rooms.process(from, update.commit))
      expect(next.kind).toBe("advanced")
      expect(await rooms.openMessage(update.next, sealed.bytes)).toEqual({ ok: false, error: "wrong_epoch" })
    })

    test("bytes on the wire hide lengths in steps, and garbage is unreadable, not an exception", async () => {
      const { atAlice, atBob } = await friends()
      const short = await rooms.sealMessage(atAlice, utf8("a"), aad)
      const longer = await rooms.sealMessage(atAlice, utf8("a".repeat(200)), aad)
      expect(Math.abs(short.bytes.length - longer.bytes.length)).toBeLessThan(4)
      for (const at of [0, 20, 60, short.bytes.length - 1]) {
        const broken = short.bytes.slice()
        broken[at] = (broken[at] ?? 0) ^ 1
        expect((await rooms.openMessage(atBob, broken)).ok).toBe(false)
      }
      expect((await rooms.openMessage(atBob, new Uint8Array([...short.bytes, 0]))).ok).toBe(false)
      expect((await rooms.openMessage(atBob, short.bytes.slice(0, 50))).ok).toBe(false)
    })

    test("state and deltas come back as they were; a stale delta is refused", async () => {
      const { a, b, room, atAlice, atBob } = await friends()
      const base = { a: rooms.encode(atAlice), b: rooms.encode(atBob) }
      const deltas = { a: new Map<number, Delta>(), b: new Map<number, Delta>() }
      let [from, to] = [atAlice, atBob]
      for (let i = 0; i < 20; i++) {
        const step = await says(from, to, `n${i}`)
        deltas.a.set(step.sealed.delta.leaf, step.sealed.delta)
        deltas.b.set(step.opened.delta.leaf, step.opened.delta)
        expect(step.opened.delta.bytes.length).toBeLessThan(200)
        ;[from, to] = [step.from, step.to]
      }
      const again = (device: TestDevice, bytes: Uint8Array, d: Map<number, Delta>) =>
        rooms.decode(device, room, 0, bytes, [...d.values()])
      const alice = again(a, base.a, deltas.a)
      const bob = again(b, base.b, deltas.b)
      if (!alice || !bob) throw new Error("not decoded")
      expect(rooms.encode(alice)).toEqual(rooms.encode(from))
      await says(alice, bob, "after restart")
      const update = must(await rooms.commit(bob, { data: noData }))
      const [stale] = deltas.b.values()
      expect(stale && rooms.decode(b, room, 0, rooms.encode(update.next), [stale])).toBeUndefined()
      expect(rooms.decode(a, room, 0, base.b, [])).toBeUndefined()
      expect(rooms.decode(b, id(), 0, base.b, [])).toBeUndefined()
      expect(rooms.decode(b, room, 0, base.b.slice(0, -3), [])).toBeUndefined()
    })

    test("a second device comes in by itself; a stranger does not", async () => {
      const { alice, room, bundle, atAlice, atBob } = await friends()
      const a2 = await deviceOf(alice)
      const external = { room, generation: 0, groupInfo: bundle.groupInfo, data: noData }
      const joined = must(await rooms.joinExternally({ device: a2, ...external }))
      const seen = await Promise.all([atAlice, atBob].map((r) => rooms.process(r, joined.commit)))
      for (const each of seen)
        expect(must(each)).toMatchObject({ kind: "advanced", change: { external: true } })
      const bob = must(seen[1] as (typeof seen)[number])
      if (bob.kind !== "advanced") throw new Error()
      await says(joined.next, bob.room, "from my new phone")
      const stranger = await deviceOf(await person("mallory"))
      const refused = { kind: "refused", reason: "external_forbidden" }
      expect(await rooms.joinExternally({ device: stranger, ...external })).toEqual({
        ok: false,
        error: refused,
      })
    })

    test("a device that lost its state comes back in its own place", async () => {
      const { a, room, bundle, atBob } = await friends()
      const back = must(
        await rooms.joinExternally({
          device: a,
          room,
          generation: 0,
          groupInfo: bundle.groupInfo,
          data: noData,
        }),
      )
      expect(back.change).toMatchObject({ removed: [{ device: a.device }], added: [{ device: a.device }] })
      const bob = must(await rooms.process(atBob, back.commit))
      if (bob.kind !== "advanced") throw new Error()
      await says(back.next, bob.room, "I am back")
      expect(back.next.judged.leaves.length).toBe(2)
      const old = must(await rooms.process(bundle.next, back.commit))
      expect(old.kind).toBe("removed")
    })

    test("a certificate of a newer account generation takes the old one's place, never the other way", async () => {
      const { alice, a, atAlice, atBob } = await friends()
      const issue = (generation: number) =>
        crypto.account.issueCertificate(alice.keys.uik, {
          house: a.house,
          user: a.user,
          device: a.device,
          generation,
          username: "alice",
          kind: "person",
          signatureKey: a.signature.publicKey,
        })
      const raised = must(await rooms.commit(atAlice, { certificate: await issue(3), data: noData }))
      const bob = must(await rooms.process(atBob, raised.commit))
      if (bob.kind !== "advanced") throw new Error()
      expect(bob.room.judged.leaves.find((l) => l.device === a.device)?.n).toBe(3)
      const lower = await rooms.commit(raised.next, { certificate: await issue(2), data: noData })
      expect(lower).toEqual({ ok: false, error: { kind: "refused", reason: "stale_certificate" } })
    })

    test("typing indicators open in the epoch, under the device that sent them", async () => {
      const { a, b, atAlice, atBob } = await friends()
      const sealed = await rooms.sealEphemeral(atAlice, utf8("typing"))
      expect(fromUtf8(must(await rooms.openEphemeral(atBob, a.device, sealed)))).toBe("typing")
      expect((await rooms.openEphemeral(atBob, b.device, sealed)).ok).toBe(false)
      expect((await rooms.openEphemeral(atBob, id(), sealed)).ok).toBe(false)
      const update = must(await rooms.commit(atBob, { data: noData }))
      expect((await rooms.openEphemeral(update.next, a.device, sealed)).ok).toBe(false)
    })
  })

  test("a group: adds, removals and what the removed one learns", async () => {
    const people = await Promise.all(["owner", "one", "two", "three"].map(person))
    const devices = await Promise.all(people.map((p) => deviceOf(p)))
    const [owner, ...others] = devices as [TestDevice, ...TestDevice[]]
    const room = id()
    const made = await rooms.create(owner, room, 0, groupPolicy(owner.user))
    const packages = await Promise.all(others.map(keyPackageOf))
    const add = packages.map((p) => p.bytes)
    const bundle = must(await rooms.commit(made.room, { add, data: noData }))
    const { welcome, groupInfo } = bundle
    if (!welcome) throw new Error()
    expect(must(rooms.welcomeRefs(welcome))).toEqual(packages.map((p) => p.ref))
    const join = async (i: number) => {
      const [device, kp] = [others[i], packages[i]]
      if (!device || !kp) throw new Error()
      return must(
        await rooms.join({ device, room, generation: 0, welcome, groupInfo, keyPackage: kp.secret }),
      )
    }
    const [one, two, three] = [await join(0), await join(1), await join(2)]
    const plain = await rooms.commit(one, { remove: [others[1]?.device ?? id()], data: noData })
    expect(plain).toEqual({ ok: false, error: { kind: "refused", reason: "remove_forbidden" } })
    const removal = must(
      await rooms.commit(bundle.next, { remove: [others[1]?.device ?? id()], data: noData }),
    )
    expect(must(await rooms.process(two, removal.commit)).kind).toBe("removed")
    const after = await Promise.all([one, three].map((r) => rooms.process(r, removal.commit)))
    for (const each of after) {
      const seen = must(each)
      if (seen.kind !== "advanced") throw new Error()
      expect(rooms.epochAuthenticator(seen.room)).toEqual(rooms.epochAuthenticator(removal.next))
      await says(removal.next, seen.room, "without two")
    }
  })

  test("a room with oneself takes one's own devices and nobody else", async () => {
    const alice = await person("alice")
    const device = await deviceOf(alice)
    const made = await rooms.create(device, id(), 0, selfPolicy(alice.user))
    const mine = await keyPackageOf(await deviceOf(alice))
    const theirs = await keyPackageOf(await deviceOf(await person("bob")))
    expect((await rooms.commit(made.room, { add: [mine.bytes], data: noData })).ok).toBe(true)
    const refused = await rooms.commit(made.room, { add: [theirs.bytes], data: noData })
    expect(refused).toEqual({ ok: false, error: { kind: "refused", reason: "not_in_room" } })
  })

  describe("refusals", () => {
    const why = (reason: string) => ({ ok: false, error: { kind: "refused", reason } })
    const unprocessable = { ok: false, error: { kind: "unprocessable" } }

    test("a commit of another device than its poster, of an epoch that is over, and of another room", async () => {
      const one = await friends()
      const two = await friends()
      const update = must(await rooms.commit(one.atBob, { data: noData }))
      expect(await rooms.process(one.atAlice, update.commit, one.a.device)).toEqual(why("wrong_sender"))
      const seen = must(await rooms.process(one.atAlice, update.commit, one.b.device))
      if (seen.kind !== "advanced") throw new Error()
      expect(await rooms.process(seen.room, update.commit)).toEqual(why("wrong_epoch"))
      expect(await rooms.process(two.atAlice, update.commit)).toEqual(why("wrong_group"))
      expect(await rooms.process(one.atAlice, update.commit.slice(0, -1))).toEqual(why("malformed"))
    })

    test("two commits of one epoch: who has taken one refuses the other, and both are whole again after it", async () => {
      const { atAlice, atBob } = await friends()
      const [mine, theirs] = [
        must(await rooms.commit(atAlice, { data: noData })),
        must(await rooms.commit(atBob, { data: noData })),
      ]
      expect(await rooms.process(mine.next, theirs.commit)).toEqual(why("wrong_epoch"))
      const bob = must(await rooms.process(atBob, mine.commit))
      if (bob.kind !== "advanced") throw new Error()
      await says(mine.next, bob.room, "yours is gone")
    })

    test("a welcome for somebody else, one that is none, and one with another room's GroupInfo", async () => {
      const { b, room, bundle } = await friends()
      const other = await friends()
      const kp = await keyPackageOf(b)
      const join = { device: b, room, generation: 0, groupInfo: bundle.groupInfo, keyPackage: kp.secret }
      const { welcome } = bundle
      if (!welcome) throw new Error()
      expect(await rooms.join({ ...join, welcome })).toEqual({ ok: false, error: { kind: "not_for_us" } })
      expect(await rooms.join({ ...join, welcome: welcome.slice(1) })).toEqual(why("malformed"))
      expect(rooms.welcomeRefs(welcome.slice(1))).toEqual({ ok: false, error: "malformed" })
      const there = await rooms.look(other.bundle.groupInfo, b.house, room, 0)
      expect(there).toEqual({ ok: false, error: "wrong_group" })
      expect(await rooms.look(welcome, b.house, room, 0)).toEqual({ ok: false, error: "malformed" })
    })

    test("a device that is there already, one's own removal, and somebody who is not there", async () => {
      const { a, b, atAlice } = await friends()
      const again = await keyPackageOf(b)
      expect(await rooms.commit(atAlice, { add: [again.bytes], data: noData })).toEqual(unprocessable)
      expect(await rooms.commit(atAlice, { remove: [a.device], data: noData })).toEqual(why("bad_remove"))
      expect(await rooms.commit(atAlice, { remove: [id()], data: noData })).toEqual(why("bad_remove"))
      expect(await rooms.commit(atAlice, { add: [noData], data: noData })).toEqual(why("malformed"))
    })

    test("keys of messages on their way are kept, sixteen of them; nobody follows a thousand at once", async () => {
      const { atAlice, atBob } = await friends()
      const sealed: Uint8Array[] = []
      let from = atAlice
      for (let i = 0; i < 1_003; i++) {
        const next = await rooms.sealMessage(from, utf8(`n${i}`), aad)
        sealed.push(next.bytes)
        from = next.room
      }
      expect(rooms.sentUpTo(from)).toEqual({ epoch: from.epoch, generation: 1_003 })
      const bytes = (i: number) => sealed[i] as Uint8Array
      const later = must(await rooms.openMessage(atBob, bytes(20)))
      const early = must(await rooms.openMessage(later.room, bytes(10)))
      expect(fromUtf8(early.content)).toBe("n10")
      const late = { ok: false, error: "used_or_too_far" }
      expect(await rooms.openMessage(early.room, bytes(10))).toEqual(late)
      expect(await rooms.openMessage(early.room, bytes(2))).toEqual(late)
      expect(await rooms.openMessage(atBob, bytes(1_002))).toEqual(late)
      expect((await rooms.openMessage(atBob, bytes(1_000))).ok).toBe(true)
    })

    test("what a GroupInfo shows is what its members attest, of this epoch and no other", async () => {
      const { atAlice, atBob, bundle } = await friends()
      expect(rooms.shown(bundle.groupInfo)).toEqual(await rooms.attestation(atAlice))
      expect(rooms.shown(await rooms.groupInfo(atBob))).toEqual(await rooms.attestation(atAlice))
      const update = must(await rooms.commit(atBob, { data: noData }))
      expect(await rooms.sameGroupInfo(atAlice, update.groupInfo)).toBe(false)
      expect(await rooms.sameGroupInfo(update.next, update.groupInfo)).toBe(true)
      expect(rooms.shown(update.commit)).toBeUndefined()
    })
  })
}
