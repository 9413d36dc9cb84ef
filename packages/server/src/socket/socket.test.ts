/** Connections: who gets in, what is refused and how, what a slow or hostile peer costs. */

import { connect } from "node:net"
import { hintTopics } from "@teahouse/protocol/down.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import { up } from "@teahouse/protocol/up.ts"
import { protocolVersion } from "@teahouse/protocol/version.ts"
import { encodeUp } from "@teahouse/protocol/wire.ts"
import { afterEach, expect, test } from "vitest"
import * as z from "zod/mini"
import { onMysql } from "../db/database.fixture.ts"
import { commitOf, id, openTestRoom, random } from "../room/log.fixture.ts"
import { headsOf } from "../room/tail.ts"
import {
  dial,
  enter,
  enterRoom,
  hello,
  member,
  message,
  type Options,
  openSocketHouse,
} from "./socket.fixture.ts"

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function open(options: Options = {}) {
  const house = await openSocketHouse(options)
  undo.push(() => {
    expect(house.errors).toEqual([])
    return house.close()
  })
  return house
}

test("a device that signs the challenge is in; a wrong signature, a foreign session or an old nonce is not", async () => {
  const house = await open()
  const lin = await member(house.db, 0)
  const mei = await member(house.db, 1)
  await enter(house, lin)
  const wrong = [
    async (nonce: Uint8Array) => ({ ...(await hello(house, lin, nonce)), signature: random(64) }),
    async (nonce: Uint8Array) => hello(house, { ...lin, session: mei.session }, nonce),
    async () => hello(house, lin, random(32)),
  ]
  for (const make of wrong) {
    const line = dial(house.url)
    const { nonce } = await line.next("challenge")
    line.say((await make(nonce)) as Awaited<ReturnType<typeof hello>>)
    expect((await line.next("failed")).error.kind).toBe("not_signed_in")
    expect(await line.closed()).toBe(1008)
  }
})

test("an unknown or expired session, and another major version, are said so", async () => {
  const house = await open()
  const late = await member(house.db, 0, 1_000)
  const lin = await member(house.db, 1)
  const cases = [
    [late, {}, "session_expired"],
    [{ ...lin, session: id() }, {}, "session_expired"],
    [lin, { major: 99 }, "unsupported_version"],
  ] as const
  for (const [who, change, kind] of cases) {
    const line = dial(house.url)
    const { nonce } = await line.next("challenge")
    line.say({ ...(await hello(house, who, nonce)), ...change } as Awaited<ReturnType<typeof hello>>)
    expect((await line.next("failed")).error.kind).toBe(kind)
  }
})

test("nothing but a greeting is heard before the greeting", async () => {
  const house = await open()
  const line = dial(house.url)
  await line.next("challenge")
  line.say({ t: "ping" })
  expect((await line.next("failed")).error.kind).toBe("malformed")
  expect(await line.closed()).toBe(1008)
})

test("malformed, oversized and textual frames end their connection and no other", async () => {
  const house = await open({ limits: { frameBytes: 2_000 } })
  const lin = await member(house.db, 0)
  const good = await enter(house, lin)
  const garbage: (Buffer | Uint8Array | string)[] = [
    random(40),
    pack({ t: "nonsense" }),
    pack({ t: "ping", more: 1 }),
    Buffer.concat([encodeUp({ t: "ping" }), Buffer.from([0])]),
    Buffer.alloc(0),
    "text",
  ]
  for (const bytes of garbage) {
    const line = await enter(house, lin)
    line.socket.send(bytes)
    expect((await line.next("failed")).error.kind).toBe("malformed")
    expect(await line.closed()).toBe(1008)
  }
  const line = await enter(house, lin)
  line.socket.send(Buffer.alloc(3_000))
  expect(await line.closed()).toBe(1009)
  good.say({ t: "ping" })
  await good.next("pong")
})

