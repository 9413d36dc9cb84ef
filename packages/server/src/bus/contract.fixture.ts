/** What every bus does; each adapter's test runs it. */
import { idFrom } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import type { Bus, BusMessage } from "./port.ts"

const message = (at: number): BusMessage => ({ kind: "dropped", room: idFrom(new Uint8Array(16).fill(at)) })

export function busContract(name: string, make: () => Promise<Bus>, settle: () => Promise<void>) {
  test(`${name}: what is published reaches every listener of the topic, in order, and no other`, async () => {
    const bus = await make()
    const heard: [string, BusMessage][] = []
    bus.subscribe("a", (m) => heard.push(["first", m]))
    bus.subscribe("a", (m) => heard.push(["second", m]))
    bus.subscribe("b", (m) => heard.push(["other", m]))
    await settle()
    bus.publish("a", message(1))
    bus.publish("a", message(2))
    await settle()
    const of = (who: string) => heard.filter(([w]) => w === who).map(([, m]) => m)
    expect(of("first")).toEqual([message(1), message(2)])
    expect(of("second")).toEqual([message(1), message(2)])
    expect(of("other")).toEqual([])
    await bus.close()
  })

  test(`${name}: no listener is called from within publish`, async () => {
    const bus = await make()
    let inside = false
    let wasInside = false
    bus.subscribe("a", () => {
      wasInside ||= inside
    })
    await settle()
    inside = true
    bus.publish("a", message(1))
    inside = false
    await settle()
    expect(wasInside).toBe(false)
    await bus.close()
  })

  test(`${name}: who has stopped listening hears nothing, and may stop while hearing`, async () => {
    const bus = await make()
    let heard = 0
    const stop = bus.subscribe("a", () => {
      heard++
      stop()
    })
    await settle()
    bus.publish("a", message(1))
    await settle()
    bus.publish("a", message(2))
    await settle()
    expect(heard).toBe(1)
    await bus.close()
  })

  test(`${name}: a listener that throws harms no other, and publishing with no listener is nothing`, async () => {
    const bus = await make()
    let heard = 0
    bus.subscribe("a", () => {
      throw new Error("on purpose")
    })
    bus.subscribe("a", () => heard++)
    await settle()
    bus.publish("nobody", message(1))
    bus.publish("a", message(1))
    await settle()
    expect(heard).toBe(1)
    await bus.close()
  })
}
