/**
 * One room of more and more members: a message, beside the bare loop of `ws`; and what a change of the group costs the house, which judges
 * it, and whoever makes it. A group of so many members is one of so many devices: the house and MLS know nothing else.
 */
import { join } from "node:path"
import { commit } from "@teahouse/judge/cases/world.fixture.ts"
import { encodeUp } from "@teahouse/protocol/wire.ts"
import { callerOf, type Speaker, type TestPerson } from "@teahouse/server/http/house.fixture.ts"
import { privateMessage, random } from "@teahouse/server/room/log.fixture.ts"
import { crowd } from "../../test/headless/crowd.ts"
import { createMeter, type Meter } from "../fanout/load.ts"
import { openPlain } from "../fanout/plain.ts"
import type { Running } from "../fanout/process.ts"
import { type BenchRoom, type OwnedRoom, post, roomOf } from "../fanout/room.ts"
import { enter, entriesIn } from "../fanout/teahouse.ts"
import { cpuUs } from "../measure.ts"
import { type Axis, curvesOf } from "./axis.ts"
import { openGrowing, perMessage, talkingPairs } from "./house.ts"

const BODY = 200
const MANY = 50

export const members: Axis = async (quick) => {
  const sizes = quick ? [2, 10, 30] : [2, 10, 30, 100, 300, 1_000]
  const house = await openGrowing()
  await talkingPairs(house.server(), house.folder, "warm", quick)
  const found = sizes.map((x) => ({ x, alone: 0, together: 0, plain: 0, ...none }))
  for (const point of found) {
    const people = await crowd(house.url(), point.x, false, `m${point.x}`)
    const room = await roomOf(house.url(), join(house.folder, "house.db"), people)
    const changed = await changes(house.server(), house.url(), room, quick ? 3 : 10)
    Object.assign(point, changed.cost)
    const { meter, close } = await talkIn(house.server(), changed.room)
    point.alone = await perMessage(meter, house.server(), 1, quick)
    point.together = await perMessage(meter, house.server(), Math.min(MANY, point.x), quick)
    close()
    const plain = await openPlain("ws", point.x, BODY)
    point.plain = await perMessage(plain.meter, plain.server, 1, quick)
    await plain.close()
  }
  await house.close()
  const curve = curvesOf(found)
  return [
    {
      file: "members",
      title: "One message in a room of more and more members",
      axis: "members",
      curves: [
        curve("teahouse, one message under way, server CPU", "µs", "alone"),
        curve("teahouse, up to 50 under way, server CPU", "µs", "together"),
        curve("ws, one under way, server CPU", "µs", "plain"),
      ],
    },
    {
      file: "devices",
      title: "One change of the group in a room of more and more devices",
      axis: "devices",
      curves: [
        curve("the house takes a commit, CPU", "µs", "judging"),
        curve("a client makes it, CPU", "µs", "making"),
        curve("the commit", "bytes", "commitBytes"),
        curve("the GroupInfo for those who come", "bytes", "groupInfoBytes"),
      ],
    },
  ]
}

const none = { judging: 0, making: 0, commitBytes: 0, groupInfoBytes: 0 }

/** Commits that change nothing but the owner's keys: the least that a change can be. */
async function changes(server: Running, url: string, room: OwnedRoom, count: number) {
  const speaker: Speaker = { call: callerOf(url) }
  const { token } = room.people[0] as TestPerson
  let { mls, epoch } = room
  const cost = { ...none }
  for (let i = 0; i < count; i++) {
    const began = cpuUs()
    const made = await commit(mls, [])
    cost.making += (cpuUs() - began) / count
    cost.commitBytes = made.commit.length
    cost.groupInfoBytes = made.groupInfo.length
    const before = server.cpuUs()
    mls = await post(speaker, token, room.room, epoch, made)
    cost.judging += (server.cpuUs() - before) / count
    epoch++
  }
  return { room: { ...room, mls, epoch }, cost }
}

async function talkIn(server: Running, { room, epoch, people }: BenchRoom) {
  const sockets: Awaited<ReturnType<typeof enter>>[] = []
  // Those before have a number for each commit.
  const numbers = people.map(() => epoch + 10)
  const payload = random(BODY - 67)
  const meter: Meter = createMeter({
    members: people.length,
    read: entriesIn,
    send(sender) {
      const n = numbers[sender] as number
      numbers[sender] = n + 1
      const items = [{ n, body: privateMessage(room, 0, epoch, payload) }]
      sockets[sender]?.send(encodeUp({ t: "send", room, generation: 0, epoch, items }))
      return `${(people[sender] as TestPerson).device.device}${n}`
    },
  })
  for (const who of people) sockets.push(await enter(server, { room, epoch, people }, who, meter))
  const close = () => {
    for (const socket of sockets) socket.terminate()
  }
  return { meter, close }
}
