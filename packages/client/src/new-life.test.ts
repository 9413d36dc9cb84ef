/** What a device makes of a house that says that it was restored, in the life in which its own store stands. */
import { newId } from "@teahouse/protocol/ids.ts"
import { incarnationToSign } from "@teahouse/protocol/incarnation.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { beforeEach, expect, test } from "vitest"
import { FIRST_LIFE, LIFE, NOTEBOOK_LIFE, noteLife } from "./account/first-life.ts"
import type { AccountRecord } from "./account/records.ts"
import { createCrypto } from "./crypto/mls-crypto.ts"
import type { Call } from "./http.ts"
import { heedLife, isInNewLife } from "./new-life.ts"
import { memoryKeyBox } from "./store/key-box.ts"
import { memoryStores } from "./store/memory.ts"
import { type SealedStore, sealedStore } from "./store/sealed.ts"

const crypto = createCrypto()
const house = newId((length) => new Uint8Array(length).fill(7))
const signing = await crypto.device.newSignatureKey()
const said = async (incarnation: number) => {
  const statement = { house, incarnation, previous: incarnation - 1, time: 1 }
  const signature = await crypto.device.sign(signing.privateKey, incarnationToSign(statement))
  return { ...statement, signature }
}
const answers = (incarnation: object | undefined) =>
  (async () => (incarnation ? ok({ incarnation }) : err({ kind: "offline" }))) as unknown as Call
const madeIn = (life?: number) =>
  ({ ...(life && { vault: { v: 1, life, version: 1 } }) }) as unknown as AccountRecord

let store: SealedStore
let told: string[]
beforeEach(async () => {
  const key = await memoryKeyBox().save("a", crypto.sealed.newKey())
  store = sealedStore(await memoryStores().open("a"), key, crypto.sealed)
  told = []
})
const parts = (call: Call, pinned: number) => ({
  ...{ store, call, house: { house, houseKey: signing.publicKey, opaqueKey: "", incarnation: pinned } },
  alarms: { raise: async (kind: string) => void told.push(kind) },
  safe: { forget: async () => void told.push("compared anew") },
})

test("the second one is told as such, also where the pin had gone ahead", async () => {
  await noteLife(store, madeIn(1), 2)
  expect(await heedLife(parts(answers(await said(2)), 2), 2)).toBe(true)
  await noteLife(store, madeIn(2), 3)
  expect(await heedLife(parts(answers(await said(3)), 3), 3)).toBe(true)
  expect(await heedLife(parts(answers(await said(3)), 3), 3)).toBe(true)
  expect(told).toEqual(["new_incarnation", "compared anew", "restored_again", "compared anew"])
})

test("a house that does not answer is asked again, and nothing is taken for heeded", async () => {
  await noteLife(store, madeIn(1), 1)
  expect(await heedLife(parts(answers(undefined), 1), 2)).toBe(false)
  expect(told).toEqual([])
  expect(await heedLife(parts(answers(await said(2)), 1), 2)).toBe(true)
  expect(told).toEqual(["new_incarnation", "compared anew"])
})

test("a life that is not signed is none", async () => {
  await noteLife(store, madeIn(1), 1)
  const forged = { ...(await said(2)), incarnation: 3 }
  expect(await heedLife(parts(answers(forged), 1), 3)).toBe(true)
  expect(told).toEqual(["bad_signature"])
  expect(await isInNewLife(parts(answers(forged), 1))).toBe(false)
  expect(await isInNewLife(parts(answers(undefined), 1))).toBe(false)
  expect(await isInNewLife(parts(answers(await said(1)), 1))).toBe(false)
  expect(await isInNewLife(parts(answers(await said(2)), 2))).toBe(true)
})

test("a store stands in the life in which its vault was opened, or its notebook compared, and stays there", async () => {
  await store.write([{ put: NOTEBOOK_LIFE, value: 4 }])
  await noteLife(store, madeIn(), 9)
  expect(await store.get(LIFE)).toBe(4)
  await store.write([{ put: LIFE, value: 6 }])
  await noteLife(store, madeIn(7), 9)
  expect([await store.get(LIFE), await store.get(FIRST_LIFE)]).toEqual([6, 4])
  // A record that was damaged, and taken out.
  await store.write([{ drop: LIFE }])
  await noteLife(store, madeIn(7), 9)
  expect([await store.get(LIFE), await store.get(FIRST_LIFE)]).toEqual([7, 4])
})
