import { expect, test } from "vitest"
import { groupOf } from "./group-of-three.ts"
import { houseForEach } from "./house-for-each.ts"
import { eventsOf, type Person } from "./person.ts"
import { type Poison, poisonous } from "./poison.ts"
import { type Tamper, tampered } from "./tamper.ts"

const { person, rows } = houseForEach({ commitIntervalMs: 100, commitBurst: 20 })

/** lan owns a group with bo, whose client waits before a group when `held` says so, and with the admin eve, who posts bad commits and gives nothing. */
async function group(pastAfterMs: number) {
  const poison: Poison = { on: false, commits: [] }
  const held = { lan: false, bo: false }
  const asks = { bo: 0 }
  const late = (who: keyof typeof held) => async (url: string, init?: RequestInit) => {
    while (held[who] && url.endsWith("/group-info")) await new Promise((done) => setTimeout(done, 20))
    return fetch(url, init)
  }
  const said: Tamper = {
    up(frame) {
      if (frame.t === "send") asks.bo++
      return frame
    },
  }
  const lan = person({ pace: { pastAfterMs }, jitter: () => 0.9, fetch: late("lan") })
  const bo = person({ fetch: late("bo"), openSocket: tampered(said) })
  const eve = person({ pace: { pastAfterMs: 3_600_000 }, crypto: poisonous(poison) })
  const room = await groupOf({ lan, bo, eve })
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
  /** bo is not in again when lan says it. */
  const between = async () => {
    held.bo = true
    await sabotage(7)
    await returned(lan, 1)
    await lan.say(room, "between")
    await lan.reads(room, ["before", "between"])
  }
  return { lan, bo, room, held, asks, sabotage, returned, between }
}

test("what was said between two bad commits is read by who came back between them, and was not given it then", async () => {
  const { lan, bo, room, held, sabotage, returned, between } = await group(2_000)
  await between()
  held.bo = false
  await returned(bo, 1)
  await sabotage(8)
  for (const one of [lan, bo]) await returned(one, 2)
  await bo.reads(room, ["before", "between"])
})

test("… and by who was back before anybody who has it, and had asked when nobody could hear", async () => {
  const { lan, bo, room, held, asks, sabotage, returned, between } = await group(100)
  await between()
  held.lan = true
  await sabotage(8)
  const before = asks.bo
  held.bo = false
  await returned(bo, 1)
  await expect.poll(() => asks.bo).toBeGreaterThan(before)
  held.lan = false
  await returned(lan, 2)
  await bo.reads(room, ["before", "between"])
})
