/**
 * Who may do what: every route of the protocol's tables × everybody who may knock, against a real house. A route without a row
 * fails, and so does a row whose route asks for less than the row says. Rows run in order, on one house.
 */

import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { type ErrorKind, errors } from "@teahouse/protocol/error.ts"
import { adminRoutes } from "@teahouse/protocol/http/admin.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { up } from "@teahouse/protocol/up.ts"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { idOf, type TestPerson } from "../http/house.fixture.ts"
import { accountRows } from "./account.fixture.ts"
import { adminRows } from "./admin-rows.fixture.ts"
import { fileRows } from "./files.fixture.ts"
import { frameRows, greetings } from "./frames.fixture.ts"
import { greeted } from "./greet.fixture.ts"
import { peopleRows } from "./people-rows.fixture.ts"
import { roomRows } from "./room-rows.fixture.ts"
import { expected, type Row, type Rows } from "./row.fixture.ts"
import { type Caller, callers, openWorld, type World } from "./world.fixture.ts"

const table = { ...routes, ...adminRoutes }
type Name = keyof typeof table
const rows: Record<Name, Rows> = { ...accountRows, ...peopleRows, ...roomRows, ...adminRows }

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.house.remove())

async function answerOf(name: Name, row: Row, caller: Caller): Promise<string> {
  await world.prove()
  // Nobody asks for what a stranger would.
  const who = (world.who(caller) ?? world.who("stranger")) as TestPerson
  const { token = world.who(caller)?.token, ...given } = await row.ask(world, who, caller)
  const { status, value, refusal } = await world.house.call(name, {
    ...given,
    ...(token ? { token } : {}),
  } as never)
  if (status !== 200) return refusal.kind
  await row.after?.(world)
  return row.saw ? await row.saw(value as never, world, caller) : "ok"
}

describe("every route has its row, and every row its route", () => {
  it("of the same door", () => {
    expect(Object.keys(rows).sort()).toEqual(Object.keys(table).sort())
    const doors = Object.entries(rows).map(([name, found]) => [name, [found].flat()[0]?.door])
    expect(Object.fromEntries(doors)).toEqual(
      Object.fromEntries(Object.entries(table).map(([name, { access }]) => [name, access])),
    )
  })
})

const names = Object.keys(table) as Name[]
describe("who may", () => {
  it.each(names)("%s", async (name) => {
    for (const row of [rows[name] ?? []].flat() as Row[]) {
      await row.before?.(world)
      const asked = row.only ?? callers
      const answers: [Caller, string][] = []
      for (const caller of asked) answers.push([caller, await answerOf(name, row, caller)])
      expect(Object.fromEntries(answers)).toEqual(
        Object.fromEntries(asked.map((caller) => [caller, expected(row, caller)])),
      )
    }
  })
})

const frames = up.def.options.flatMap((one) => one.def.shape.t.def.values)
describe("who may say", () => {
  it("no frame before a greeting, and none at all with a session that is not good for it", async () => {
    const answers: [Caller, string][] = []
    for (const caller of callers) {
      const { line, answer } = await greeted(world.house, await idOf(world.house), world.who(caller))
      line.socket.close()
      answers.push([caller, answer])
    }
    expect(Object.fromEntries(answers)).toEqual(
      Object.fromEntries(callers.map((caller) => [caller, greetings[caller] ?? "ready"])),
    )
    expect(Object.keys(frameRows).sort()).toEqual([...frames].sort())
  })

  it.each(frames)("%s", async (kind) => {
    const row = frameRows[kind]
    const house = await idOf(world.house)
    const { line: ears } = await greeted(world.house, house, world.who("owner"))
    ears.say({ t: "subscribe", rooms: [{ room: world.room, incarnation: 1, seq: world.said }] })
    await ears.next("live")
    const asked = callers.filter((caller) => !greetings[caller])
    const answers: [Caller, string][] = []
    for (const caller of asked) {
      const who = world.who(caller) as TestPerson
      const { line } = await greeted(world.house, house, who)
      answers.push([caller, await row.ask(world, line, who, ears)])
      line.socket.close()
    }
    ears.socket.close()
    expect(Object.fromEntries(answers)).toEqual(
      Object.fromEntries(asked.map((caller) => [caller, row.answers[caller] ?? row.answers.rest])),
    )
  })
})

describe("whose files", () => {
  it.each(Object.keys(fileRows))("%s", async (name) => {
    const row = fileRows[name] as (typeof fileRows)[string]
    const answers: [Caller, string][] = []
    for (const caller of callers) {
      await world.prove()
      const token = world.who(caller)?.token
      const { headers, ...asked } = row.ask(world)
      const bearer: Record<string, string> = token ? { authorization: `Bearer ${toBase64url(token)}` } : {}
      const method = name.split(" ")[0] as string
      const { status } = await world.house.raw({ ...asked, method, headers: { ...headers, ...bearer } })
      answers.push([caller, String(status)])
    }
    // Not every answer has a body: of a refusal the status.
    const said = (caller: Caller) => {
      const word = expected({ ...row, ask: () => ({}) }, caller) ?? ""
      return String(errors[word as ErrorKind]?.status ?? word)
    }
    expect(Object.fromEntries(answers)).toEqual(
      Object.fromEntries(callers.map((caller) => [caller, said(caller)])),
    )
  })
})
