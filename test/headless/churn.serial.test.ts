/**
 * Three and thirty clients in one group, with members who leave and come back by its link while everybody talks. In the end
 * all have the same log and the same tree. What happens is drawn from a seed, which is printed with a failure.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { AccountRecord } from "@teahouse/client/account/records.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { loadRoom } from "@teahouse/client/room/load.ts"
import { keys, type RoomMeta } from "@teahouse/client/room/records.ts"
import { type SealedStore, sealedStore } from "@teahouse/client/store/sealed.ts"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { cheap, newDisk, openPerson, type Person, textsOf } from "./person.ts"

type Member = Person & { readonly name: string; readonly account: AccountRecord; readonly store: SealedStore }

const crypto = createCrypto(cheap)
let folder: string
let house: RunningHouse
let people: Member[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-churn-"))
  const limits = {
    ...{ commitIntervalMs: 20, commitBurst: 100, commitQuietMs: 10, commitQuietPerLeafMs: 0 },
    ...{ requestsPerSecondAddress: 100_000, requestBurstAddress: 100_000 },
    ...{ signInsPerMinuteAddress: 1_000, heavyPerMinute: 10_000, heavyBurst: 10_000, findsPerMinute: 10_000 },
  }
  house = await startHouse({ port: 0, data: folder, stretching: cheap, logLevel: "silent", limits })
  people = []
})
afterEach(async () => {
  const bugs = people.flatMap((one) => one.bugs)
  await Promise.all(people.map((one) => one.client.stop()))
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

async function arrive(name: string): Promise<Member> {
  const disk = newDisk()
  const one = openPerson(house.url, disk)
  await one.register(name)
  const session = await one.until("session", undefined, (value) => value.state === "signed_in")
  const key = session.state === "signed_in" ? await disk.keyBox.load(`1/${session.user}`) : undefined
  if (session.state !== "signed_in" || !key) throw new Error("not signed in")
  const store = sealedStore(await disk.stores.open(session.user), key, crypto.sealed)
  const account = (await store.get<AccountRecord>("account")) as AccountRecord
  const member = Object.assign(one, { name, account, store })
  people.push(member)
  return member
}

/** The same numbers for the same seed. */
function dice(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Until they have asked: whoever has just left may have to wait until that is committed. */
async function comeBy(one: Member, link: string): Promise<void> {
  for (;;) {
    const asked = await one.command("askToJoin", { link })
    if (asked.ok) return
    if (asked.error.kind !== "busy") throw new Error(`${one.name} cannot ask: ${asked.error.kind}`)
    await pause(50)
  }
}
const inside = (one: Member, room: Id, members?: number) =>
  one.until(
    "room",
    { room },
    (value) =>
      value.state === "here" &&
      value.closed === undefined &&
      (members === undefined || value.members.length === members),
  )

/** Where this device stands: the head of its log, and what only those in the same epoch can compute. */
async function standing(one: Member, room: Id): Promise<string> {
  const meta = await one.store.get<RoomMeta>(keys.meta(room))
  const state = meta && (await loadRoom(one.store, crypto, one.account.device, meta))
  if (!state?.group) return `${one.name} has no group`
  const epoch = toBase64url(crypto.room.epochAuthenticator(state.group))
  const tree = toBase64url(state.group.judged.groupContext.treeHash)
  return [state.meta.seq, toBase64url(state.meta.hash), state.group.epoch, epoch, tree].join(" ")
}

async function sameForAll(members: readonly Member[], room: Id): Promise<void> {
  const patience = Date.now() + 90_000
  for (;;) {
    const all = await Promise.all(members.map((one) => standing(one, room)))
    if (new Set(all).size === 1) return
    if (Date.now() > patience) throw new Error(`they stand apart:\n${all.join("\n")}`)
    await pause(200)
  }
}

test.each([
  { count: 3, rounds: 5, leaving: 1, seed: 20261124 },
  { count: 30, rounds: 2, leaving: 5, seed: 42 },
])(
  "$count clients, $leaving of them leaving and coming back $rounds times while all talk (seed $seed)",
  async (run) => {
    const roll = dice(run.seed)
    const lan = await arrive("lan")
    const { room } = await lan.must("createGroup", { name: "Churn", members: [] })
    await lan.until("room", { room }, (value) => value.state === "here" && value.title === "Churn")
    const { link } = await lan.must("createLink", { room, days: 7, approval: false })
    for (let i = 1; i < run.count; i++) await arrive(`guest-${i}`)
    const guests = people.slice(1)
    await Promise.all(guests.map((one) => comeBy(one, link)))
    for (const one of people) await inside(one, room, run.count)

    const said: string[] = []
    for (let round = 0; round < run.rounds; round++) {
      const leavers = new Set<Member>()
      while (leavers.size < run.leaving) leavers.add(guests[roll(guests.length)] as Member)
      await Promise.all([
        ...people
          .filter((one) => !leavers.has(one))
          .map(async (one) => {
            for (let i = 0; i < 2; i++) {
              const text = `${one.name} ${round}.${i}`
              if (one === lan) said.push(text)
              await one.say(room, text)
              await pause(roll(40))
            }
          }),
        ...[...leavers].map(async (one) => {
          await pause(roll(60))
          await one.must("leaveGroup", { room })
          await one.until("room", { room }, (value) => value.state === "here" && value.closed === "removed")
          await comeBy(one, link)
          await inside(one, room)
        }),
      ])
    }
    for (const one of people) await inside(one, room, run.count)
    await lan.say(room, "the end")
    for (const one of people) await one.timeline(room, (all) => textsOf(all).includes("the end"))
    await sameForAll(people, room)
    // What somebody has said who was there all the time stands there once, and in order.
    const words = textsOf((await lan.timeline(room, () => true)).items).filter((text) =>
      text.startsWith("lan "),
    )
    expect(words).toEqual(said)
  },
  600_000,
)
