/** Databases that were cut, overwritten or have a wrong bit, on a real disk: the store is whole or a fresh one, never something between. */
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { StoreDamaged } from "@teahouse/client/store/sealed.ts"
import { afterAll, expect, test } from "vitest"
import { chooser } from "../../../../test/seeded.ts"
import { openPrinted } from "../commands/printed.ts"
import { lockProfile } from "./profile-lock.ts"
import { sqliteStores, storeFile } from "./sqlite-stores.ts"
import { putAside } from "./whole.ts"

const SEED = Number(process.env.TEAHOUSE_SEED ?? 1)
const CASES = Number(process.env.TEAHOUSE_CASES ?? 24)

const folder = mkdtempSync(join(tmpdir(), "teahouse-whole-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let made = 0
const fresh = () => join(folder, String(made++))

const { below } = chooser(SEED)

const keyOf = (n: number) => `k/${String(n).padStart(6, "0")}`
async function filled(records: number, bytes: number) {
  const place = fresh()
  const asides: string[] = []
  const stores = sqliteStores(join(place, "stores"), (file) => asides.push(file))
  const store = await stores.open("lan")
  await store.batch(
    Array.from({ length: records }, (_, n) => ({
      put: keyOf(n),
      value: new Uint8Array(n % 9 === 0 ? bytes * 20 : bytes).fill(n % 251),
    })),
  )
  return { place, stores, store, asides, file: join(place, "stores", storeFile("lan")) }
}

const damages: readonly { what: string; to: (file: string) => void; empty?: true }[] = [
  { what: "cut in the middle", to: (file) => truncateSync(file, readFileSync(file).length >> 1) },
  { what: "cut at its end", to: (file) => truncateSync(file, readFileSync(file).length - 5_000) },
  { what: "nothing but zeros", to: (file) => writeFileSync(file, new Uint8Array(readFileSync(file).length)) },
  { what: "a letter", to: (file) => writeFileSync(file, "Dear Lin,\n".repeat(2_000)) },
  { what: "another database", to: (file) => writeFileSync(file, otherDatabase()) },
  {
    what: "of a version that nobody knows",
    to(file) {
      const bytes = readFileSync(file)
      bytes[19] = 9
      writeFileSync(file, bytes)
    },
  },
  {
    // Found by the check at opening alone: SQLite itself would come to it later.
    what: "wrong in one page of its middle",
    to(file) {
      const bytes = readFileSync(file)
      bytes.fill(0xff, 8 * 4096, 9 * 4096)
      writeFileSync(file, bytes)
    },
  },
  // Nothing of it is left to keep.
  { what: "empty", to: (file) => truncateSync(file, 0), empty: true },
  { what: "gone", to: (file) => rmSync(file), empty: true },
]

function otherDatabase(): Buffer {
  const file = join(fresh())
  const printed = openPrinted(file, () => {})
  printed.close()
  const bytes = readFileSync(file)
  // A table of the same name with other columns.
  return Buffer.from(
    bytes.toString("latin1").replaceAll("printed", "record\0").replaceAll("\0 (room", " (room"),
    "latin1",
  )
}

for (const { what, to, empty } of damages)
  test(`a store that is ${what}: a fresh one, and the file is kept`, async () => {
    const { place, stores, store, asides, file } = await filled(200, 300)
    await store.close()
    to(file)
    const bytes = empty ? undefined : readFileSync(file)
    const again = await stores.open("lan")
    expect(await again.keys("")).toEqual([])
    await again.batch([{ put: "a", value: Uint8Array.of(1) }], "strict")
    await again.close()
    expect(await (await stores.open("lan")).keys("")).toEqual(["a"])
    expect(asides).toHaveLength(empty ? 0 : 1)
    const [aside] = asides
    if (aside) expect(aside).toBe(join(place, "damaged", storeFile("lan").replace(".db", ".1.db")))
    if (aside && what !== "another database") expect(readFileSync(aside).equals(bytes as Buffer)).toBe(true)
  })

test(`${CASES} wrong bits: each record is there, or the seal will say that it is not, or the store is a fresh one`, async () => {
  const outcomes = new Set<string>()
  const pattern = await filled(60, 100)
  await pattern.store.close()
  const whole = readFileSync(pattern.file)
  for (let n = 0; n < CASES; n++) {
    const [place, asides, bytes] = [fresh(), [] as string[], Buffer.from(whole)]
    const stores = sqliteStores(join(place, "stores"), (file) => asides.push(file))
    // Half of them where the trees are described: in the first bytes of a page.
    const at = n % 2 === 0 ? below(bytes.length) : below(bytes.length / 4096) * 4096 + below(110)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8))
    writeFileSync(join(place, "stores", storeFile("lan")), bytes)
    const again = await stores.open("lan")
    const keys = await again.keys("").catch((error) => error)
    if (keys instanceof StoreDamaged) expect(asides, `seed ${SEED}, case ${n}`).toHaveLength(1)
    else if (asides.length > 0) expect(keys, `seed ${SEED}, case ${n}`).toEqual([])
    else expect(keys, `seed ${SEED}, case ${n}`).toHaveLength(60)
    outcomes.add(asides.length > 0 ? "set aside" : "gone on with")
    const last = await stores.open("lan")
    await last.batch([{ put: "a", value: Uint8Array.of(1) }], "strict")
    expect(await last.get("a")).toEqual(Uint8Array.of(1))
    await again.close()
    await last.close()
  }
  expect([...outcomes].sort()).toEqual(["gone on with", "set aside"])
})

