/** What a device makes of a next generation that stands in the log: in, outside, left out, or none that it follows. */
import { agreedOf } from "@teahouse/judge/agreed.ts"
import { encodeCommitData } from "@teahouse/protocol/commit-data.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import { encodeGeneration } from "@teahouse/protocol/generation.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { expect, test } from "vitest"
import type { PackageRecord } from "../account/key-packages.ts"
import { mlsCrypto } from "../crypto/mls-crypto.ts"
import {
  deviceOf,
  id,
  keyPackageOf,
  must,
  noData,
  person,
  type TestDevice,
} from "../crypto/people.fixture.ts"
import { fitting } from "./open-generation.ts"
import { readGeneration } from "./read-generation.ts"
import type { RoomState } from "./state.ts"

const { room: rooms } = mlsCrypto
const hash = new Uint8Array(32).fill(7)
const [lan, bo, eve] = await Promise.all(["lan", "bo", "eve"].map(person))
if (!lan || !bo || !eve) throw new Error("nobody")
const [hers, his, strange] = await Promise.all([lan, bo, eve].map((one) => deviceOf(one)))
if (!hers || !his || !strange) throw new Error("no devices")
const room = id()

type Package = Awaited<ReturnType<typeof keyPackageOf>>
/** By `maker`, with one package for each of `others`. */
async function opened(
  maker: TestDevice,
  others: readonly TestDevice[],
  generation: number,
  owner = lan?.user,
) {
  const packages: Package[] = await Promise.all(others.map((one) => keyPackageOf(one)))
  const made = await rooms.create(maker, room, generation, groupPolicy(owner as Id))
  const data = generation === 0 ? noData : encodeCommitData({ seen: { seq: 9, hash }, proofs: [] })
  const readmitted = new Set([maker, ...others].map((one) => one.user))
  const add = packages.map((one) => one.bytes)
  const { commit, groupInfo, welcome, next } = must(await rooms.commit(made.room, { add, data, readmitted }))
  const body = encodeGeneration({
    ...{ opening: made.opening, commit, groupInfo },
    ...(welcome ? { welcome } : {}),
  })
  return { body, packages, groupInfo, welcome, next }
}
const first = await opened(hers, [his], 0)
const own = first.packages[0]
if (!first.welcome || !own) throw new Error("no welcome")
const joined = await rooms.join({
  ...{ device: his, room, generation: 0, welcome: first.welcome },
  ...{ groupInfo: first.groupInfo, keyPackage: own.secret },
})
const group = must(joined)

const entryOf = (body: Uint8Array, device: Id, generation = 1): Entry & { body: Uint8Array } => ({
  ...{ seq: 10, generation, kind: 3, device, n: 1, time: 0, body, hash },
})
const read = (
  body: Uint8Array,
  more: Partial<RoomState> = {},
  packages: readonly Package[] = [],
  by = hers,
  generation = 1,
) =>
  readGeneration(
    { meta: { room } as never, group, outbox: [], ...more },
    entryOf(body, by.device, generation),
    {
      ...{ crypto: mlsCrypto, me: his },
      keyPackage: async (ref) => {
        const found = packages.find((one) => Buffer.from(one.ref).equals(ref))
        return found && ({ ref, secret: found.secret } as PackageRecord)
      },
    },
  )

test("with a package of its own in the welcome it is in, and says what the maker had seen", async () => {
  const next = await opened(hers, [his], 1)
  const entered = await read(next.body, {}, next.packages)
  expect(entered).toMatchObject({ kind: "entered", own: false, seen: { seq: 9, hash } })
  if (entered.kind !== "entered") throw new Error(entered.kind)
  expect([entered.group.generation, entered.group.epoch]).toEqual([1, 1])
  expect(rooms.epochAuthenticator(entered.group)).toEqual(rooms.epochAuthenticator(next.next))
  // The same where the keys were lost before, and what was agreed on is all that is left.
  const lost = { group: undefined, agreed: agreedOf(group.judged) }
  expect((await read(next.body, lost, next.packages)).kind).toBe("entered")
})

test("without one it is outside, and holds the next against this one", async () => {
  const next = await opened(hers, [his], 1)
  const outside = await read(next.body)
  expect(outside).toMatchObject({ kind: "outside", agreed: { generation: 1 } })
  // With nothing left of the room it does what a new device does.
  expect(await read(next.body, { group: undefined })).toEqual({ kind: "outside" })
})

test("one that this person is not in goes on without them", async () => {
  const alone = await opened(hers, [], 1)
  expect((await read(alone.body)).kind).toBe("left")
})

test("with somebody who was not there, under other roles, of another number or another's, it is none", async () => {
  const withEve = await opened(hers, [his, strange], 1)
  expect(await read(withEve.body, {}, withEve.packages)).toEqual({ kind: "refused" })
  const roles = await opened(hers, [his], 1, bo?.user)
  expect(await read(roles.body, {}, roles.packages)).toEqual({ kind: "refused" })
  const second = await opened(hers, [his], 2)
  expect(await read(second.body, {}, second.packages)).toEqual({ kind: "refused" })
  expect(await read(second.body, {}, second.packages, hers, 2)).toEqual({ kind: "refused" })
  const next = await opened(hers, [his], 1)
  expect(await read(next.body, {}, next.packages, hers, 2)).toEqual({ kind: "refused" })
  expect(await read(next.body, {}, next.packages, strange)).toEqual({ kind: "refused" })
  expect(await read(new Uint8Array(5))).toEqual({ kind: "refused" })
})

test("a first commit takes a device of each person before anybody's second", () => {
  const guests = [["a1", "a2"], ["b1"], ["c1", "c2", "c3"]]
  expect(fitting(guests, 4)).toEqual({ add: ["a1", "b1", "c1", "a2"], left: false })
  expect(fitting(guests, 2)).toEqual({ add: ["a1", "b1"], left: true })
})
