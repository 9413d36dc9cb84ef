import type { Channel } from "@teahouse/client/view/channel.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { describe, expect, it, vi } from "vitest"
import { hostTab } from "./host.ts"
import { slotOfWorker, workerName } from "./name.ts"

describe("the worker's tabs", () => {
  it("serves after the tab's hello, and ends its subscriptions when the tab's lock becomes free", () => {
    const stop = vi.fn()
    const client = { subscribe: () => stop, command: vi.fn() } as unknown as ClientPort
    const channel: Channel = { postMessage: vi.fn(), onmessage: null }
    let free = () => {}
    hostTab(channel, client, {
      request: (name, task) => {
        expect(name).toBe("tab-1")
        free = task
        return new Promise(() => {})
      },
    })
    channel.onmessage?.({ data: { t: "subscribe", id: 1, view: "session" } })
    expect(stop).not.toHaveBeenCalled()
    channel.onmessage?.({ data: { t: "hello", lock: "tab-1" } })
    channel.onmessage?.({ data: { t: "subscribe", id: 1, view: "session", args: undefined } })
    free()
    expect(stop).toHaveBeenCalledTimes(1)
    expect(channel.onmessage).toBeNull()
  })

  it("its name carries the slot", () => {
    expect(slotOfWorker(workerName(12))).toBe(12)
    for (const name of ["", "teahouse-", "teahouse-x", "other-1", "teahouse-0"])
      expect(() => slotOfWorker(name)).toThrow()
  })
})
