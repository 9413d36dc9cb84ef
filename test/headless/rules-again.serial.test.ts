/**
 * Roles, rules and links of a group that a restored house has lost are set again, each by who had set it
 * (docs/decisions/33-a-house-behind-its-members.md).
 */
import { expect, test } from "vitest"
import { houseAndBackups } from "./house-and-backups.ts"
import { signedIn } from "./house-for-each.ts"
import { befriend, type Person } from "./person.ts"

const { person, backUp, restore } = houseAndBackups()

const hasty = () => person({ pace: { complainAfterMs: 300 } })

test("who may what in a group, and the links into it, are again as they were set last, also by an admin who was none in the backup", async () => {
  const [lan, bo, mei] = [hasty(), hasty(), hasty()]
  for (const [one, name] of [
    [lan, "lan"],
    [bo, "bo"],
    [mei, "mei"],
  ] as const)
    await one.register(name)
  await befriend(lan, "lan", bo, "bo")
  await befriend(lan, "lan", mei, "mei")
  const user = async (one: Person) => (await signedIn(one)).user
  const admin = await user(bo)
  const { room } = await lan.must("createGroup", { name: "Tea", members: [admin, await user(mei)] })
  for (const one of [lan, bo, mei])
    await one.until("room", { room }, (now) => now.state === "here" && now.members.length === 3)
  const old = await lan.must("createLink", { room, days: 7, approval: false })
  const linked = (one: Person, links: readonly string[]) =>
    one.until(
      "room",
      { room },
      (now) =>
        now.state === "here" && JSON.stringify(now.links.map(({ link }) => link)) === JSON.stringify(links),
    )
  const before = await linked(lan, [old.link])
  await linked(mei, [old.link])
  await lan.say(room, "kept")
  for (const one of [lan, bo, mei]) await one.reads(room, ["kept"])
  await backUp("last night")

  await lan.must("setAdmin", { room, user: admin, on: true })
  await bo.until("room", { room }, (now) => now.state === "here" && now.role === "admin")
  await bo.must("setInviteRule", { room, invite: "admins" })
  await lan.must("setPastRule", { room, days: 30 })
  if (before.state !== "here") throw new Error("no chat")
  await lan.must("revokeLink", { room, link: before.links[0]?.id as never })
  const fresh = await lan.must("createLink", { room, days: 7, approval: true })
  const asSet = (one: Person) =>
    one.until(
      "room",
      { room },
      (now) =>
        now.state === "here" &&
        now.invite === "admins" &&
        now.pastDays === 30 &&
        now.members.find((member) => member.user === admin)?.role === "admin" &&
        JSON.stringify(now.links.map(({ link }) => link)) === JSON.stringify([fresh.link]),
    )
  for (const one of [lan, bo, mei]) await asSet(one)

  await restore("last night")
  for (const one of [lan, bo, mei])
    await one.until("connection", undefined, ({ alarms }) => alarms.some((each) => each.room === room))
  await mei.say(room, "goes on")
  for (const one of [lan, bo, mei]) {
    await one.reads(room, ["kept", "goes on"])
    await asSet(one)
  }
  // The page before joining shows the group by it.
  const look = await mei.must("lookAtLink", { link: fresh.link })
  expect(look.name).toBe("Tea")
})
