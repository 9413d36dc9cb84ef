/**
 * A profile whose files are damaged, one after another, on a real disk and with a real house: each time the person gives the password at most,
 * is who they were, reads every line that was said, and goes on.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterAll, beforeAll, expect, test } from "vitest"
import { withoutLimits } from "../../../../test/headless/house-for-each.ts"
import { befriend, cheap, hasty, openPerson, PASSWORD, textsOf } from "../../../../test/headless/person.ts"
import { chooser } from "../../../../test/seeded.ts"
import { openApp } from "../chat/app/app.fixture.ts"
import { speakTo } from "../commands/account-here.ts"
import { friend } from "../commands/friend.ts"
import { tail } from "../commands/tail.ts"
import { openProfile, type Profile } from "./open-profile.ts"
import { storeFile } from "./sqlite-stores.ts"

const SEED = Number(process.env.TEAHOUSE_SEED ?? 1)
/** Wrong bits; whole.test.ts has more of them, without a house. */
const BITS = Number(process.env.TEAHOUSE_CASES ?? 3)

let [folder, home]: string[] = []
let house: RunningHouse
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-damaged-"))
  home = join(folder, "home")
  const data = join(folder, "house")
  house = await startHouse({ port: 0, data, stretching: cheap, logLevel: "silent", limits: withoutLimits })
})
afterAll(async () => {
  await house.stop()
  rmSync(folder as string, { recursive: true, force: true })
})

const pace = { pastTurnsAnHour: 1_000_000 }
const parts = { crypto: createCrypto(cheap), ...hasty, pace: { ...hasty.pace, ...pace } }
async function open(): Promise<Profile> {
  const opened = await openProfile({ dataHome: home as string, profile: "lan", server: house.url, parts })
  if (!opened.ok) throw new Error(opened.error.kind)
  return opened.value
}
/** With how often the password was asked for, and what was said to be damaged before. */
async function enter(profile: Profile) {
  const here = speakTo(profile, 20_000)
  const settled = () => here.until("session", undefined, ({ state }) => state !== "starting")
  await settled()
  const said = profile.damaged()
  let asked = 0
  while ((await settled())?.state === "signed_out") {
    if (++asked > 2) throw new Error("the password is asked for again and again")
    await here.must("signIn", { username: "lan", password: PASSWORD })
  }
  await here.connected()
  return { here, asked, said }
}

const file = (...names: string[]) => join(home as string, "profiles", "lan", ...names)
const flip = (path: string, at: number, bit: number) => {
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
  writeFileSync(path, bytes)
}
const overwrite = (...paths: string[]) => {
  for (const path of paths) writeFileSync(path, "Dear Lin,\n".repeat(3_000))
}

