/** When a key is said and to whom, what is believed of one that is heard, and what a house cannot pass off as a renewal. */
import type { DeviceRecord } from "@teahouse/protocol/http/device.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { expect, test } from "vitest"
import type { Content } from "../content/message.ts"
import { mlsCrypto } from "../crypto/mls-crypto.ts"
import { deviceOf, id, must, type Person, person, type TestDevice } from "../crypto/people.fixture.ts"
import type { Amk } from "../crypto/port.ts"
import type { Call } from "../http.ts"
import type { RoomActor } from "../room/room.ts"
import { createGenerations } from "./generations.ts"
import type { Proved } from "./login.ts"
import { openVault } from "./login.ts"
import type { AccountRecord } from "./records.ts"
import { revoke } from "./revoke.ts"

const { account: keysOf } = mlsCrypto
type Said = { readonly kind: string; readonly generation: number; readonly lost?: readonly Id[] }
type Leaf = { readonly leaf: number; readonly device: Id; readonly n: number }

const keysUpTo = async ({ keys, user }: Person, newest: number): Promise<Amk[]> => {
  const amks = []
  for (let n = 1; n <= newest; n++) amks.push(await keysOf.newAmk(keys, user, n))
  return amks
}
const again = async (device: TestDevice, generation: number): Promise<DeviceRecord> => {
  const { owner, house, user, device: which, signature } = device
  const { username, keys } = owner
  const signatureKey = signature.publicKey
  const request = { house, user, device: which, generation, username, kind: "person" as const, signatureKey }
  return { device: which, certificate: await keysOf.issueCertificate(keys.uik, request), signatureKey }
}

/** A device with this much of an account, in a room with itself whose leaves and house a test decides. */
async function scene(has: number, more: Partial<AccountRecord> = {}) {
  const lin = await person("lin")
  const own = await deviceOf(lin, id(), 1)
  const amks = await keysUpTo(lin, 4)
  let account: AccountRecord = {
    ...{ user: lin.user, username: lin.username, uik: lin.keys.uik.publicKey },
    ...{ device: own, generation: 1, amks: amks.slice(0, has), ...more },
  }
  const said: Said[] = []
  const commits: unknown[] = []
  const house = { generation: 1, devices: [] as DeviceRecord[] }
  const room = { leaves: [{ leaf: 0, device: own.device, n: 1 }] as Leaf[], pending: false, live: true }
  const timers = new Map<object, () => void>()
  const actor = {
    state: () => ({
      group: { leaf: 0, judged: { leaves: room.leaves } },
      pending: room.pending ? {} : undefined,
      meta: { standing: "open" },
    }),
    connected: () => true,
    live: () => room.live,
    commit: async (_: unknown, what: unknown) => void commits.push(what),
    post: async (draft: Said) => void said.push(draft),
  } as unknown as RoomActor
  const told: string[] = []
  const counted: string[] = []
  const generations = createGenerations({
    crypto: mlsCrypto,
    call: (async (name: string) =>
      ok(name === "me" ? { generation: house.generation } : { devices: house.devices })) as unknown as Call,
    timers(_, run) {
      const key = {}
      timers.set(key, run)
      return () => timers.delete(key)
    },
    ...{ jitter: () => 0.5, askAfterMs: 100, account: () => account, selfRoom: () => actor },
    save: async (next) => {
      account = next
    },
    onKey: () => told.push("key"),
    onCertificate: () => told.push("certificate"),
    onCounted: (said) => counted.push(said),
    onVault: () => told.push("vault"),
    onFailure: (error) => {
      throw error
    },
  })
  /** Lets what waits for a time have it, once. */
  const later = async () => {
    const waiting = [...timers.entries()]
    for (const [key, run] of waiting) {
      timers.delete(key)
      run()
    }
    await new Promise((after) => setTimeout(after, 5))
  }
  const keyed = (amk: Amk | undefined, lost: Id[] = []) =>
    ({ kind: "accountKey", ...amk, lost }) as unknown as Content
  const wanted = (generation: number) => ({ kind: "accountKeyWanted", generation }) as unknown as Content
  const seen = { account: () => account, said, commits, told, counted, later }
  return { ...seen, generations, room, house, lin, own, amks, keyed, wanted, waiting: timers }
}

