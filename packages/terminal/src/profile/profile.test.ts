import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { stageContract } from "@teahouse/client/file/stage.contract.ts"
import { storeContract } from "@teahouse/client/store/contract.ts"
import { isFull } from "@teahouse/client/store/full.ts"
import { afterAll, describe, expect, test } from "vitest"
import { folderStages } from "./folder-stages.ts"
import { keyFiles } from "./key-files.ts"
import { openProfile, originOf } from "./open-profile.ts"
import { lockProfile } from "./profile-lock.ts"
import { isProfileName } from "./profile-name.ts"
import { openDatabase, sqliteStore, sqliteStores } from "./sqlite-stores.ts"

const folder = mkdtempSync(join(tmpdir(), "teahouse-profile-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let made = 0
const fresh = () => join(folder, String(made++))

const runner = {
  test: (name: string, run: () => Promise<void>) => void test(name, run),
  equal: (actual: unknown, expected: unknown) => expect(actual).toEqual(expected),
}
describe("a store on SQLite", () => {
  storeContract(runner, () => sqliteStores(fresh()))

  test("keys are in the order of their code units, beyond the basic plane too", async () => {
    const store = await sqliteStores(fresh()).open("order")
    const keys = ["a", "a\u{1f375}", "a\ud7ff", "a\ue000", "a\uff00", "b"]
    await store.batch(keys.map((put) => ({ put, value: Uint8Array.of(1) })))
    expect(await store.keys("a")).toEqual(keys.filter((key) => key.startsWith("a")).sort())
    expect(await store.keys("a\u{1f375}")).toEqual(["a\u{1f375}"])
    await store.close()
  })

  test("a batch that fails leaves nothing of itself", async () => {
    const store = await sqliteStores(fresh()).open("whole")
    const bad = { put: "b", value: null as unknown as Uint8Array }
    await expect(store.batch([{ put: "a", value: Uint8Array.of(1) }, bad])).rejects.toThrow()
    expect(await store.keys("")).toEqual([])
    await store.batch([{ put: "c", value: Uint8Array.of(1) }], "strict")
    expect(await store.keys("")).toEqual(["c"])
    await store.close()
  })

  test("a full disk is told as the client knows it, leaves nothing of the batch, and is written to when there is room", async () => {
    const never = () => {
      throw new Error("it is whole")
    }
    const database = openDatabase(`${fresh()}.db`, never)
    const store = sqliteStore(database, () => database.close(), { seen: () => false, found: never })
    await store.batch([{ put: "a", value: Uint8Array.of(1) }])
    database.exec("PRAGMA max_page_count = 20")
    const large = { put: "large", value: new Uint8Array(1024 * 1024) }
    const error: unknown = await store
      .batch([{ put: "b", value: Uint8Array.of(2) }, large])
      .catch((why) => why)
    expect(isFull(error)).toBe(true)
    expect(await store.keys("")).toEqual(["a"])
    database.exec("PRAGMA max_page_count = 1000")
    await store.batch([large], "strict")
    expect(await store.keys("")).toEqual(["a", "large"])
    await store.close()
  })
})

describe("files in folders", () => stageContract(runner, () => folderStages(fresh())))

test("a key is its owner's alone, and gone when it is dropped", async () => {
  const place = fresh()
  const box = keyFiles(place)
  expect(await box.load("1/lan")).toBeUndefined()
  const key = await box.save("1/lan", new Uint8Array(32).fill(7))
  expect(key.extractable).toBe(false)
  expect((await keyFiles(place).load("1/lan"))?.algorithm).toMatchObject({ name: "AES-GCM", length: 256 })
  const file = join(place, `${Buffer.from("1/lan").toString("hex")}.key`)
  if (process.platform !== "win32") {
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(place).mode & 0o777).toBe(0o700)
  }
  writeFileSync(file, "cut")
  expect(await box.load("1/lan")).toBeUndefined()
  await box.drop("1/lan")
  await box.drop("1/lan")
  expect(await box.load("1/lan")).toBeUndefined()
})

test("one at a time has a profile", async () => {
  const file = join(folder, "lock")
  const free = await lockProfile(file, 0)
  expect(await lockProfile(file, 0)).toBeUndefined()
  const waits = lockProfile(file, 10_000)
  free?.()
  ;(await waits)?.()
  ;(await lockProfile(file, 0))?.()
})

test("names that may be folders everywhere", () => {
  for (const name of ["a", "lan", "Lan-2", "x_1"]) expect(isProfileName(name)).toBe(true)
  for (const name of ["", ".", "..", "a/b", "a\\b", "-a", "a b", "con", "COM1", "茶", "x".repeat(33)])
    expect(isProfileName(name)).toBe(false)
})

test("addresses of houses", () => {
  expect(originOf("tea.example")).toBe("https://tea.example")
  expect(originOf("https://tea.example/join#x")).toBe("https://tea.example")
  expect(originOf("localhost:8000")).toBe("http://localhost:8000")
  expect(originOf("http://127.0.0.1:8000/")).toBe("http://127.0.0.1:8000")
  for (const no of ["ftp://tea.example", "file:///etc/passwd", "https://me:secret@tea.example", "a b", ""])
    expect(originOf(no)).toBeUndefined()
})

test("what a profile is not opened for costs nothing", async () => {
  const dataHome = fresh()
  const kind = async (profile: string, server?: string) => {
    const opened = await openProfile({ dataHome, profile, server, patienceMs: 0 })
    return opened.ok ? opened.value : opened.error.kind
  }
  expect(await kind("../x", "tea.example")).toBe("bad_profile_name")
  expect(await kind("lan")).toBe("no_profile")
  expect(await kind("lan", "ftp://tea.example")).toBe("bad_server")
  expect(() => statSync(dataHome)).toThrow()
  const one = await openProfile({ dataHome, profile: "lan", server: "http://127.0.0.1:9" })
  expect(await kind("lan")).toBe("profile_in_use")
  expect(await kind("lan", "http://127.0.0.1:10")).toBe("other_server")
  if (one.ok) await one.value.close()
  const again = await openProfile({ dataHome, profile: "lan" })
  expect(again.ok && again.value.server).toBe("http://127.0.0.1:9")
  if (again.ok) await again.value.close()
})