test("what is found while reading: whoever has the store open is told, and the next who opens it has a fresh one", async () => {
  // More than SQLite keeps in memory.
  const { stores, store, asides, file } = await filled(4_000, 1_500)
  await store.close()
  const [one, other] = [await stores.open("lan"), await stores.open("lan")]
  const handle = openSync(file, "r+")
  const length = readFileSync(file).length
  const noise = Buffer.alloc(4096, 0xff)
  for (let at = 4096; at < length; at += 4096) writeSync(handle, noise, 0, 4096, at)
  closeSync(handle)
  await expect(one.range("")).rejects.toBeInstanceOf(StoreDamaged)
  expect(asides).toHaveLength(1)
  await expect(other.get(keyOf(1))).rejects.toBeInstanceOf(StoreDamaged)
  await expect(other.batch([{ put: "a", value: Uint8Array.of(1) }])).rejects.toBeInstanceOf(StoreDamaged)
  const fresh = await stores.open("lan")
  await fresh.batch([{ put: "a", value: Uint8Array.of(1) }], "strict")
  // They let go of what is not there any more, not of what is there now.
  await one.close()
  await other.close()
  expect(await fresh.keys("")).toEqual(["a"])
  await fresh.close()
})

test("the last three of a name are kept, its log with each", () => {
  const place = fresh()
  const aside = join(place, "damaged")
  sqliteStores(join(place, "stores"))
  const file = join(place, "stores", storeFile("lan"))
  for (let n = 1; n <= 5; n++) {
    writeFileSync(file, `${n}`)
    appendFileSync(`${file}-wal`, `log ${n}`)
    const kept = putAside(file, aside)
    expect([readFileSync(kept, "utf8"), readFileSync(`${kept}-wal`, "utf8")]).toEqual([`${n}`, `log ${n}`])
  }
  const name = storeFile("lan").replace(".db", "")
  expect(readdirSync(aside).sort()).toEqual(
    [3, 4, 5].flatMap((n) => [`${name}.${n}.db`, `${name}.${n}.db-wal`]),
  )
})

test("what was printed, and the lock, begin anew", async () => {
  const place = fresh()
  writeFileSync(place, "Dear Lin,\n".repeat(1_000))
  const asides: string[] = []
  const printed = openPrinted(place, (file) => asides.push(putAside(file, `${file}-damaged`)))
  printed.add("r", 3)
  expect([printed.has("r", 3), asides.length]).toEqual([true, 1])
  printed.close()
  const lock = fresh()
  writeFileSync(lock, "Dear Lin,\n".repeat(1_000))
  const free = await lockProfile(lock, 1_000)
  expect(await lockProfile(lock, 0)).toBeUndefined()
  free?.()
})
