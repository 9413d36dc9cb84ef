import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { createMemoryBus } from "../bus/memory.ts"
import { createPresence } from "./presence.ts"

const id = (at: number): Id => idFrom(new Uint8Array(16).fill(at))
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

test("the other nodes say who of these is with them, and the one that asks does not answer itself", async () => {
  const bus = createMemoryBus()
  const node = (...devices: Id[]) =>
    createPresence({ bus, has: (device) => devices.includes(device), random, answerMs: 20 })
  const [one, two, three] = [node(id(1)), node(id(2), id(9)), node(id(3))]
  const asked = one.elsewhere([id(1), id(2), id(3), id(4)])
  const crossed = two.elsewhere([id(1), id(2)])
  expect([...(await asked)].sort()).toEqual([id(2), id(3)])
  expect([...(await crossed)]).toEqual([id(1)])
  three.stop()
  expect([...(await one.elsewhere([id(3)]))]).toEqual([])
})

test("whoever cannot be heard is not waited for", async () => {
  const bus = { ...createMemoryBus(), connected: false }
  const one = createPresence({ bus, has: () => true, random, answerMs: 1e9 })
  expect((await one.elsewhere([id(1)])).size).toBe(0)
})
