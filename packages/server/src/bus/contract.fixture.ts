/** What every bus does; each adapter's test runs it. */
import { idFrom } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import type { Bus, BusMessage } from "./port.ts"

const message = (at: number): BusMessage => ({ kind: "dropped", room: idFrom(new Uint8Array(16).fill(at)) })

/** Two ends of one bus, which are the same thing where there is one node; what was said and asked for before has come. */
export type Ends = { readonly here: Bus; readonly there: Bus; readonly settle: () => Promise<void> }

export function busContract(name: string, make: () => Promise<Ends>) {
  test(`${name}: what is published reaches every listener of the topic, in order, and no other`, async () => {
    const { here, there, settle } = await make()
    const heard: [string, BusMessage][] = []
    here.subscribe("a", (m) => heard.push(["own", m]))
    there.subscribe("a", (m) => heard.push(["first", m]))
    there.subscribe("a", (m) => heard.push(["second", m]))
    there.subscribe("b", (m) => heard.push(["other", m]))
    await settle()
    const all = Array.from({ length: 20 }, (_, i) => message(i))
    for (const one of all) here.publish("a", one)
    await settle()
    const of = (who: string) => heard.filter(([w]) => w === who).map(([, m]) => m)
    expect(of("own")).toEqual(all)
    expect(of("first")).toEqual(all)
    expect(of("second")).toEqual(all)
    expect(of("other")).toEqual([])
    await close(here, there)
  })

  test(`${name}: no listener is called from within publish`, async () => {
    const { here, there, settle } = await make()
    let inside = false
    let wasInside = false
    for (const bus of [here, there])
      bus.subscribe("a", () => {
        wasInside ||= inside
      })
    await settle()
    inside = true
    here.publish("a", message(1))
    inside = false
    await settle()
    expect(wasInside).toBe(false)
    await close(here, there)
  })

  test(`${name}: who has stopped listening hears nothing, and may stop while hearing`, async () => {
    const { here, there, settle } = await make()
    let heard = 0
    const stop = there.subscribe("a", () => {
      heard++
      stop()
    })
    await settle()
    here.publish("a", message(1))
    await settle()
    here.publish("a", message(2))
    await settle()
    expect(heard).toBe(1)
    // Again, after the last one has gone.
    there.subscribe("a", () => heard++)
    stop()
    await settle()
    here.publish("a", message(3))
    await settle()
    expect(heard).toBe(2)
    await close(here, there)
  })

  test(`${name}: a listener that throws harms no other, and publishing with no listener is nothing`, async () => {
    const { here, there, settle } = await make()
    let heard = 0
    there.subscribe("a", () => {
      throw new Error("on purpose")
    })
    there.subscribe("a", () => heard++)
    await settle()
    here.publish("nobody", message(1))
    here.publish("a", message(1))
    await settle()
    expect(heard).toBe(1)
    await close(here, there)
  })

  test(`${name}: is connected, and after closing says and hears nothing`, async () => {
    const { here, there, settle } = await make()
    expect([here.connected, there.connected]).toEqual([true, true])
    let heard = 0
    there.subscribe("a", () => heard++)
    await settle()
    await close(here, there)
    here.publish("a", message(1))
    await new Promise((next) => setImmediate(next))
    expect(heard).toBe(0)
  })
}

const close = (...ends: readonly Bus[]) => Promise.all([...new Set(ends)].map((one) => one.close()))
