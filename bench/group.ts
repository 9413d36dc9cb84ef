/**
 * A group of 500 people through the real client core and a real house: how long it takes to make it, what is sent for that, how
 * long to come into it, what a message and a removal cost in it, and that the 1,001st is refused in words. Only its maker and
 * the one who comes last have clients; the others have accounts and key packages, as somebody who is asleep has. The house's
 * rates are raised: with its own, fetching people is what takes the time (limits.claimsPerMinute).
 */
import { join } from "node:path"
import type { Fetch } from "@teahouse/client/platform.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { tempDir } from "@teahouse/server/room/log.fixture.ts"
import { befriendAll, crowd } from "../test/headless/crowd.ts"
import { befriend, newDisk, openPerson, type Person } from "../test/headless/person.ts"
import { type Running, start } from "./fanout/process.ts"
import { cpuUs, type Print, round } from "./measure.ts"

const MESSAGES = 50
const PATIENCE_MS = 600_000

export async function group(print: Print, quick: boolean): Promise<void> {
  const members = quick ? 150 : 500
  const folder = tempDir()
  const server = await start("teahouse", folder.path)
  const url = `http://127.0.0.1:${server.port}`
  const wire = countCommits()
  const disk = newDisk()
  const lan = openPerson(url, newDisk(), { fetch: wire.fetch })
  let eve = openPerson(url, disk)
  const line = (what: string) => ({ bench: "group", case: what, server: "teahouse", members })
  try {
    const maker = await arrive(lan, "lan")
    const last = await arrive(eve, "eve")
    await befriend(lan, "lan", eve, "eve")
    await eve.client.stop()
    const others = await crowd(url, quick ? members - 2 : limits.roomDevices)
    befriendAll(join(folder.path, "house.db"), maker, others)
    const [inside, outside] = [others.slice(0, members - 2), others.slice(members - 2)]

    const making = meter(server)
    const { room } = await lan.must("createGroup", {
      name: "Village",
      members: [...inside.map(({ person }) => person.user), last],
    })
    await counted(lan, room, members)
    print({ ...line("make"), ...making(), ...wire.taken() })

    const joining = meter(server)
    eve = openPerson(url, disk)
    await counted(eve, room, members)
    print({ ...line("join"), ...joining() })

    const talking = meter(server)
    for (let i = 0; i < MESSAGES; i++) {
      await eve.say(room, `line ${i}`)
      await lan.timeline(room, (items) => items.some((item) => "text" in item && item.text === `line ${i}`))
    }
    print({ ...line(`${MESSAGES} messages, one after another, both clients`), ...talking() })

    const removing = meter(server)
    await lan.must("removeFromGroup", { room, user: (inside[0] as (typeof inside)[0]).person.user })
    await counted(eve, room, members - 1)
    print({ ...line("remove one"), ...removing(), ...wire.taken() })
    if (quick) return

    const filling = meter(server)
    const guests = outside.map(({ person }) => person.user)
    for (let at = 0; at < guests.length; ) {
      const some = guests.slice(at, at + limits.addsPerCommit)
      const space = limits.roomDevices - (members - 1) - at
      await lan.must("inviteToGroup", { room, users: some.slice(0, space) })
      at += some.length
    }
    await counted(eve, room, limits.roomDevices)
    print({ ...line("fill"), ...filling(), ...wire.taken(), members: limits.roomDevices })
    const refused = await lan.command("inviteToGroup", { room, users: guests.slice(-1) })
    print({
      ...line(`one more: ${refused.ok ? "let in" : refused.error.kind}`),
      members: limits.roomDevices,
    })
  } finally {
    await Promise.all([lan.client.stop(), eve.client.stop()])
    await server.stop()
    folder.remove()
  }
}

async function arrive(one: Person, name: string): Promise<Id> {
  await one.register(name)
  const session = await one.until("session", undefined, (value) => value.state === "signed_in")
  if (session.state !== "signed_in") throw new Error("not signed in")
  return session.user
}

/** Until this client has the group with so many members. */
function counted(one: Person, room: Id, members: number): Promise<void> {
  return new Promise((done, failed) => {
    let seen = "nothing"
    const timer = setTimeout(() => failed(new Error(`not ${members} members but ${seen}`)), PATIENCE_MS)
    const stop = one.client.subscribe("room", { room }, (value) => {
      seen = value.state === "here" ? String(value.members.length) : value.state
      if (value.state !== "here" || value.members.length !== members) return
      clearTimeout(timer)
      setTimeout(() => stop())
      done()
    })
  })
}

function meter(server: Running) {
  const [began, client, house] = [performance.now(), cpuUs(), server.cpuUs()]
  return () => ({
    ms: round(performance.now() - began),
    cpuMs: round((cpuUs() - client) / 1000),
    houseCpuMs: round((server.cpuUs() - house) / 1000),
  })
}

type Bundle = { readonly commit: string; readonly groupInfo: string; readonly welcome?: string }

/** What the commits hold that go through this `fetch`: how many, and the largest of each part. */
function countCommits() {
  let seen: Bundle[] = []
  const kb = (of: (bundle: Bundle) => string | undefined) =>
    round(Math.max(...seen.map((bundle) => ((of(bundle) ?? "").length * 3) / 4 / 1024)))
  const taking: Fetch = (address, init) => {
    if (/\/rooms(\/[^/]+\/commits)?$/.test(String(address)) && typeof init?.body === "string") {
      const body = JSON.parse(init.body) as Bundle & { first?: Bundle }
      const bundle = body.first ?? body
      if (bundle.commit) seen.push(bundle)
    }
    return fetch(address, init)
  }
  return {
    fetch: taking,
    /** Since it was asked last. */
    taken() {
      const sizes = {
        commits: seen.length,
        commitKb: kb((one) => one.commit),
        welcomeKb: kb((one) => one.welcome),
        groupInfoKb: kb((one) => one.groupInfo),
      }
      seen = []
      return sizes
    },
  }
}