test("a key is said when this device's own leaf is of its generation and no leaf is one that was taken away", async () => {
  const lost = id()
  const { generations, room, said, commits, later, own, account, lin, amks } = await scene(1)
  const { certificate } = await again(own, 2)
  room.leaves = [
    { leaf: 0, device: own.device, n: 1 },
    { leaf: 1, device: lost, n: 1 },
  ]
  await generations.learn({ amks: amks.slice(0, 2), generation: 2, certificate, lost: [lost], owed: 2 })
  generations.look()
  await later()
  expect([said, commits]).toEqual([[], [{ remove: [lost] }]])
  // A commit is on its way: not another one.
  room.pending = true
  await later()
  expect(commits).toHaveLength(1)
  room.pending = false
  room.leaves = [{ leaf: 0, device: own.device, n: 1 }]
  await later()
  expect([said, commits.at(-1)]).toEqual([[], { remove: [] }])
  room.leaves = [
    { leaf: 0, device: own.device, n: 2 },
    { leaf: 1, device: lost, n: 1 },
  ]
  await later()
  expect([said, commits.at(-1)]).toEqual([[], { remove: [lost] }])
  room.leaves = [
    { leaf: 0, device: own.device, n: 2 },
    { leaf: 2, device: id(), n: 1 },
  ]
  await later()
  expect(said).toMatchObject([{ kind: "accountKey", generation: 2, lost: [lost] }])
  expect(await keysOf.verifyAmk(lin.keys.uik.publicKey, lin.user, said[0] as unknown as Amk)).toBe(true)
  expect(account().owed).toBeUndefined()
  await later()
  expect(said).toHaveLength(1)
})

test("a key that is heard is the next one and signed by the account, or it is none", async () => {
  const { generations, account, told, keyed, amks, lin } = await scene(1)
  const [first, second, third] = amks
  const stranger = await person("mal")
  for (const bad of [
    await keysOf.newAmk(stranger.keys, lin.user, 2),
    await keysOf.newAmk(lin.keys, id(), 2),
    { ...second, key: mlsCrypto.sealed.newKey() } as Amk,
    { ...second, signature: new Uint8Array(64) } as Amk,
    third as Amk,
  ])
    await generations.heed(keyed(bad))
  expect([account().amks, told]).toEqual([[first], []])
  const lost = [id()]
  await generations.heed(keyed(second, lost))
  expect([account().amks, account().lost, told]).toEqual([[first, second], lost, ["key"]])
  await generations.heed(keyed(await keysOf.newAmk(lin.keys, lin.user, 2)))
  expect(account().amks).toEqual([first, second])
  await generations.heed(keyed(third))
  expect(account().amks).toEqual([first, second, third])
})

test("who lacks keys is told all of them in order, by one device", async () => {
  const { generations, room, said, later, wanted, keyed, own, amks, waiting, account } = await scene(3)
  const { certificate } = await again(own, 3)
  await generations.learn({ certificate, generation: 3 })
  room.leaves = [{ leaf: 0, device: own.device, n: 3 }]
  await generations.heed(wanted(3))
  await later()
  expect(said).toEqual([])
  await generations.heed(wanted(1))
  await generations.heed(wanted(2))
  await later()
  expect(said.map(({ generation }) => generation)).toEqual([2, 3])
  await generations.heed(wanted(1))
  await generations.heed(keyed(amks[1]))
  await generations.heed(keyed(amks[2]))
  expect(account().owed).toBeUndefined()
  await later()
  expect([said.length, waiting.size]).toEqual([2, 0])
})

test("one that lacks a key asks once, when it has read all that there is", async () => {
  const { generations, house, room, said, later, own, keyed, amks } = await scene(1)
  house.generation = 2
  house.devices = [await again(own, 2)]
  room.live = false
  await generations.follow()
  await later()
  await later()
  expect(said).toEqual([])
  room.live = true
  await later()
  expect(said).toEqual([{ kind: "accountKeyWanted", generation: 1 }])
  await generations.follow()
  await later()
  expect(said).toHaveLength(1)
  await generations.heed(keyed(amks[1]))
  await generations.follow()
  await later()
  expect(said).toHaveLength(1)
})

test("a certificate is taken where it is this device's own, of the account and newer", async () => {
  const { generations, house, account, told, own, lin } = await scene(1)
  const stranger = await person("mal")
  const other = await deviceOf(lin, id(), 2)
  const forged = { ...own, owner: { ...stranger, user: lin.user, username: lin.username } }
  const { certificate } = own
  house.generation = 2
  for (const devices of [
    [],
    [{ ...(await again(other, 2)) }],
    [{ ...(await again(other, 2)), device: own.device }],
    [{ ...(await again(forged, 2)) }],
    [await again(own, 1)],
    [{ ...(await again({ ...own, signature: other.signature }, 2)) }],
  ]) {
    house.devices = devices
    await generations.follow()
    expect([account().device.certificate, account().generation, told]).toEqual([certificate, 1, []])
  }
  house.devices = [await again(own, 2)]
  await generations.follow()
  expect([account().device.certificate, account().generation]).toEqual([house.devices[0]?.certificate, 2])
  expect(told).toEqual(["certificate"])
})

