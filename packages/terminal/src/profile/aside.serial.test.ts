/** What a profile keeps of damaged files, when its device is forgotten and when it is not. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterAll, beforeAll, expect, test } from "vitest"
import { cheap, PASSWORD } from "../../../../test/headless/person.ts"
import { speakTo } from "../commands/account-here.ts"
import { openProfile } from "./open-profile.ts"
import { storeFile } from "./sqlite-stores.ts"

let [folder, home]: string[] = []
let house: RunningHouse
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-forgotten-"))
  home = join(folder, "home")
  house = await startHouse({ port: 0, data: join(folder, "house"), stretching: cheap, logLevel: "silent" })
})
afterAll(async () => {
  await house.stop()
  rmSync(folder as string, { recursive: true, force: true })
})

const file = (...names: string[]) => join(home as string, "profiles", "lan", ...names)
const open = async () => {
  const parts = { crypto: createCrypto(cheap) }
  const opened = await openProfile({ dataHome: home as string, profile: "lan", server: house.url, parts })
  if (!opened.ok) throw new Error(opened.error.kind)
  return { profile: opened.value, here: speakTo(opened.value, 20_000) }
}
const overwrite = (path: string) => writeFileSync(path, "Dear Lin,\n".repeat(3_000))

test("a device that is forgotten leaves no copy of what was damaged, and somebody else's copy stays", async () => {
  const first = await open()
  await first.here.must("createAccount", { username: "lan", password: PASSWORD })
  await first.here.must("confirmRecoveryCode", {})
  await first.here.connected()
  const { user } = await first.here.signedIn()
  await first.profile.close()

  const [store, index] = [storeFile(user), storeFile("index")]
  const before = readFileSync(file("stores", store))
  overwrite(file("stores", store))
  overwrite(file("stores", index))
  const second = await open()
  await second.here.must("signIn", { username: "lan", password: PASSWORD })
  await second.here.connected()
  // Whoever has signed in again may still get something out of it.
  const copy = (name: string) => file("damaged", name.replace(".db", ".1.db"))
  expect([copy(store), copy(index)].map((one) => existsSync(one))).toEqual([true, true])
  const others = storeFile("somebody else")
  writeFileSync(copy(others), before)
  writeFileSync(`${copy(store)}-wal`, before)
  await second.here.must("signOut", { forget: true })
  expect(readdirSync(file("damaged"))).toEqual([others.replace(".db", ".1.db")])
  await second.profile.close()
})
