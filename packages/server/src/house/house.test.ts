import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { incarnationToSign } from "@teahouse/protocol/incarnation.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { HOUSE_FILE, loadHouse } from "./house.ts"

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "teahouse-house-"))
})
afterEach(() => rmSync(dir, { recursive: true }))

let setups = 0
const maker = {
  now: () => 1000,
  random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
  opaqueSetup: () => `setup ${++setups}`,
}

test("a house is founded once and is the same ever after", async () => {
  const first = await loadHouse(dir, maker)
  const again = await loadHouse(dir, maker)
  expect({ ...again, sign: 0, derive: 0 }).toEqual({ ...first, sign: 0, derive: 0 })
  expect(again.derive("tea")).toEqual(first.derive("tea"))
  expect(again.derive("tea")).not.toEqual(first.derive("water"))
  expect(first.incarnation).toMatchObject({ incarnation: 1, previous: 0, time: 1000 })
})

test("two programs that start at once found one house", async () => {
  const both = await Promise.all([loadHouse(dir, maker), loadHouse(dir, maker)])
  expect(both[0].id).toBe(both[1].id)
  expect(readdirSync(dir)).toEqual([HOUSE_FILE])
})

test("its statement is signed with the key that clients pin", async () => {
  const { publicKey, incarnation } = await loadHouse(dir, maker)
  expect(await verifyEd25519(publicKey, incarnation.signature, incarnationToSign(incarnation))).toBe(true)
})

test("nobody else may read the file", async () => {
  await loadHouse(dir, maker)
  expect(statSync(join(dir, HOUSE_FILE)).mode & 0o077).toBe(0)
})

test("a damaged file is an error that does not quote it, never a new house", async () => {
  writeFileSync(join(dir, HOUSE_FILE), '{"secret": "tea-leaves"')
  const failure = await loadHouse(dir, maker).catch((error: Error) => error.message)
  expect(failure).toContain("damaged")
  expect(failure).not.toContain("tea-leaves")
})
