/**
 * Seeded lives of rooms, told in several files so that they live side by side. TEAHOUSE_SCENARIO_STEPS (200) commits in all, TEAHOUSE_SCENARIO_SEED (1) the first seed; a
 * failure names its seed and step. After each commit every member and the judge agree on epoch, tree and secret, and
 * messages pass both ways; now and then somebody restarts from what is stored.
 */
import { mlsCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { deviceOf, id, must, type Person, person } from "@teahouse/client/crypto/people.fixture.ts"
import { leafHash } from "@teahouse/judge/state.ts"
import { encodeCommitData } from "@teahouse/protocol/commit-data.ts"
import { encodeChange, encodeNotice, noticeToSign } from "@teahouse/protocol/notice.ts"
import { directPolicy, groupPolicy } from "@teahouse/protocol/policy.ts"
import { expect, test } from "vitest"
import { type Member, RoomHouse } from "./house.fixture.ts"

const STEPS = Number(process.env.TEAHOUSE_SCENARIO_STEPS ?? 200)
const SEED = Number(process.env.TEAHOUSE_SCENARIO_SEED ?? 1)
const PER_ROOM = 40
const MOST_DEVICES = 10

/** mulberry32: only choices are seeded, keys are always random. */
function chooser(seed: number) {
  let a = seed >>> 0
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (n: number) => Math.floor(next() * n)
  const one = <T>(list: readonly T[]): T => {
    const found = list[below(list.length)]
    if (found === undefined) throw new Error("nothing to choose from")
    return found
  }
  return { below, one }
}

async function step(
  room: RoomHouse,
  people: readonly Person[],
  pick: ReturnType<typeof chooser>,
): Promise<string> {
  const members = [...room.members.values()]
  const owner = people[0]
  const by = pick.one(members)
  const others = members.filter((m) => m !== by)
  const mayRemove = (m: Member) => by.device.user === owner?.user || m.device.user === by.device.user
  const removable = others.filter(mayRemove)
  const space = MOST_DEVICES - members.length
  const guests = () =>
    Promise.all(Array.from({ length: 1 + pick.below(Math.min(3, space)) }, () => deviceOf(pick.one(people))))
  const kind = pick.one([
    "add",
    "add",
    "remove",
    "swap",
    "update",
    "external",
    "resync",
    "clear",
    "policy",
  ] as const)
  if (kind === "add" && space > 0) await room.commit(by, { join: await guests() })
  else if (kind === "remove" && removable.length > 0)
    await room.commit(by, { remove: [pick.one(removable).device.device] })
  else if (kind === "swap" && removable.length > 0 && space > 0) {
    await room.commit(by, { remove: [pick.one(removable).device.device], join: await guests() })
  } else if (kind === "external" && space > 0)
    await room.external(await deviceOf(pick.one(members).device.owner))
  else if (kind === "resync") await room.external(by.device)
  else if (kind === "clear" && removable.length === others.length && others.length > 0) {
    await room.commit(by, { remove: others.map((m) => m.device.device) })
  } else if (kind === "policy" && by.device.user === owner?.user) {
    await room.commit(by, { policy: { ...room.state.policy, historyDays: pick.below(30) } })
  } else await room.commit(by, {})
  return kind
}

async function afterwards(room: RoomHouse, pick: ReturnType<typeof chooser>): Promise<void> {
  await room.agree()
  const members = [...room.members.values()]
  await room.says(pick.one(members), "你好")
  await room.says(pick.one(members), "hello")
  if (pick.below(4) === 0) room.restart(pick.one(members))
}

/** Every `of`th room, from the `part`th on. */
export function groupLives(part: number, of: number) {
  const count = Math.max(of, Math.ceil(STEPS / PER_ROOM))
  const rooms = Array.from({ length: count }, (_, i) => ({ seed: SEED + i })).filter(
    (_, i) => i % of === part,
  )
  test.each(rooms)(
    "a group's life, seed $seed",
    async ({ seed }) => {
      const pick = chooser(seed)
      const people = await Promise.all(["owner", "one", "two", "three", "four"].map(person))
      const [owner] = people
      if (!owner) throw new Error()
      const room = await RoomHouse.open(await deviceOf(owner), id(), groupPolicy(owner.user))
      const done: string[] = []
      try {
        for (let i = 0; i < PER_ROOM; i++) {
          done.push(await step(room, people, pick))
          await afterwards(room, pick)
        }
      } catch (cause) {
        throw new Error(`seed ${seed}, step ${done.length} after ${done.slice(-5).join(", ")}`, { cause })
      }
      expect(room.state.epoch).toBe(PER_ROOM)
    },
    PER_ROOM * 2000,
  )
}

export function privateLives() {
  test(
    "a private room, down to one device and back, over and over",
    async () => {
      const pick = chooser(SEED)
      const [alice, bob] = await Promise.all([person("alice"), person("bob")])
      const a1 = await deviceOf(alice)
      const room = await RoomHouse.open(a1, id(), directPolicy(alice.user, bob.user))
      let bobs = [await deviceOf(bob)]
      for (let round = 0; round < Math.max(5, STEPS / 20); round++) {
        const alone = room.member(a1.device)
        await room.commit(alone, { join: bobs })
        await afterwards(room, pick)
        await room.commit(room.member(a1.device), {})
        await afterwards(room, pick)
        // Bob takes his devices out; the word of one of them is what entitles Alice to remove them all.
        const [speaker] = bobs
        if (!speaker) throw new Error()
        const leaves = room.state.leaves
          .filter((leaf) => leaf.user === bob.user)
          .map((leaf) => leafHash(room.state, leaf.leaf) as Uint8Array)
        const change = encodeChange({ kind: "left", user: bob.user, leaves })
        const after = new Uint8Array(32)
        const signature = await mlsCrypto.device.sign(
          speaker.signature.privateKey,
          noticeToSign(room.id, after, change),
        )
        const data = encodeCommitData({
          seen: { seq: round, hash: after },
          proofs: [encodeNotice(change, after, signature)],
        })
        const left = room.member(speaker.device).room
        await room.commit(room.member(a1.device), { remove: bobs.map((b) => b.device), data })
        await afterwards(room, pick)
        expect(room.state.leaves.length).toBe(1)
        // Whoever was removed cannot follow, not even while the room has a single leaf.
        const update = must(
          await mlsCrypto.room.commit(room.member(a1.device).room, {
            data: encodeCommitData({ seen: { seq: 0, hash: after }, proofs: [] }),
          }),
        )
        expect((await mlsCrypto.room.process(left, update.commit)).ok).toBe(false)
        bobs = await Promise.all(Array.from({ length: 1 + (round % 3) }, () => deviceOf(bob)))
      }
    },
    20_000 + STEPS * 500,
  )
}