test("a client of a newer minor is heard as far as it is understood; one that does not say so is not", async () => {
  const house = await open()
  const lin = await member(house.db, 0)
  const { major, minor } = protocolVersion
  const greeted = async (more: object) => {
    const line = dial(house.url)
    const { nonce } = await line.next("challenge")
    const said = z.encode(up, await hello(house, lin, nonce)) as object
    line.socket.send(pack({ ...said, major, ...more }))
    return line
  }
  const line = await greeted({ minor: minor + 1, tongue: "zh" })
  await line.next("ready")
  line.socket.send(pack({ t: "shout", text: "tea!" }))
  line.socket.send(pack({ t: "ping", loudly: true }))
  await line.next("pong")
  // What is nothing in any version stays an error.
  line.socket.send(random(40))
  expect((await line.next("failed")).error.kind).toBe("malformed")

  for (const more of [
    { minor, tongue: "zh" },
    { minor: minor + 1, session: 7 },
  ]) {
    const other = await greeted(more)
    expect((await other.next("failed")).error.kind).toBe("malformed")
  }
  const older = await greeted({ major: major + 1, minor: 0, session: 7 })
  expect((await older.next("failed")).error.kind).toBe("unsupported_version")
})

test("what is no WebSocket, or for another path, is answered as HTTP and closed", async () => {
  const house = await open()
  const { port } = new URL(house.url)
  const say = (text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1", () => socket.write(text))
      let heard = ""
      socket.on("data", (data) => {
        heard += data
      })
      socket.on("close", () => resolve(heard))
      socket.on("error", () => {})
    })
  const upgrade = "Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
  const refused = await say(`GET /api/other HTTP/1.1\r\n${upgrade}\r\n`)
  expect(refused).toContain("404")
  expect(refused).toContain("x-content-type-options: nosniff")
  expect(await say(`GET /api/socket HTTP/1.1\r\n${upgrade}Sec-WebSocket-Version: 13\r\n\r\n`)).toContain(
    "400",
  )
})

test("a message is acknowledged to its sender, and everybody gets the same entry, chained and under a signed head", async () => {
  const house = await open()
  const people = [await member(house.db, 0), await member(house.db, 1), await member(house.db, 2)] as const
  const { room } = await openTestRoom(house.db, people)
  const [lin, ...others] = await Promise.all(people.map((who) => enterRoom(house, who, room)))
  if (!lin) throw new Error("nobody came")
  lin.say(message(room, [2, 3]))
  const accepted = await lin.next("accepted")
  expect(accepted.items.map(({ n, seq }) => [n, seq])).toEqual([
    [2, 2],
    [3, 3],
  ])
  const { verifyHead } = await import("@teahouse/protocol/head.ts")
  for (const line of [lin, ...others]) {
    // The first entries frame is the backfill: the opening.
    expect((await line.next("entries")).entries.map((e) => e.seq)).toEqual([1])
    const { entries, head } = await line.next("entries")
    expect(entries.map((e) => [e.seq, e.n, e.device])).toEqual([
      [2, 2, people[0].device],
      [3, 3, people[0].device],
    ])
    expect(entries[1]?.hash).toEqual(accepted.items[1]?.hash)
    expect(head?.seq).toBe(3)
    expect(head && (await verifyHead(house.house.publicKey, room, head))).toBe(true)
  }
})

test("a send with a foreign header, falling numbers, a stale epoch or from a stranger is refused, and the connection goes on", async () => {
  const house = await open()
  const lin = await member(house.db, 0)
  const stranger = await member(house.db, 1)
  const { room } = await openTestRoom(house.db, [lin])
  const line = await enterRoom(house, lin, room)
  const other = message(id(), [2]).items
  const cases: [ReturnType<typeof message>, string][] = [
    [{ ...message(room, [2]), items: other }, "invalid_message"],
    [{ ...message(room, [2]), items: [{ n: 2, body: random(60) }] }, "invalid_message"],
    [{ ...message(room, [2]), epoch: 1 }, "invalid_message"],
    [message(room, [3, 3]), "malformed"],
    [message(room, [0]), "malformed"],
    [message(room, [2], 1), "stale_epoch"],
    [message(id(), [2]), "unknown_room"],
  ]
  for (const [frame, kind] of cases) {
    line.say(frame)
    expect((await line.next("refused")).error.kind).toBe(kind)
  }
  const outside = await enter(house, stranger)
  outside.say(message(room, [2]))
  expect((await outside.next("refused")).error.kind).toBe("unknown_room")
  outside.say({ t: "subscribe", rooms: [{ room, incarnation: 1, seq: 0 }] })
  expect((await outside.next("ended")).error.kind).toBe("unknown_room")
  line.say(message(room, [2]))
  expect((await line.next("accepted")).items[0]?.seq).toBe(2)
})

