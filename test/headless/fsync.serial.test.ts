/**
 * The program on a disk whose fsync fails (strace): people wait and lose nothing, and whoever runs the house is told what to do. One house
 * and two people, one scene after the other.
 */
import { randomBytes } from "node:crypto"
import type { MessageItem, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { canFailSyncs, failingFromTheStart, failSyncs } from "../strace.ts"
import { befriend, openPerson, type Person, textsOf } from "./person.ts"

/** docs/operate.md */
const DISK_FAILED = 20
const environment = { TEAHOUSE_STRETCHING: "8,1,1" }
const traced = need("strace, with leave to trace (errors of fsync)", canFailSyncs)

describe.runIf(traced)("a disk that does not keep what it was given", () => {
  let house: House
  let lan: Person
  let bo: Person
  let room: Id
  const again = (within: readonly string[] = []) =>
    openHouse({ data: house.data, port: house.port, environment, within })
  const bothRead = (...texts: string[]) => Promise.all([lan, bo].map((one) => one.reads(room, texts)))

  beforeAll(async () => {
    house = await openHouse({ environment })
    lan = openPerson(house.url)
    bo = openPerson(house.url)
    await lan.register("lan")
    await bo.register("bo")
    room = await befriend(lan, "lan", bo, "bo")
  })
  afterAll(async () => {
    await Promise.all([lan.client.stop(), bo.client.stop()])
    await house.remove()
    expect([...lan.bugs, ...bo.bugs]).toEqual([])
  })

  test("of a file: it is sent again and there byte for byte, the house says what is wrong and goes on", async () => {
    const file = new Uint8Array(randomBytes(100_000))
    const fault = await failSyncs(house.pid, { call: "fdatasync", when: "1" })
    await lan.must("sendFiles", { room, files: [{ source: new Blob([file]), name: "tea.bin", type: "" }] })
    await bothRead("tea.bin")
    await fault.end()
    expect(house.output()).toContain("Files are sent again later")
    const { items } = await bo.timeline(room, (all) => fileIn(all) !== undefined)
    const { key, seq = 0 } = fileIn(items) as MessageItem
    const { url } = await bo.must("openFile", { room, key, seq })
    const read = await bo.client.files.read(url.split("/").at(-1) as string, 0, file.length)
    expect(read).toEqual(file)
  })

  test("of a COMMIT, once: the house ends in order and says why; what was not acknowledged waits, and comes when it is open again", async () => {
    const fault = await failSyncs(house.pid, { when: "1" })
    await lan.say(room, "one")
    await expect.poll(() => house.output()).toContain("is not sure of what was written (fsync)")
    expect(await house.ended()).toBe(DISK_FAILED)
    await fault.end()
    expect(house.output()).toContain("没有确认写入（fsync）")
    const { items } = await lan.timeline(room, (all) => textsOf(all).includes("one"))
    expect(items.at(-1)).toMatchObject({ text: "one", delivery: "waiting" })
    expect(items.at(-1)).not.toHaveProperty("seq")

    house = await again()
    await bothRead("tea.bin", "one")
  })

  test("of everything, for ever: it does not open and says what to do; on a disk that is well it has everything", async () => {
    await house.kill()
    await lan.say(room, "two")
    await expect(again(failingFromTheStart())).rejects.toThrow(
      new RegExp(`ended \\(${DISK_FAILED}\\)[^]*Check the disk`),
    )
    house = await again()
    await bo.say(room, "three")
    await lan.timeline(room, (all) => ["one", "two", "three"].every((text) => textsOf(all).includes(text)))
    await bo.timeline(room, (all) => textsOf(all).length === 4)
  })
})

const fileIn = (items: readonly TimelineItem[]): MessageItem | undefined =>
  items.find((item): item is MessageItem => item.type === "message" && item.body.kind === "file")
