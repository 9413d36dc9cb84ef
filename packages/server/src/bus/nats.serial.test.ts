/** The bus over a real nats-server: the contract, and what happens when the server goes away and comes back. */
import { connect } from "@nats-io/transport-node"
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { hasNats, type Nats, startNats } from "../../../../test/nats.ts"
import { need } from "../../../../test/need.ts"
import { busContract } from "./contract.fixture.ts"
import { createNatsBus, type NatsBus } from "./nats.ts"
import { type BusMessage, HOUSE_TOPIC, roomTopic } from "./port.ts"

const id = (at: number): Id => idFrom(new Uint8Array(16).fill(at))
const house = id(7)
const room = id(1)

describe.runIf(need("nats-server", hasNats))("over NATS", () => {
  let server: Nats
  beforeAll(async () => {
    server = await startNats(["--user", "tea", "--pass", "le af"])
  })
  afterAll(() => server?.stop())

  const urlOf = (nats: Nats) => `nats://tea:le%20af@127.0.0.1:${nats.port}`
  const open = (states: string[] = [], of: Id = house): NatsBus =>
    createNatsBus({
      url: urlOf(server),
      house: of,
      // The contract has a listener that throws.
      onError: () => {},
      onState: (state) => states.push(state),
    })
  const connected = (...buses: readonly NatsBus[]) =>
    expect.poll(() => buses.every((bus) => bus.connected)).toBe(true)
  const settleOf =
    (...buses: readonly NatsBus[]) =>
    async () => {
      for (const bus of buses) await bus.flushed()
      await new Promise((next) => setImmediate(next))
    }

  busContract("nats", async () => {
    const [here, there] = [open(), open()]
    await connected(here, there)
    return { here, there, settle: settleOf(here, there) }
  })

  it("two houses on one server do not hear each other", async () => {
    const [here, other] = [open(), open([], id(8))]
    await connected(here, other)
    const settle = settleOf(here, other)
    let heard = 0
    other.subscribe(HOUSE_TOPIC, () => heard++)
    await settle()
    here.publish(HOUSE_TOPIC, { kind: "alive", node: id(1), leaving: false })
    await settle()
    expect(heard).toBe(0)
    await Promise.all([here.close(), other.close()])
  })

  it("what is larger than the server takes is told without its content", async () => {
    const [here, there] = [open(), open()]
    await connected(here, there)
    const settle = settleOf(here, there)
    const heard: BusMessage[] = []
    there.subscribe(roomTopic(room), (message) => heard.push(message))
    await settle()
    const entries = { kind: "entries", room, from: 3, to: 9, gone: [] } as const
    here.publish(roomTopic(room), { ...entries, frame: new Uint8Array(2 * 1024 * 1024) })
    const small = { ...entries, frame: new Uint8Array(512 * 1024) }
    here.publish(roomTopic(room), small)
    await settle()
    expect(heard).toEqual([{ kind: "reached", room, to: 9 }, small])
    await Promise.all([here.close(), there.close()])
  })

  it("what a server does not take in time is left out, and the others are told that they have missed something", async () => {
    const [here, there] = [open(), open()]
    await connected(here, there)
    // As every node does.
    there.subscribe(HOUSE_TOPIC, () => {})
    await settleOf(here, there)()
    let gaps = 0
    there.onGap(() => gaps++)
    server.pause()
    const frame = new Uint8Array(900 * 1024)
    for (let at = 1; at <= 60; at++)
      here.publish(roomTopic(room), { kind: "entries", room, from: at, to: at, frame, gone: [] })
    server.resume()
    await expect.poll(() => gaps).toBe(1)
    await Promise.all([here.close(), there.close()])
  })

  it("a message that is none is dropped and said, and the next is heard", async () => {
    const states: string[] = []
    const bus = open(states)
    await connected(bus)
    const heard: BusMessage[] = []
    bus.subscribe(HOUSE_TOPIC, (message) => heard.push(message))
    await bus.flushed()
    const stranger = await connect({ servers: `127.0.0.1:${server.port}`, user: "tea", pass: "le af" })
    stranger.publish(`teahouse.${house}.house`, "no message")
    const other = open()
    await connected(other)
    await stranger.flush()
    other.publish(HOUSE_TOPIC, { kind: "push_subscribed" })
    await expect.poll(() => heard).toEqual([{ kind: "push_subscribed" }])
    expect(states).toContain("broken_message")
    await stranger.close()
    await Promise.all([bus.close(), other.close()])
  })

  it("opens without the server, goes on without it, comes back, and says each", async () => {
    await server.stop()
    const states: string[] = []
    const [here, there] = [open(states), open()]
    let gaps = 0
    there.onGap(() => gaps++)
    const heard: BusMessage[] = []
    there.subscribe(roomTopic(room), (message) => heard.push(message))
    const own: BusMessage[] = []
    here.subscribe(roomTopic(room), (message) => own.push(message))
    here.publish(roomTopic(room), { kind: "reached", room, to: 1 })
    await expect.poll(() => own.length).toBe(1)
    await expect.poll(() => states).toEqual(["away"])
    expect(here.connected).toBe(false)

    for (const turn of [1, 2]) {
      await server.start()
      await connected(here, there)
      await settleOf(here, there)()
      expect(gaps).toBe(turn)
      here.publish(roomTopic(room), { kind: "reached", room, to: turn })
      await expect.poll(() => heard.length).toBe(turn)
      await server.stop()
      await expect.poll(() => here.connected || there.connected).toBe(false)
      // Not kept for later: it would be as many as there is time.
      here.publish(roomTopic(room), { kind: "reached", room, to: 99 })
    }
    expect(states).toEqual(["away", "connected", "away", "connected", "away"])
    await expect.poll(() => own.length).toBe(5)
    await Promise.all([here.close(), there.close()])
    await server.start()
  })

  it("a password that the server does not take is said, and tried again until it does", async () => {
    await server.stop()
    await server.start(["--user", "tea", "--pass", "another"])
    const states: string[] = []
    const bus = open(states)
    await expect.poll(() => states).toEqual(["away"])
    await server.stop()
    await server.start()
    await connected(bus)
    await bus.close()
  })
})
