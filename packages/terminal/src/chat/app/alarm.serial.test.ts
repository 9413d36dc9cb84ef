/** What a person must know of: the whole sentence and how it is dismissed, with the connection beside it, until it is dismissed. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { alarmWrite } from "@teahouse/client/alarms.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { sealedStore } from "@teahouse/client/store/sealed.ts"
import type { Alarm } from "@teahouse/client/view/port/account.ts"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Cable, openCable } from "../../../../../test/cable.ts"
import { cheap, PASSWORD } from "../../../../../test/headless/person.ts"
import { keyFiles } from "../../profile/key-files.ts"
import { sqliteStores } from "../../profile/sqlite-stores.ts"
import { widthOf } from "../screen/width.ts"
import { alarmLines, alarmText, dismissShown } from "./alarm.ts"
import { type OpenApp, openApp } from "./app.fixture.ts"
import { wordsOf } from "./words.ts"

let folder: string
let house: RunningHouse
let cable: Cable
let lan: OpenApp | undefined

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-alarm-"))
  house = await startHouse({ port: 0, data: join(folder, "house"), stretching: cheap, logLevel: "silent" })
  cable = await openCable(Number(new URL(house.url).port))
})
afterAll(async () => {
  await lan?.quit()
  await cable?.close()
  await house?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** As they stand on the disk after a stop. */
async function raised(user: Id, alarms: readonly Omit<Alarm, "id">[]) {
  const profile = join(folder, "profiles", "lan")
  const key = await keyFiles(join(profile, "keys")).load(`1/${user}`)
  if (!key) throw new Error("no key")
  const disk = await sqliteStores(join(profile, "stores")).open(user)
  const store = sealedStore(disk, key, createCrypto(cheap).sealed)
  await store.write(alarms.map((one) => alarmWrite(one)))
  await store.close()
}

test("alarms stand whole below the title, one after another, and go by /dismiss for good", async () => {
  lan = await openApp(folder, "lan", cable.url)
  await lan.sees("Create account")
  lan.type("\x1b[B\r")
  await lan.sees("Password again")
  lan.type(`lan\t${PASSWORD}\t${PASSWORD}\r`)
  const code = /([0-9A-Z]{4}-){6}([0-9A-Z]{4})/
  await lan.sees(code)
  lan.type(`${code.exec(lan.screen())?.[2]}\r`)
  await lan.sees("Message to Notes to myself")
  lan.type("/dismiss\r")
  await lan.sees("There is no warning to dismiss.")
  const user = await new Promise<Id>((done) => {
    const stop = lan?.client.subscribe("session", undefined, (value) => {
      if (value.state !== "signed_in") return
      setTimeout(() => stop?.())
      done(value.user)
    })
  })
  await lan.quit()
  await raised(user, [
    { kind: "other_identity", at: 1 },
    { kind: "bad_signature", at: 2 },
    { kind: "bad_signature", at: 3, room: toBase64url(new Uint8Array(16)) as Id },
    { kind: "device_added", at: Date.now() },
  ])

  cable.cut()
  lan = await openApp(folder, "lan")
  // The whole of it, over its lines, and what the corner says of the connection.
  await lan.sees(/If they told you that they began anew, dismiss this,\s+and it goes in\. \/dismiss/)
  await lan.sees("offline")
  cable.restore()
  await lan.seesNot("offline")
  await lan.seesNot("wrong signature")
  lan.type("/dismiss\r")
  await lan.sees("wrong signature. /dismiss")
  await lan.seesNot("began anew")
  await lan.sees("Message to Notes to myself")
  // Of two chats, in the same words.
  lan.type("/dismiss\r")
  await lan.seesNot("wrong signature")
  // What is nobody's breach comes last, whole, and not in the title.
  await lan.sees(/^ Teahouse 茶馆 · lan\n A new device has signed in[\s\S]*\/dismiss/)
  lan.type("/dismiss\r")
  await lan.seesNot("new device")
  await lan.quit()
  lan = await openApp(folder, "lan")
  await lan.sees("Message to Notes to myself")
  expect(lan.screen()).not.toContain("/dismiss")
})

test("in a small window a sentence is cut, and how it is dismissed is not", () => {
  for (const tongue of ["zh", "en"] as const)
    for (const most of [1, 2, 9]) {
      const text = alarmText(wordsOf(tongue), { id: "a", kind: "other_identity", at: 1 })
      const lines = alarmLines(text, 38, most)
      expect(lines.length).toBeLessThanOrEqual(most)
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(38)
      expect(lines.at(-1)).toMatch(/\/dismiss$/)
    }
})

test("/dismiss is for all chats of which the same is said, and for one where it accepts what is said of that one", async () => {
  const words = wordsOf("en")
  let alarms: Alarm[] = [
    { id: "a", kind: "new_incarnation", at: 1 },
    { id: "b", kind: "other_identity", at: 2 },
    { id: "c", kind: "new_incarnation", at: 3 },
    { id: "d", kind: "other_identity", at: 4 },
  ]
  const said: string[] = []
  const shell = {
    words,
    now: () => 5,
    live: { view: () => ({ alarms }) },
    async ask(_: string, { id }: { readonly id: string }) {
      alarms = alarms.filter((one) => one.id !== id)
    },
    say: (sentence: string) => void said.push(sentence),
  } as unknown as Parameters<typeof dismissShown>[0]
  const left = async () => {
    await dismissShown(shell)
    return alarms.map(({ id }) => id)
  }
  expect(await left()).toEqual(["b", "d"])
  expect(await left()).toEqual(["d"])
  expect(await left()).toEqual([])
  await dismissShown(shell)
  expect(said).toEqual([words.noAlarm])
})
