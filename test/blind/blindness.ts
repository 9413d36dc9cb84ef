/**
 * The tests that follow a journey: nothing that the house received, stored or logged contains one of the words, and the
 * same search finds a name that the house does know, and a word that is planted in each of the three places.
 */
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { expect, test } from "vitest"
import type { Cable } from "../cable.ts"
import type { House } from "../house.ts"
import { readConnection } from "./received.ts"
import { type Find, search } from "./search.ts"
import { storedFiles, storedValues } from "./stored.ts"

export type Scene = {
  /** Stopped. */
  readonly house: House
  /** Recorded all that was said to the house. */
  readonly cable: Cable
}

type Places = Generator<[where: string, bytes: Uint8Array]>

function* received({ cable }: Scene): Places {
  for (const { heads, bodies, frames } of cable.recorded.map(readConnection)) {
    for (const head of heads) yield ["head", new TextEncoder().encode(head)]
    for (const body of bodies) yield ["body", body]
    for (const frame of frames) yield ["frame", frame]
  }
}
function* stored({ house }: Scene): Places {
  yield* storedFiles(house.data)
  yield* storedValues(join(house.data, "house.db"))
}
function* logged({ house }: Scene, more = ""): Places {
  yield ["log", new TextEncoder().encode(house.output() + more)]
}

const said = (finds: readonly Find[]) => finds.map((find) => `${find.word} as ${find.form} in ${find.where}`)
const planted = "planted: 谁都不该看见的话"

/** `known`: a username of the journey, which the house must know. */
export function testBlindness(scene: () => Scene, words: readonly string[], known: string): void {
  test("there is something to search", () => {
    const count = (kind: string) => [...received(scene())].filter(([where]) => where === kind).length
    expect(count("body")).toBeGreaterThan(15)
    expect(count("frame")).toBeGreaterThan(6)
    expect(scene().house.output().split("\n").length).toBeGreaterThan(5)
    expect(said(search(received(scene()), [known]))).not.toEqual([])
    expect(said(search(stored(scene()), [known]))).not.toEqual([])
  })

  test("nothing that it received", () => {
    expect(said(search(received(scene()), words))).toEqual([])
  })

  test("nothing that it stored", () => {
    expect(said(search(stored(scene()), words))).toEqual([])
  })

  test("nothing that it logged", () => {
    expect(said(search(logged(scene()), words))).toEqual([])
  })

  test("a planted word is found in each of these places", async () => {
    const { house, cable } = scene()
    const again = await house.restart()
    cable.lead(again.port)
    const request = Buffer.from(planted).toString("base64url")
    await fetch(`${cable.url}/api/login/start`, { method: "POST", body: JSON.stringify({ request }) })
    await again.stop()
    expect(said(search(received(scene()), [planted])).join()).toContain("in body")
    const db = new DatabaseSync(join(house.data, "house.db"))
    db.exec("create table planted (value text)")
    db.prepare("insert into planted values (?)").run(Buffer.from(`xy${planted}`).toString("base64"))
    db.close()
    expect(said(search(stored(scene()), [planted])).join()).toContain("in planted.value")
    expect(said(search(logged(scene(), planted), [planted])).join()).toContain("in log")
  })
}
