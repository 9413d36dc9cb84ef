/** A profile whose own word of its house is damaged, and somebody who names a house for it: the right one, another one, one that is away. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Cable, openCable } from "../../../../test/cable.ts"
import { cheap, PASSWORD } from "../../../../test/headless/person.ts"
import { account } from "../commands/account.ts"
import { speakTo } from "../commands/account-here.ts"
import { friend } from "../commands/friend.ts"
import { openProfile } from "./open-profile.ts"

let [folder, home, file]: string[] = []
let [house, other]: RunningHouse[] = []
let cable: Cable
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-address-"))
  home = join(folder, "home")
  file = join(home, "profiles", "lan", "profile.json")
  const start = (data: string) =>
    startHouse({ port: 0, data: join(folder as string, data), stretching: cheap, logLevel: "silent" })
  house = await start("house")
  other = await start("other")
  cable = await openCable(Number(new URL(house.url).port))
})
afterAll(async () => {
  await cable?.close()
  await Promise.all([house?.stop(), other?.stop()])
  rmSync(folder as string, { recursive: true, force: true })
})

const open = async (server?: string) => {
  const parts = { crypto: createCrypto(cheap), connection: { firstRetryMs: 50, maxRetryMs: 300 } }
  const opened = await openProfile({ dataHome: home as string, profile: "lan", server, parts })
  if (!opened.ok) throw new Error(opened.error.kind)
  return { profile: opened.value, here: speakTo(opened.value, 20_000) }
}
const written = () => readFileSync(file as string, "utf8")
const damage = () => writeFileSync(file as string, "Dear Lin,")
const input = { tongue: "en", output: {} }
const list = () => {
  const given = { ...input, dataHome: home, args: ["list", "--profile", "lan"] }
  return friend(given as unknown as Parameters<typeof friend>[0]).catch((error) => error)
}
const login = (server: string) => {
  const args = ["login", "--server", server, "--user", "lan", "--profile", "lan", "--password-stdin"]
  const given = { ...input, dataHome: home, args, readLine: async () => PASSWORD }
  return account(given as unknown as Parameters<typeof account>[0]).catch((error) => error)
}

test("it is given to no other house than its own, whatever is named for it", async () => {
  const first = await open(cable.url)
  await first.here.must("createAccount", { username: "lan", password: PASSWORD })
  await first.here.must("confirmRecoveryCode", {})
  await first.here.connected()
  const { device } = await first.here.signedIn()
  await first.profile.close()
  const right = written()

  damage()
  expect(await list()).toMatchObject({
    exit: 37,
    sentence: {
      en: expect.stringContaining("Name the house once more"),
      zh: expect.stringContaining("--server"),
    },
  })
  // The house that was named is there, and another.
  expect(await login((other as RunningHouse).url)).toMatchObject({
    exit: 37,
    sentence: { en: expect.stringContaining(`does not belong to ${other?.url}`) },
  })
  expect(written()).toBe("Dear Lin,")

  // It is not there: who is in reads on, and nothing is decided by it.
  cable.cut()
  const away = await open(cable.url)
  await away.here.signedIn()
  expect(written()).toBe("Dear Lin,")
  // Until it is there again.
  cable.restore()
  await expect.poll(written).toBe(right)
  await away.profile.close()

  damage()
  const back = await open(cable.url)
  expect(written()).toBe(right)
  expect((await back.here.signedIn()).device).toBe(device)
  await back.here.connected()
  await back.profile.close()
})