test("what a password opens is every key from the first to the account's generation, or nothing", async () => {
  const lin = await person("lin")
  const { user, username, keys } = lin
  const amks = await keysUpTo(lin, 3)
  const sealed = await Promise.all(
    amks.map(async (amk) => ({
      generation: amk.generation,
      sealed: await keysOf.sealAmk(keys, user, amk),
    })),
  )
  const entered = {
    ...{ user, username, session: { id: id(), token: new Uint8Array(32), expires: 1 } },
    vault: {
      ...{ version: 1, uik: keys.uik.publicKey, vaultKey: keys.vault.publicKey },
      vaultKeySignature: await keysOf.signVaultKey(keys, user),
      ...{ rootByPassword: new Uint8Array(), rootByRecovery: new Uint8Array() },
      ...{ recoveryKey: new Uint8Array(32), keys: await keysOf.sealKeys(keys, user) },
    },
  }
  const kind = async (accountKeys: typeof sealed, generation: number) => {
    const opened = await openVault(
      keysOf,
      { ...entered, kind: "person" as const, accountKeys, generation },
      ok(keys.root),
      1,
    )
    return opened.ok ? opened.value.account.amks.map((amk) => amk.generation) : opened.error.kind
  }
  expect(await kind(sealed, 3)).toEqual([1, 2, 3])
  expect(await kind([...sealed].reverse(), 3)).toEqual([1, 2, 3])
  const [one, two, three] = sealed as [(typeof sealed)[0], (typeof sealed)[0], (typeof sealed)[0]]
  for (const [given, generation] of [
    [sealed, 2],
    [sealed, 4],
    [[one, two], 3],
    [[two, three], 3],
    [[one, three], 3],
    [[one, one], 2],
  ] as const)
    expect(await kind([...given], generation)).toBe("house_changed")
  expect(await kind([], 0)).toBe("identity_changed")
})

test("a device that was taken away before gets no new certificate by being named again", async () => {
  const lin = await person("lin")
  const [own, gone, going] = [await deviceOf(lin), await deviceOf(lin), await deviceOf(lin)]
  const asked: unknown[] = []
  const listed = async (devices: readonly DeviceRecord[]) => {
    const call = (async (name: string, given: { request: unknown }) => {
      // A house of before key logs.
      if (name === "readKeyLog") return err({ kind: "unknown_route" })
      if (name === "revokeDevices") asked.push(given.request)
      return ok({ devices })
    }) as unknown as Call
    const account = { generation: 2, user: lin.user, username: lin.username, amks: await keysUpTo(lin, 2) }
    return revoke(mlsCrypto, {
      proved: { account, keys: lin.keys } as unknown as Proved,
      house: { house: own.house, houseKey: new Uint8Array(32) },
      ...{ me: own, devices: [going.device], call, bearer: call, pause: async () => {} },
    })
  }
  const [mine, theirs] = [await again(own, 2), await again(going, 2)]
  const mal = await person("mal")
  const stranger = await deviceOf(mal)
  const { user, username } = lin
  const posing = { ...(await deviceOf(lin)), owner: { ...mal, user, username } }
  const wrong = [await again(gone, 1), await again(stranger, 2), await again(posing, 2)]
  for (const more of [...wrong, { ...mine, device: id() }])
    expect(await listed([mine, theirs, more])).toEqual({ ok: false, error: { kind: "house_changed" } })
  expect(await listed([mine, theirs, await again(gone, 3)])).toMatchObject({
    error: { kind: "version_conflict" },
  })
  expect(asked).toEqual([])
  const learned = must(await listed([mine, theirs]))
  expect(learned).toMatchObject({ generation: 3, owed: 3, lost: [going.device] })
  expect(learned.amks?.map((amk) => amk.generation)).toEqual([1, 2, 3])
  expect(asked).toMatchObject([{ certificates: [{ device: own.device }], accountKey: { generation: 3 } }])
})

test("a key that is learned while the house counts is none that the house has lost", async () => {
  const { generations, house, counted, amks } = await scene(1)
  const following = generations.follow()
  await generations.learn({ amks: amks.slice(0, 2), generation: 2 })
  await following
  expect(counted).toEqual(["all"])
  house.generation = 1
  await generations.follow()
  expect(counted).toEqual(["all", "fewer"])
})
