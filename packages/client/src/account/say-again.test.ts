/** When a house is told its keys again, and when it is not (test/headless/keys-lost.serial.test.ts has the whole way). */
import { expect, test } from "vitest"
import { FIRST_LIFE, LIFE } from "./first-life.ts"
import { type SayAgain, sayAgain, tellLost } from "./say-again.ts"

const storeOf = (first: number, now: number) => {
  const rows = new Map([
    [FIRST_LIFE, first],
    [LIFE, now],
  ])
  return { get: async <T>(key: string) => rows.get(key) as T | undefined }
}
const key = (n: number, generation: number) => ({ generation, key: new Uint8Array(32).fill(n) })

test("only a house that was restored may have lost a generation", async () => {
  const told: string[] = []
  const alarms = { raise: async (kind: string) => void told.push(kind) }
  await tellLost(storeOf(1, 1), alarms)
  await tellLost(storeOf(1, 2), alarms)
  expect(told).toEqual(["account_rolled_back", "keys_lost"])
})

test.each([
  { why: "in one and the same life", store: storeOf(2, 2), life: 2, there: [key(1, 1)] },
  { why: "which has another key of a generation", store: storeOf(1, 2), life: 2, there: [key(9, 1)] },
])("a house $why gets nothing by the password", async ({ store, life, there }) => {
  const asked: string[] = []
  const call = async (name: string) => void asked.push(name)
  const given = {
    ...{ call, bearer: call, proved: { account: { amks: there, generation: 1 } } },
    house: { incarnation: { incarnation: life } },
    here: { store, account: { amks: [key(1, 1), key(2, 2)], device: { device: "own" } } },
  } as unknown as SayAgain
  expect(await sayAgain({} as never, given)).toEqual({ ok: false, error: { kind: "house_changed" } })
  expect(asked).toEqual([])
})
