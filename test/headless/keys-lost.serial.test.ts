/**
 * A house that was restored to before a device was taken away (docs/decisions/46-keys-a-house-has-lost.md): it knows neither the account
 * key that began then nor that the device is gone. Whoever has the newer key seals nothing under an older one, is told, and says all of it
 * again with the next proof of the password.
 */
import { expect, test } from "vitest"
import { houseAndBackups } from "./house-and-backups.ts"
import { signedIn } from "./house-for-each.ts"
import { arriveAsFriends, PASSWORD, type Person } from "./person.ts"

const { person: anybody, backUp, restore } = houseAndBackups()

/** The commit is lost, too: a private chat lets a device in without anybody's word after a minute, which is over by these clocks. */
const person = () => anybody({ clock: () => Date.now() + 120_000 })

const alarmed = (one: Person, on: boolean) =>
  one.until("connection", undefined, ({ alarms }) => alarms.some(({ kind }) => kind === "keys_lost") === on)
const unsafe = (one: Person) => one.until("safekeeping", undefined, (value) => value.unsafe > 0)
const devicesOf = (one: Person, count: number) =>
  one.until("devices", undefined, ({ devices }) => devices.length === count)

async function scene() {
  const [laptop, bo] = [person(), person()]
  const room = await arriveAsFriends(laptop, "lan", bo, "bo")
  await laptop.say(room, "kept")
  await bo.reads(room, ["kept"])
  await laptop.safe()
  return { laptop, bo, room }
}

test("the device is taken away again, and what was sealed under the newer key is kept again", async () => {
  const { laptop, bo, room } = await scene()
  const phone = person()
  await phone.signIn("lan")
  await phone.reads(room, ["kept"])
  const { device } = await signedIn(phone)
  await backUp("last night")
  await laptop.must("revokeDevice", { device, password: PASSWORD })
  await phone.until("session", undefined, ({ state }) => state === "signed_out")
  await laptop.say(room, "after")
  await bo.reads(room, ["kept", "after"])
  await laptop.safe()
  await restore("last night")
  await alarmed(laptop, true)
  await laptop.say(room, "nowhere but here")
  await bo.reads(room, ["kept", "after", "nowhere but here"])
  await unsafe(laptop)
  // It is listed again, and taken away where it is seen.
  await devicesOf(laptop, 2)
  await laptop.must("revokeDevice", { device, password: PASSWORD })
  await devicesOf(laptop, 1)
  await alarmed(laptop, false)
  await laptop.safe()
  const tablet = person()
  await tablet.signIn("lan")
  await tablet.reads(room, ["kept", "after", "nowhere but here"])
  await tablet.say(room, "from the tablet")
  await bo.reads(room, ["kept", "after", "nowhere but here", "from the tablet"])
})

test("signing in again does it too, where the house has forgotten both that the device came and that it went", async () => {
  const { laptop, bo, room } = await scene()
  await backUp("last night")
  const phone = person()
  await phone.signIn("lan")
  await phone.reads(room, ["kept"])
  await laptop.must("revokeDevice", { device: (await signedIn(phone)).device, password: PASSWORD })
  await laptop.say(room, "after")
  await bo.reads(room, ["kept", "after"])
  await laptop.safe()
  const before = (await signedIn(laptop)).device
  await restore("last night")
  await alarmed(laptop, true)
  await laptop.reads(room, ["kept", "after"])
  await laptop.must("signOut", { forget: false })
  await laptop.signIn("lan")
  expect((await signedIn(laptop)).device).toBe(before)
  await alarmed(laptop, false)
  await laptop.say(room, "on")
  await bo.reads(room, ["kept", "after", "on"])
  await laptop.safe()
  const tablet = person()
  await tablet.signIn("lan")
  await tablet.reads(room, ["kept", "after", "on"])
})