test("more messages than the device's share are refused with the time to wait", async () => {
  const house = await open({ limits: { sendsPerSecond: 1, sendBurst: 3 } })
  const lin = await member(house.db, 0)
  const { room } = await openTestRoom(house.db, [lin])
  const line = await enterRoom(house, lin, room)
  line.say(message(room, [2, 3, 4]))
  await line.next("accepted")
  line.say(message(room, [5]))
  const { error } = await line.next("refused")
  expect(error.kind).toBe("rate_limited")
  expect(error.retryAfterMs).toBeGreaterThan(0)
})

test("a reader that does not read is cut off, and catches up from the log when it returns; others notice nothing", async () => {
  const house = await open({ limits: { socketQueueBytes: 300_000, logRangeBytes: 100_000 } })
  const people = [await member(house.db, 0), await member(house.db, 1)] as const
  const { room } = await openTestRoom(house.db, people)
  const lin = await enterRoom(house, people[0], room)
  const slow = await enterRoom(house, people[1], room)
  slow.socket.pause()
  let n = 1
  // The kernel takes some megabytes by itself before anything waits in the house.
  while (house.hub.size > 1 && n < 400) {
    lin.say(message(room, [++n], 0, 15_000))
    await lin.next("accepted")
  }
  expect(house.hub.size).toBe(1)
  lin.say({ t: "ping" })
  await lin.next("pong")
  slow.socket.resume()
  expect([1006, 1013]).toContain(await slow.closed())

  const back = await enterRoom(house, people[1], room, 1)
  const heard = back.frames.flatMap((frame) => (frame.t === "entries" ? frame.entries.map((e) => e.seq) : []))
  expect(heard).toEqual(Array.from({ length: n - 1 }, (_, i) => i + 2))
})

test("who is removed by a commit gets that commit and nothing later, live or when it returns", async () => {
  const house = await open()
  const people = [await member(house.db, 0), await member(house.db, 1)] as const
  const { room, roster } = await openTestRoom(house.db, people)
  const lin = await enterRoom(house, people[0], room, 1)
  const gone = await enterRoom(house, people[1], room, 1)
  const args = commitOf(room, people[0], 2, 0, [roster[0] as (typeof roster)[number]])
  const result = await house.db.write("room.commit", args)
  if (!result.ok) throw new Error(result.error.kind)
  const { gone: devices, fresh: _, ...place } = result.value
  house.fanout.tell(room, { ...place, kind: 1, device: people[0].device, n: 2, body: args.commit }, devices)
  lin.say(message(room, [3], 1))
  await lin.next("accepted")
  expect((await gone.next("entries")).entries.map((e) => e.seq)).toEqual([2])
  expect((await gone.next("ended")).error.kind).toBe("not_a_member")
  gone.say({ t: "ping" })
  await gone.next("pong")
  expect(gone.frames).toEqual([])

  const back = await enter(house, people[1])
  back.say({ t: "subscribe", rooms: [{ room, incarnation: 1, seq: 1 }] })
  expect((await back.next("entries")).entries.map((e) => e.seq)).toEqual([2])
  expect((await back.next("ended")).error.kind).toBe("not_a_member")
})

test("an ephemeral message reaches the others who are live in the room, and is not stored", async () => {
  const house = await open()
  const people = [await member(house.db, 0), await member(house.db, 1), await member(house.db, 2)] as const
  const { room } = await openTestRoom(house.db, people.slice(0, 2))
  const [lin, mei] = await Promise.all(people.slice(0, 2).map((who) => enterRoom(house, who, room)))
  const stranger = await enter(house, people[2])
  stranger.say({ t: "ephemeral", room, body: random(5) })
  lin?.say({ t: "ephemeral", room, body: Uint8Array.of(1) })
  const heard = await mei?.next("ephemeral")
  expect([heard?.device, heard && [...heard.body]]).toEqual([people[0].device, [1]])
  lin?.say({ t: "ping" })
  await lin?.next("pong")
  expect(lin?.frames.some((frame) => frame.t === "ephemeral")).toBe(false)
})

