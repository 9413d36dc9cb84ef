/** Files of a profile: whose they are, and what a full disk does to them. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { openPrinted } from "../commands/printed.ts"
import { folderStages } from "./folder-stages.ts"
import { openProfile } from "./open-profile.ts"
import { sqliteStores, storeFile } from "./sqlite-stores.ts"

const folder = mkdtempSync(join(tmpdir(), "teahouse-no-room-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.runIf(existsSync("/dev/full"))(
  "a piece that a full disk refuses is a piece that is not here, and leaves nothing of itself",
  async () => {
    const stage = await folderStages(join(folder, "stage")).open("lan")
    mkdirSync(join(folder, "stage", "lan", "a"))
    symlinkSync("/dev/full", join(folder, "stage", "lan", "a", "0.new"))
    expect(await stage.write("a", 0, new Uint8Array(4096))).toBe(false)
    expect(readdirSync(join(folder, "stage", "lan", "a"))).toEqual([])
    expect(await stage.write("a", 0, Uint8Array.of(1))).toBe(true)
  },
)

const files = (at: string): string[] =>
  readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))

test.runIf(process.platform !== "win32")("every file of a profile is its owner's alone", async () => {
  const home = join(folder, "home")
  const opened = await openProfile({ dataHome: home, profile: "lan", server: "http://127.0.0.1:9" })
  if (!opened.ok) throw new Error(opened.error.kind)
  const { value: profile } = opened
  const printed = openPrinted(join(profile.folder, "printed.db"), () => {})
  printed.add("r", 1)
  const stage = await folderStages(join(profile.folder, "files")).open("lan")
  await stage.write("a", 0, Uint8Array.of(1))
  const store = await sqliteStores(join(profile.folder, "stores")).open("lan")
  await store.batch([{ put: "a", value: Uint8Array.of(1) }], "strict")
  const modes = files(home).map((file) => [file, (statSync(file).mode & 0o777).toString(8)])
  expect(modes.length).toBeGreaterThan(6)
  expect(modes.filter(([, mode]) => mode !== "600")).toEqual([])
  await store.close()
  printed.close()
  await profile.close()
})

test("an address that was mistyped does not keep a profile in which nobody has an account", async () => {
  const home = join(folder, "typed")
  const open = (server: string) => openProfile({ dataHome: home, profile: "lan", server, patienceMs: 0 })
  const wrong = await open("http://127.0.0.1:9")
  if (wrong.ok) await wrong.value.close()
  const right = await open("http://127.0.0.1:10")
  expect(right.ok && right.value.server).toBe("http://127.0.0.1:10")
  if (right.ok) await right.value.close()
  // Somebody's it stays.
  await (await sqliteStores(join(home, "profiles", "lan", "stores")).open("lan")).close()
  expect(await open("http://127.0.0.1:9")).toEqual({
    ok: false,
    error: { kind: "other_server", server: "http://127.0.0.1:10" },
  })
})

test("whoever waited for a profile that has become somebody's meanwhile takes nothing away", async () => {
  const home = join(folder, "meanwhile")
  const open = (server: string, patienceMs: number) =>
    openProfile({ dataHome: home, profile: "lan", server, patienceMs })
  const first = await open("http://127.0.0.1:9", 0)
  if (!first.ok) throw new Error(first.error.kind)
  const waits = open("http://127.0.0.1:10", 10_000)
  // It signs in.
  await (await sqliteStores(join(first.value.folder, "stores")).open("lan")).close()
  await first.value.close()
  expect(await waits).toEqual({ ok: false, error: { kind: "other_server", server: "http://127.0.0.1:9" } })
  expect(existsSync(join(first.value.folder, "stores", storeFile("lan")))).toBe(true)
})
