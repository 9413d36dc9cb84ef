/** What a device makes of rooms in which somebody stands whom a restored house has lost. */
import { headOf, logHouse, logOf, logUser, signer } from "@teahouse/protocol/key-log.fixture.ts"
import type { KeyLogChange } from "@teahouse/protocol/key-log.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { bytes, id } from "@teahouse/protocol/samples.fixture.ts"
import { expect, test } from "vitest"
import { openKeyWatch } from "./watch.ts"

const house = signer()
const uik = signer()
const [own, lost, room] = [id(1), id(2), id(3)]
const keyOf = (n: number) => bytes(32, n)
const kept: KeyLogChange[] = [
  { kind: "identity", uik: uik.publicKey },
  { kind: "account_key", generation: 1 },
  { kind: "device_added", device: own, signatureKey: keyOf(1) },
]
const { log, entries } = logOf(uik, kept)
const leaf = (device: typeof own, n: number) => ({
  ...{ user: logUser, device, uik: uik.publicKey, signatureKey: keyOf(n) },
})

async function watching() {
  const raised: string[] = []
  let asked = 0
  let live = false
  const judged = { leaves: [leaf(own, 1), leaf(lost, 2)] }
  let state = { meta: { room, kind: "self", users: [logUser], incarnation: 1 }, group: { judged } } as object
  const actor = { live: () => live, state: () => state }
  const watch = await openKeyWatch({
    store: { range: async () => [], write: async () => {} },
    call: async (_: string, { request }: { request: { after: number } }) => {
      asked++
      return ok({ entries: entries.slice(request.after), head: headOf(house, log, 2) })
    },
    house: { house: logHouse, houseKey: house.publicKey },
    account: () => ({
      user: logUser,
      uik: uik.publicKey,
      device: { device: own, signature: { publicKey: keyOf(1) } },
    }),
    rooms: { all: () => [actor], get: () => actor },
    notebook: { get: async () => undefined, change: async () => {} },
    life: async () => 2,
    timers: () => () => {},
    raise: async (kind: string) => void raised.push(kind),
    onFailure: (error: unknown) => raised.push(String(error)),
  } as unknown as Parameters<typeof openKeyWatch>[0])
  await watch.own()
  watch.all()
  return {
    ...{ watch, raised, asked: () => asked },
    goesOn(now: { live?: boolean; life?: object; leaves?: object[] }) {
      live = now.live ?? live
      const group = { judged: now.leaves ? { leaves: now.leaves } : judged }
      state = { meta: { ...(state as { meta: object }).meta, ...(now.life && { life: now.life }) }, group }
      watch.taken(state as never)
    },
  }
}
const life = { incarnation: 2, kept: 4 }

test("a room that has not gone back yet is looked at when it has", async () => {
  const { watch, raised, asked, goesOn } = await watching()
  await expect.poll(() => watch.awaits(room)).toBe(true)
  await watch.own()
  goesOn({ life, leaves: [leaf(own, 1)] })
  await expect.poll(() => watch.awaits(room)).toBe(false)
  await watch.stop()
  expect([raised, asked() > 0]).toEqual([[], true])
})

test("whoever stands there in the new life too and not in the log is told of", async () => {
  const { watch, raised, goesOn } = await watching()
  await expect.poll(() => watch.awaits(room)).toBe(true)
  goesOn({ life })
  await expect.poll(() => raised).toEqual(["key_log_unlisted"])
})

test("a house that goes on in the life before hides nobody by what it says of another one", async () => {
  const { watch, raised, goesOn } = await watching()
  await expect.poll(() => watch.awaits(room)).toBe(true)
  goesOn({ live: true })
  await expect.poll(() => raised).toEqual(["key_log_unlisted"])
})