test("nothing passes in a room that is not open, typing neither", async () => {
  const house = await open()
  const people = [await member(house.db, 0), await member(house.db, 1)] as const
  const { room } = await openTestRoom(house.db, people)
  const [lin, mei] = await Promise.all(people.map((who) => enterRoom(house, who, room)))
  const say = async (kind: "frozen" | "resumed", n: number) => {
    const [head] = await headsOf(house.db, [room])
    const said = { room, ...people[0], n, notice: random(9), after: head?.hash as Uint8Array, now: 1_000 }
    expect((await house.db.write("room.notice", { ...said, effect: { kind } })).ok).toBe(true)
  }
  await say("frozen", 2)
  lin?.say({ t: "ephemeral", room, body: Uint8Array.of(1) })
  lin?.say({ t: "ping" })
  await lin?.next("pong")
  await say("resumed", 3)
  lin?.say({ t: "ephemeral", room, body: Uint8Array.of(2) })
  const heard = await mei?.next("ephemeral")
  expect(heard && [...heard.body]).toEqual([2])
})

test("a session that ends elsewhere ends its sockets at the next look", async () => {
  const house = await open()
  const lin = await member(house.db, 0)
  const line = await enter(house, lin)
  await house.hub.recheck()
  line.say({ t: "ping" })
  await line.next("pong")
  house.hub.endSessions([lin.session])
  expect((await line.next("failed")).error.kind).toBe("session_expired")
  expect(await line.closed()).toBe(1008)
})

test("everybody is told to read everything again: a word that comes meanwhile counts, and many count once", async () => {
  const house = await open()
  const [lin, mei] = [await member(house.db, 0), await member(house.db, 1)]
  const lines = [await enter(house, lin), await enter(house, mei)]
  for (const _ of [1, 2, 3, 4]) house.hub.readAgain(50)
  for (const line of lines)
    for (const _ of [1, 2]) expect((await line.next("hint")).topics).toEqual(hintTopics)
  house.hub.endSessions([lin.session])
  const line = lines[0]
  await line?.closed()
  expect(line?.frames.map(({ t }) => t)).toEqual(["failed"])
})

test("closing the house tells every client to come back", async () => {
  const house = await open()
  const lin = await member(house.db, 0)
  const line = await enter(house, lin)
  await house.door.close(0)
  expect(await line.closed()).toBe(1012)
  expect(house.door.connections()).toBe(0)
})

const onlySqlite: (name: string, body: () => Promise<void>) => void = onMysql ? () => {} : test
// Whoever runs a database server decides how large it may become.
onlySqlite(
  "a full database refuses messages by name, changes nothing, and what is there can be read",
  async () => {
    const house = await open({ maxPages: 200 })
    const lin = await member(house.db, 0)
    const { room } = await openTestRoom(house.db, [lin])
    const line = await enterRoom(house, lin, room, 1)
    let n = 1
    let refused: string | undefined
    while (!refused && n < 200) {
      line.say(message(room, [++n], 0, 15_000))
      await expect.poll(() => line.frames.some((f) => f.t === "accepted" || f.t === "refused")).toBe(true)
      const at = line.frames.findIndex((f) => f.t === "accepted" || f.t === "refused")
      const frame = line.frames.splice(at, 1)[0]
      if (frame?.t === "refused") refused = frame.error.kind
    }
    expect(refused).toBe("storage_full")
    const again = await enterRoom(house, lin, room, 1)
    const heard = again.frames.flatMap((frame) =>
      frame.t === "entries" ? frame.entries.map((e) => e.n) : [],
    )
    expect(heard).toEqual(Array.from({ length: n - 2 }, (_, i) => i + 2))
  },
)
