/**
 * While a device looks for its way back into a room that a saboteur made everybody lose, the others talk on. What they say then it gets from
 * them, also where all lose the room once more before anybody could give it.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { houseForEach } from "./house-for-each.ts"
import { befriend, eventsOf, type Person } from "./person.ts"
import { type Poison, poisonous } from "./poison.ts"

const { person, rows } = houseForEach({ commitIntervalMs: 100, commitBurst: 20 })

test("what was said between two bad commits is read by who was not in again between them", async () => {
  const poison: Poison = { on: false, commits: [] }
  let held = false
  const late: typeof fetch = async (url, init) => {
    while (held && String(url).endsWith("/group-info")) await new Promise((done) => setTimeout(done, 20))
    return fetch(url, init)
  }
  // Nobody gives anything before the second one is there.
  const slow = { pace: { pastAfterMs: 2_000 }, jitter: () => 0.9 }
  const lan = person(slow)
  const bo = person({ fetch: late })
  const eve = person({ ...slow, crypto: poisonous(poison) })
  await lan.register("lan")
  await bo.register("bo")
  await eve.register("eve")
  await befriend(lan, "lan", bo, "bo")
  await befriend(lan, "lan", eve, "eve")
  const { friends } = await lan.until("contacts", undefined, (value) => value.friends.length === 2)
  const { room } = await lan.must("createGroup", { name: "Tea", members: friends.map(({ user }) => user) })
  const evil = friends.find(({ username }) => username === "eve")?.user as Id
  await lan.must("setAdmin", { room, user: evil, on: true })
  await lan.say(room, "before")
  for (const one of [bo, eve]) await one.reads(room, ["before"])

  const sabotage = async (days: number) => {
    poison.commits.length = 0
    void eve.command("setPastRule", { room, days })
    const placed = () =>
      poison.commits.some((body) => rows("SELECT 1 FROM entry WHERE kind = 1 AND body = ?", body).length)
    // One that another's commit came before is none.
    const done = () => {
      poison.on = !placed()
      return poison.on
    }
    await expect.poll(done).toBe(false)
  }
  const returned = (one: Person, times: number) =>
    one.timeline(room, (all) => eventsOf(all).filter((kind) => kind === "rejoined").length >= times)

  held = true
  await sabotage(7)
  await returned(lan, 1)
  await lan.say(room, "between")
  await lan.reads(room, ["before", "between"])
  held = false
  await returned(bo, 1)
  await sabotage(8)
  for (const one of [lan, bo]) await returned(one, 2)
  await bo.reads(room, ["before", "between"])
})
