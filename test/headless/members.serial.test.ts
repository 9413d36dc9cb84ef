/** Groups made by hand (no screen makes them yet): who leaves is removed by others, who is added again is back. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { AccountRecord } from "@teahouse/client/account/records.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { type Call, createHttp } from "@teahouse/client/http.ts"
import { loadRoom } from "@teahouse/client/room/load.ts"
import { keys, type RoomMeta } from "@teahouse/client/room/records.ts"
import { type SealedStore, sealedStore } from "@teahouse/client/store/sealed.ts"
import { leafHash } from "@teahouse/judge/state.ts"
import { encodeCommitData } from "@teahouse/protocol/commit-data.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { type Change, encodeChange, encodeNotice, noticeToSign } from "@teahouse/protocol/notice.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, newDisk, openPerson, type Person, textsOf } from "./person.ts"

let folder: string
let house: RunningHouse
let people: Person[]
const crypto = createCrypto(cheap)
const start = encodeCommitData({ seen: { seq: 0, hash: new Uint8Array(32) }, proofs: [] })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-members-"))
  const rates = { sendsPerSecond: 1_000, sendBurst: 1_000 }
  const limits = { commitIntervalMs: 20, commitBurst: 100, commitQuietMs: 10, ...rates }
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

type Hand = Person & { account: AccountRecord; store: SealedStore; call: Call }

/** A person whose device can also be used by hand. */
async function member(name: string): Promise<Hand> {
  const disk = newDisk()
  const one = openPerson(house.url, disk)
  people.push(one)
  await one.register(name)
  const session = await one.until("session", undefined, (value) => value.state === "signed_in")
  if (session.state !== "signed_in") throw new Error()
  const key = await disk.keyBox.load(`1/${session.user}`)
  if (!key) throw new Error("no key")
  const store = sealedStore(await disk.stores.open(session.user), key, crypto.sealed)
  const account = (await store.get<AccountRecord>("account")) as AccountRecord
  const call = createHttp({ origin: house.url, fetch, token: () => account.session?.token })
  return Object.assign(one, { account, store, call })
}

async function must<T>(answer: Promise<{ ok: true; value: T } | { ok: false; error: unknown }>): Promise<T> {
  const result = await answer
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
const packageOf = async (by: Hand, of: Hand) => {
  const claimed = await must(by.call("claimKeyPackages", { params: { user: of.account.user }, request: {} }))
  return claimed.packages.map((one) => one.keyPackage)
}
const members = (one: Person, room: Id, count: number) =>
  one.until("room", { room }, (value) => value.state === "here" && value.members.length === count)

/** lan's group with bo and eve; all of their clients are in it. */
async function group() {
  const [lan, bo, eve] = [await member("lan"), await member("bo"), await member("eve")]
  await befriend(lan, "lan", bo, "bo")
  await befriend(lan, "lan", eve, "eve")
  const room = newId((length) => crypto.sealed.randomBytes(length))
  const { device } = lan.account
  const alone = await crypto.room.create(device, room, 0, groupPolicy(lan.account.user))
  const add = [...(await packageOf(lan, bo)), ...(await packageOf(lan, eve))]
  const { commit, groupInfo, welcome } = await must(crypto.room.commit(alone.room, { add, data: start }))
  const first = { n: 2, commit, groupInfo, ...(welcome ? { welcome } : {}) }
  await must(lan.call("createRoom", { request: { room, n: 1, opening: alone.opening, first } }))
  for (const one of [lan, bo, eve]) await members(one, room, 3)
  return { lan, bo, eve, room }
}

async function say(one: Hand, room: Id, change: Change) {
  for (;;) {
    const { rooms } = await must(one.call("listRooms", {}))
    const hash = rooms.find((summary) => summary.room === room)?.hash as Uint8Array
    const { n } = await must(one.call("lastNumber", { params: { room } }))
    const bytes = encodeChange(change)
    const signed = noticeToSign(room, hash, bytes)
    const signature = await crypto.device.sign(one.account.device.signature.privateKey, signed)
    const notice = encodeNotice(bytes, hash, signature)
    const said = await one.call("postNotice", { params: { room }, request: { n: n + 1, notice } })
    if (said.ok) return
    if (said.error.kind !== "stale_head") throw new Error(said.error.kind)
  }
}

/** As the client has stored it, once it stands still. */
async function stateOf(one: Hand, room: Id) {
  const meta = (await one.store.get<RoomMeta>(keys.meta(room))) as RoomMeta
  const { group } = await loadRoom(one.store, crypto, one.account.device, meta)
  if (!group) throw new Error("no group")
  return { meta, group }
}

test("who leaves is removed before the next message, which goes out once; who is added again is back", async () => {
  const { lan, bo, eve, room } = await group()
  await bo.say(room, "before")
  for (const one of [lan, eve]) await one.timeline(room, (all) => textsOf(all).includes("before"))
  const own = (await stateOf(eve, room)).group
  const leaf = leafHash(own.judged, own.leaf)
  if (!leaf) throw new Error("eve has no leaf")
  await say(eve, room, { kind: "left", user: eve.account.user, leaves: [leaf] })
  await bo.say(room, "after")
  for (const one of [lan, bo]) await members(one, room, 2)
  await lan.timeline(room, (all) => textsOf(all).join() === "before,after")
  await eve.until("room", { room }, (value) => value.state === "here" && value.closed === "removed")

  // So much is said meanwhile that her history goes on in another block.
  const meanwhile = Array.from({ length: 260 }, (_, i) => `without her ${i}`)
  for (const text of meanwhile) await bo.say(room, text)
  await lan.timeline(room, (all) => textsOf(all).at(-1) === "without her 259")

  // By hand, with the state that lan's client has; that client notices and comes back by itself.
  const { meta, group: state } = await stateOf(lan, room)
  const data = encodeCommitData({ seen: { seq: meta.seq, hash: meta.hash }, proofs: [] })
  const { commit, groupInfo, welcome } = await must(
    crypto.room.commit(state, { add: await packageOf(lan, eve), data }),
  )
  const { generation, epoch } = state
  const request = { n: meta.n + 1, generation, epoch, commit, groupInfo, ...(welcome ? { welcome } : {}) }
  await must(lan.call("postCommit", { params: { room }, request }))
  await eve.until("room", { room }, (value) => value.state === "here" && value.writable)
  await bo.say(room, "welcome back")
  await eve.timeline(room, (all) => textsOf(all).join() === "before,welcome back")
  await eve.say(room, "thanks")
  await bo.timeline(
    room,
    (all) => textsOf(all).join() === ["before", "after", ...meanwhile, "welcome back", "thanks"].join(),
  )
})
