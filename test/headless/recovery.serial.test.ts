/** A new password, by the old one or by the recovery code: the same person with the same past, and everybody else is out. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { befriend, cheap, type Disk, newDisk, openPerson, PASSWORD, type Person } from "./person.ts"

const NEW = "an umbrella in the tea garden"
let folder: string
let house: RunningHouse
const people: Person[] = []
const limits = {
  ...{ commitIntervalMs: 100, commitBurst: 20, sendsPerSecond: 1_000, sendBurst: 1_000 },
  ...{ signInsPerMinuteAccount: 1_000, signInsPerMinuteAddress: 1_000 },
}
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-recovery-"))
  house = await startHouse({ port: 0, data: folder, stretching: cheap, limits, logLevel: "silent" })
})
afterAll(async () => {
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  await Promise.all(people.map(({ client }) => client.stop()))
  const bugs = people.flatMap((one) => one.bugs)
  people.length = 0
  expect(bugs).toEqual([])
})

type More = Parameters<typeof openPerson>[2]
const person = (disk?: Disk, more?: More) => {
  const one = openPerson(house.url, disk, more)
  people.push(one)
  return one
}
/** Registers, and gives the recovery code. */
async function newcomer(one: Person, username: string): Promise<string> {
  const { recoveryCode } = await one.must("createAccount", { username, password: PASSWORD })
  await one.must("confirmRecoveryCode", {})
  await one.until("connection", undefined, ({ state }) => state === "connected")
  return recoveryCode
}
const signedOut = (one: Person) =>
  one.until(
    "session",
    undefined,
    (value) => value.state === "signed_out" && value.reason === "session_expired",
  )
const signedIn = async (one: Person) => {
  const session = await one.until("session", undefined, ({ state }) => state === "signed_in")
  return session.state === "signed_in" ? session : undefined
}
const kindOf = async (one: Person, username: string, password: string) => {
  const answer = await one.command("signIn", { username, password })
  return answer.ok ? "ok" : answer.error.kind
}

test("changed on the laptop: the phone is signed out, and the new password opens its store and everything else", async () => {
  const [laptop, phone, bo] = [person(), person(), person()]
  const code = await newcomer(laptop, "lan")
  await newcomer(bo, "bo")
  const room = await befriend(laptop, "lan", bo, "bo")
  await phone.signIn("lan")
  await phone.chatWith("bo")
  await laptop.say(room, "before")
  await phone.reads(room, ["before"])

  const change = (current: string, password: string) =>
    laptop.command("changePassword", { current, password })
  expect(await change("not the password", NEW)).toEqual({ ok: false, error: { kind: "wrong_credentials" } })
  expect(await change(PASSWORD, "lanlanlan")).toEqual({ ok: false, error: { kind: "weak_password" } })
  await phone.say(room, "still here")
  await bo.reads(room, ["before", "still here"])

  expect(await change(PASSWORD, NEW)).toEqual({ ok: true, value: null })
  await signedOut(phone)
  await laptop.say(room, "changed")
  await bo.reads(room, ["before", "still here", "changed"])
  expect(await kindOf(phone, "lan", PASSWORD)).toBe("wrong_credentials")
  expect(await kindOf(phone, "lan", NEW)).toBe("ok")
  await phone.reads(room, ["before", "still here", "changed"])
  await phone.say(room, "back")
  await laptop.reads(room, ["before", "still here", "changed", "back"])

  // What the laptop has opens with the new password too, and a new device has the past.
  await laptop.must("signOut", { forget: false })
  expect(await kindOf(laptop, "lan", NEW)).toBe("ok")
  await laptop.reads(room, ["before", "still here", "changed", "back"])
  await laptop.safe()
  const tablet = person()
  expect(await kindOf(tablet, "lan", NEW)).toBe("ok")
  await tablet.chatWith("bo")
  await tablet.reads(room, ["before", "still here", "changed", "back"])
  // The recovery code is the same as before.
  const desk = person()
  await desk.must("recover", { username: "lan", code, password: PASSWORD })
})

