/** What a profile says and keeps of damaged files that were set aside, also where they were found only while signing in. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterAll, beforeAll, expect, test } from "vitest"
import { PASSWORD } from "../../../../test/headless/person.ts"
import { openApp } from "../chat/app/app.fixture.ts"
import { account } from "../commands/account.ts"
import { speakTo } from "../commands/account-here.ts"
import type { Sentence } from "../say/sentences.ts"
import { openProfile } from "./open-profile.ts"
import { storeFile } from "./sqlite-stores.ts"

let [folder, home]: string[] = []
let house: RunningHouse
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-forgotten-"))
  home = join(folder, "home")
  // Commands accept no weaker stretching than everybody's.
  house = await startHouse({ port: 0, data: join(folder, "house"), logLevel: "silent" })
})
afterAll(async () => {
  await house.stop()
  rmSync(folder as string, { recursive: true, force: true })
})

const file = (...names: string[]) => join(home as string, "profiles", "lan", ...names)
const open = async () => {
  const opened = await openProfile({ dataHome: home as string, profile: "lan", server: house.url })
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

/** Whoever signs out leaves a store that nobody opens before they are back. */
async function damagedWhileOut() {
  const { profile, here } = await open()
  await here.until("session", undefined, ({ state }) => state !== "starting")
  await here.must("signIn", { username: "lan", password: PASSWORD })
  await here.connected()
  const { user } = await here.signedIn()
  await here.must("signOut", { forget: false })
  await profile.close()
  overwrite(file("stores", storeFile(user)))
}

test("damage that is found only while one signs in is told by the command, and by the chat before anything else", async () => {
  await damagedWhileOut()
  const said: Sentence[] = []
  const output = { line: async () => {}, say: (sentence: Sentence) => void said.push(sentence) }
  const args = ["login", "--user", "lan", "--profile", "lan", "--password-stdin"]
  const given = { args, dataHome: home, tongue: "en", output, readLine: async () => PASSWORD }
  await account(given as unknown as Parameters<typeof account>[0])
  const where = file("damaged")
  expect(said).toEqual([
    {
      zh: expect.stringContaining(where),
      en: expect.stringMatching(/is damaged; it was moved to .* You are signed in/),
    },
  ])
  expect(said[0]?.en).toContain(where)
  await account({ ...given, args: ["logout", "--profile", "lan"] } as unknown as Parameters<
    typeof account
  >[0])

  await damagedWhileOut()
  const app = await openApp(home as string, "lan")
  await app.sees("Sign in")
  expect(app.screen()).not.toContain("damaged")
  app.type("\r")
  await app.sees("Password")
  app.type(`${PASSWORD}\r`)
  await app.sees(/What was stored on this device is damaged/)
  await app.sees("Go on")
  app.type("\r")
  await app.sees("Message to Notes to myself")
  await app.quit()
})