test("every file of a profile, damaged in turn", async () => {
  const { below } = chooser(SEED)
  const bo = openPerson(house.url, undefined, { pace })
  await bo.register("bo")
  let profile = await open()
  let here = speakTo(profile, 20_000)
  await here.must("createAccount", { username: "lan", password: PASSWORD })
  await here.must("confirmRecoveryCode", {})
  await here.connected()
  const lan = { must: here.must, chatWith: (name: string) => chatWith(here, name) } as unknown as typeof bo
  const room = await befriend(lan, "lan", bo, "bo")
  const session = await here.signedIn()
  const user = session.user
  const identity = await bo.until("safety", { user }, ({ state }) => state === "here")
  const said: string[] = []
  const say = async (text: string) => {
    // A wrong bit may be found just now; nothing was queued then.
    for (;;) {
      const answer = await here.client.command("send", { room, text })
      if (answer.ok) break
      if (answer.error.kind !== "store_damaged" && answer.error.kind !== "signed_out")
        throw new Error(`send: ${answer.error.kind}`)
      here = (await enter(profile)).here
    }
    said.push(text)
    await bo.reads(room, said)
    await here.keepSafe(20_000)
  }
  const reads = () =>
    here.until("timeline", { room, around: "end", limit: 500 }, ({ items }) =>
      said.every((text) => textsOf(items).includes(text)),
    )
  const words = "银针白毫 planted words"
  await say(words)

  const store = file("stores", storeFile(user))
  const index = file("stores", storeFile("index"))
  const key = file("keys", readdirSync(file("keys"))[0] as string)
  // What lies on the disk is sealed: nothing that was said, nobody who said it.
  await profile.close()
  const onDisk = readdirSync(file(), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name)))
  const lies = (text: string) =>
    [Buffer.from(text), Buffer.from(text, "utf16le"), Buffer.from(text, "utf16le").swap16()].some((bytes) =>
      onDisk.some((one) => one.includes(bytes)),
    )
  for (const one of [words, "planted", "银针", "hello from lan", PASSWORD])
    expect([one, lies(one)]).toEqual([one, false])
  // Names of records do lie there: it is looked in the right place.
  expect(lies("account")).toBe(true)

  type Case = { what: string; damage: () => void; asks?: boolean; damaged?: "store" | "key" | undefined }
  const cases: Case[] = [
    { what: "nothing", damage: () => {}, asks: false },
    {
      what: "who was here last and the store: text",
      damage: () => overwrite(store, index),
      ...{ asks: true, damaged: "store" },
    },
    {
      what: "the store: cut",
      damage: () => truncateSync(store, readFileSync(store).length - 5_000),
      ...{ asks: true, damaged: "store" },
    },
    {
      what: "the store: zeros",
      damage: () => writeFileSync(store, new Uint8Array(readFileSync(store).length)),
      ...{ asks: true, damaged: "store" },
    },
    { what: "the store: deleted", damage: () => rmSync(store), asks: true },
    {
      what: "who was here last: zeros",
      damage: () => writeFileSync(index, new Uint8Array(readFileSync(index).length)),
      ...{ asks: true, damaged: "store" },
    },
    { what: "the key: a bit", damage: () => flip(key, below(40), below(8)), asks: true, damaged: "key" },
    { what: "the key: deleted", damage: () => rmSync(key), asks: true },
    {
      what: "the address and the lock: text",
      damage: () => overwrite(file("profile.json"), file("lock")),
      asks: false,
    },
    // Some are in a record, some in the tree, some where nothing is.
    ...Array.from({ length: BITS }, (_, n) => ({
      what: `the store: bit ${n}`,
      damage: () => flip(store, below(readFileSync(store).length), below(8)),
    })),
  ]
  const trouble: string[] = []
  let device = session.device
  for (const [n, { what, damage, asks, damaged }] of cases.entries()) {
    const kept = readdirSync(file()).includes("damaged") ? readdirSync(file("damaged")).length : 0
    damage()
    try {
      if (damaged && /text|a bit/.test(what)) await refusesToGoOn(damaged === "key" ? key : file("damaged"))
      profile = await open()
      const entered = await enter(profile)
      here = entered.here
      if (asks !== undefined) expect([entered.asked > 0, entered.said?.what]).toEqual([asks, damaged])
      expect(profile.damaged()).toBeUndefined()
      if (damaged === "store" && !what.includes("and"))
        expect(readdirSync(file("damaged")).length).toBeGreaterThan(Math.min(kept, 2))
      const now = (await here.signedIn()).device
      // A store that is there comes back as the device that it was.
      if (/^(the key|the address|who was here last:)/.test(what)) expect(now).toBe(device)
      device = now
      await bo.say(room, `bo ${n}`)
      said.push(`bo ${n}`)
      // What is damaged may be found only now.
      const out = here.until("session", undefined, ({ state }) => state === "signed_out")
      const first = await Promise.race([reads(), out.then(() => "out" as const)])
      if (first === "out") here = (await enter(profile)).here
      const there = first === "out" ? await reads() : first
      if (!there) {
        const last = await here.until("timeline", { room, around: "end", limit: 500 }, () => true)
        const missing = said.filter((text) => !textsOf(last?.items ?? []).includes(text))
        const { alarms } = (await here.until("connection", undefined, () => true)) ?? {}
        throw new Error(`lines are missing: ${JSON.stringify([missing, said.length, alarms])}`)
      }
      await say(`lan ${n}`)
      await profile.close()
    } catch (error) {
      trouble.push(`case ${n}, seed ${SEED}: ${what}: ${String((error as Error).stack).slice(0, 600)}`)
      await profile.close().catch(() => {})
      break
    }
  }
  expect(trouble).toEqual([])

  // While a command has it open: it ends, instead of waiting for what will not come.
  let heard = () => {}
  const listening = new Promise<void>((done) => {
    heard = done
  })
  const line = async (value: { text?: string }) => void (value.text === "are you there?" && heard())
  const listens = { args: ["--profile", "lan", "--json"], dataHome: home, tongue: "en", output: { line } }
  const ended = tail(listens as unknown as Parameters<typeof tail>[0]).catch((error) => error)
  await bo.say(room, "are you there?")
  await listening
  breakTree(store)
  await bo.say(room, "still there?")
  said.push("are you there?", "still there?")
  expect(await ended).toMatchObject({ exit: 37, sentence: { en: expect.stringContaining(file("damaged")) } })
  // A person hears it where they sign in.
  const app = await openApp(home as string, "lan")
  await app.sees("What is stored on this device is damaged")
  await app.quit()
  profile = await open()
  const entered = await enter(profile)
  here = entered.here
  expect([entered.asked, entered.said?.what]).toEqual([1, "store"])
  expect(await reads()).toBeDefined()
  await say("here again")
  await profile.close()
  expect(await bo.until("safety", { user }, ({ state }) => state === "here")).toEqual(identity)
  expect(bo.bugs).toEqual([])
  await bo.client.stop()
})

/** As a disk may do it to an open file: the tree's beginning lies beyond the end. */
function breakTree(path: string): void {
  const database = new DatabaseSync(path)
  database.enableDefensive(false)
  database.exec(`
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 'record';
    PRAGMA schema_version = 4711;
  `)
  database.close()
}

/** A script hears it each time until somebody has signed in: an exit code of its own, and which file it is. */
async function refusesToGoOn(where: string) {
  const input = { args: ["list", "--profile", "lan"], dataHome: home, tongue: "en", output: {} }
  for (const _ of [1, 2]) {
    const stop = await friend(input as unknown as Parameters<typeof friend>[0]).catch((error) => error)
    expect([stop.exit, stop.sentence?.en, stop.sentence?.zh]).toEqual([
      37,
      expect.stringContaining(where),
      expect.stringContaining(where),
    ])
  }
}

async function chatWith({ until }: ReturnType<typeof speakTo>, name: string): Promise<Id> {
  const isIt = ({ kind, title }: { kind: string; title: string }) => kind === "direct" && title === name
  const list = await until("roomList", undefined, ({ rooms }) => rooms.some(isIt))
  return list?.rooms.find(isIt)?.room as Id
}