test("the code on a new device: the same identity, friends, chats and history; all others out; a new code", async () => {
  const [laptop, bo] = [person(), person()]
  const code = await newcomer(laptop, "mei")
  await newcomer(bo, "bo2")
  const room = await befriend(laptop, "mei", bo, "bo2")
  const { room: group } = await laptop.must("createGroup", { name: "茶友", members: [] })
  await laptop.say(room, "an old line")
  await bo.reads(room, ["an old line"])
  await laptop.safe()
  const { user } = (await signedIn(laptop)) ?? {}

  const disk = newDisk()
  const found = person(disk)
  const recover = (given: string, password = NEW) =>
    found.command("recover", { username: "mei", code: given, password })
  const wrong = { ok: false, error: { kind: "wrong_recovery_code" } }
  expect(await recover("not a code")).toEqual(wrong)
  expect(await recover(await newcomer(person(), "another"))).toEqual(wrong)
  expect(await recover(code, "meimeimei")).toEqual({ ok: false, error: { kind: "weak_password" } })
  await laptop.say(room, "nothing has changed")
  await bo.reads(room, ["an old line", "nothing has changed"])
  await laptop.safe()

  const recovered = await recover(code.toLowerCase().replaceAll("-", " "))
  const next = recovered.ok ? recovered.value.recoveryCode : ""
  expect(next).toMatch(/^(\w{4}-){6}\w{4}$/)
  expect(next).not.toBe(code)
  await signedOut(laptop)
  // Shown until it is confirmed, also after a restart.
  await found.client.stop()
  const again = person(disk)
  const shown = await again.until("session", undefined, ({ state }) => state === "unconfirmed")
  expect(shown).toEqual({ state: "unconfirmed", username: "mei", recoveryCode: next })
  await again.must("confirmRecoveryCode", {})
  expect((await signedIn(again))?.user).toBe(user)
  expect(await again.chatWith("bo2")).toBe(room)
  await again.reads(room, ["an old line", "nothing has changed"])
  await again.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.room === group))
  await again.say(room, "recovered")
  await bo.reads(room, ["an old line", "nothing has changed", "recovered"])
  await bo.until("person", { user: user as NonNullable<typeof user> }, ({ state }) => state === "here")
  expect((await bo.until("connection", undefined, () => true)).alarms).toEqual([])

  // The old password and the old code are over; the laptop's store opens with the new password.
  const other = person()
  expect(await other.command("recover", { username: "mei", code, password: PASSWORD })).toEqual(wrong)
  expect(await kindOf(laptop, "mei", PASSWORD)).toBe("wrong_credentials")
  expect(await kindOf(laptop, "mei", NEW)).toBe("ok")
  await laptop.reads(room, ["an old line", "nothing has changed", "recovered"])
})

test("two changes at once: one wins", async () => {
  const [laptop, phone] = [person(), person()]
  await newcomer(laptop, "two")
  await phone.signIn("two")
  const words = ["an umbrella in the rain", "a lantern in the fog"] as const
  const answers = await Promise.all(
    [laptop, phone].map((one, i) =>
      one.command("changePassword", { current: PASSWORD, password: words[i] ?? "" }),
    ),
  )
  expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
  const won = answers.findIndex((answer) => answer.ok)
  const loser = won === 0 ? phone : laptop
  await signedOut(loser)
  expect(await kindOf(loser, "two", words[won === 0 ? 1 : 0])).toBe("wrong_credentials")
  expect(await kindOf(loser, "two", PASSWORD)).toBe("wrong_credentials")
  expect(await kindOf(loser, "two", words[won === 0 ? 0 : 1])).toBe("ok")
})

test("a lost answer is asked for again; without the house nothing changes, and the code is not lost", async () => {
  let cut: "answer" | "request" | undefined
  let lost = 0
  const torn: typeof fetch = async (url, init) => {
    if (!cut || !String(url).endsWith("/password/finish")) return fetch(url, init)
    if (cut === "answer") await fetch(url, init)
    lost++
    if (cut === "answer") cut = undefined
    throw new TypeError("cut off")
  }
  const disk = newDisk()
  const one = person(disk, { fetch: torn })
  const code = await newcomer(one, "torn")
  cut = "answer"
  await one.must("changePassword", { current: PASSWORD, password: NEW })
  expect(lost).toBe(1)
  cut = "request"
  const offline = { ok: false, error: { kind: "offline" } }
  expect(await one.command("changePassword", { current: NEW, password: PASSWORD })).toEqual(offline)
  await one.must("signOut", { forget: false })
  expect(await one.command("recover", { username: "torn", code, password: PASSWORD })).toEqual(offline)
  cut = undefined
  expect(await kindOf(one, "torn", NEW)).toBe("ok")
  await signedIn(one)
  await one.must("signOut", { forget: false })

  // Every answer is lost: the new password holds, and signing in with it shows the new code.
  const deaf: typeof fetch = async (url, init) => {
    const answer = await fetch(url, init)
    if (String(url).endsWith("/password/finish")) throw new TypeError("cut off")
    return answer
  }
  await one.client.stop()
  const later = person(disk, { fetch: deaf })
  expect(await later.command("recover", { username: "torn", code, password: PASSWORD })).toEqual(offline)
  await later.must("signIn", { username: "torn", password: PASSWORD })
  const shown = await later.until("session", undefined, ({ state }) => state === "unconfirmed")
  const next = shown.state === "unconfirmed" ? shown.recoveryCode : ""
  await later.must("confirmRecoveryCode", {})
  const other = person()
  expect(await other.command("recover", { username: "torn", code, password: NEW })).toMatchObject({
    ok: false,
  })
  await other.must("recover", { username: "torn", code: next, password: NEW })
})
