/** More and more connections that say nothing: the server's memory, its CPU while nothing happens, and a message of ten pairs among them. */
import { crowd } from "../../test/headless/crowd.ts"
import { known } from "../fanout/teahouse.ts"
import { type Axis, curvesOf } from "./axis.ts"
import { openGrowing, talkingPairs } from "./house.ts"

const ABREAST = 20
const SETTLE_MS = 3_000

export const connections: Axis = async (quick) => {
  const sizes = quick ? [10, 30, 100] : [10, 100, 1_000, 10_000]
  const house = await openGrowing()
  // One message of each kind before anything is counted: what is compiled and loaded then is no connection's.
  await talkingPairs(house.server(), house.folder, "c0", quick)
  const empty = house.server().rss()
  const sockets: Awaited<ReturnType<typeof known>>[] = []
  const found = sizes.map((x) => ({ x, memory: 0, idle: 0, message: 0 }))
  for (const point of found) {
    const people = await crowd(house.url(), point.x - sockets.length, false, `c${point.x}`)
    for (let at = 0; at < people.length; at += ABREAST)
      sockets.push(
        ...(await Promise.all(people.slice(at, at + ABREAST).map((who) => known(house.server(), who)))),
      )
    await new Promise((next) => setTimeout(next, SETTLE_MS))
    const before = house.server().cpuUs()
    await new Promise((next) => setTimeout(next, SETTLE_MS))
    point.idle = (house.server().cpuUs() - before) / (SETTLE_MS / 1_000)
    point.memory = (house.server().rss() - empty) / 1024
    point.message = await talkingPairs(house.server(), house.folder, `t${point.x}`, quick)
  }
  for (const socket of sockets) socket.terminate()
  await house.close()
  const curve = curvesOf(found)
  return [
    {
      file: "connections",
      title: "More and more connections that say nothing",
      axis: "connections",
      curves: [
        curve("memory beyond that of an empty house", "KB", "memory"),
        curve("CPU of each second while nothing happens", "µs", "idle"),
        curve("a message of ten pairs among them, server CPU", "µs", "message"),
      ],
    },
  ]
}
