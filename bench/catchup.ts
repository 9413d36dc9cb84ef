/** Somebody was away: how long until all that was said is here, read and stored, on the client core alone (memory store), and the CPU of both sides. */

import { befriend, newDisk, openPerson, textsOf } from "../test/headless/person.ts"
import { type House, openHouse } from "../test/house.ts"
import { cpuUs, type Print, round } from "./measure.ts"

const PATIENCE_MS = 240_000

export async function catchup(print: Print, quick: boolean): Promise<void> {
  const many = "10000000"
  const environment = {
    ...{
      TEAHOUSE_STRETCHING: "8,1,1",
      TEAHOUSE_LIMIT_SENDS_PER_SECOND: many,
      TEAHOUSE_LIMIT_SEND_BURST: many,
    },
  }
  const house: House = await openHouse({ environment })
  try {
    const disk = newDisk()
    const [lan, first] = [openPerson(house.url), openPerson(house.url, disk)]
    await lan.register("lan")
    await first.register("bo")
    const room = await befriend(lan, "lan", first, "bo")
    for (const count of quick ? [10, 100, 400] : [10, 100, 1_000, 4_000]) {
      const away = count === 10 ? first : openPerson(house.url, disk)
      await away.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.room === room))
      await away.client.stop()
      for (let n = 0; n < count; n++) await lan.say(room, `${count} line ${n}`)
      const last = `${count} line ${count - 1}`
      await all(lan, room, last)
      const [began, before] = [performance.now(), cpuUs()]
      const back = openPerson(house.url, disk)
      await all(back, room, last)
      print({
        ...{ bench: "catchup", case: `messages${count}`, server: "teahouse" },
        ...{ ms: round(performance.now() - began), cpuUsPerMsg: round((cpuUs() - before) / count) },
      })
      await back.client.stop()
    }
    await lan.client.stop()
  } finally {
    await house.remove()
  }
}

/** Until this line is stored, and so all before it. */
function all(
  one: ReturnType<typeof openPerson>,
  room: Parameters<typeof one.say>[0],
  line: string,
): Promise<void> {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error(`${line} never came`)), PATIENCE_MS)
    const stop = one.client.subscribe("timeline", { room, around: "end", limit: 20 }, ({ items }) => {
      if (!textsOf(items.filter((item) => item.seq !== undefined)).includes(line)) return
      clearTimeout(timer)
      setTimeout(() => stop())
      done()
    })
  })
}
