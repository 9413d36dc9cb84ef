import type { Channel } from "@teahouse/client/view/channel.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { describe, expect, it, vi } from "vitest"
import { hostTab } from "./host.ts"
import { slotOfWorker, workerName } from "./name.ts"

describe("the worker's tabs", () => {
  it("serves after the tab's hello, and ends its subscriptions when the tab's lock becomes free", async () => {
    const stop = vi.fn()
    const client = { subscribe: () => stop, command: vi.fn() } as unknown as ClientPort
    const channel: Channel = { postMessage: vi.fn(), onmessage: null }
    let free = () => {}
    const held: string[] = []
    const locks: Parameters<typeof hostTab>[2] = {
      request: (name, task) => {
        if (name === "tab-1") free = () => void task()
        else {
          void Promise.resolve(task()).then(() => held.splice(0))
          held.push(name)
        }
        return new Promise(() => {})
      },
    }
    hostTab(channel, client, locks, () => {})
    channel.onmessage?.({ data: { t: "subscribe", id: 1, view: "session" } })
    expect(stop).not.toHaveBeenCalled()
    channel.onmessage?.({ data: { t: "hello", tab: "tab-1", worker: "worker-1" } })
    channel.onmessage?.({ data: { t: "subscribe", id: 1, view: "session", args: undefined } })
    expect(held).toEqual(["worker-1"])
    free()
    expect(stop).toHaveBeenCalledTimes(1)
    expect(channel.onmessage).toBeNull()
    await Promise.resolve()
    expect(held).toEqual([])
  })

  it("welcomes and answers once it holds its lock, and no tab that is gone by then", () => {
    const client = { subscribe: vi.fn(), command: vi.fn() } as unknown as ClientPort
    for (const early of [false, true]) {
      const channel: Channel = { postMessage: vi.fn(), onmessage: null }
      const tasks: Record<string, () => void | Promise<void>> = {}
      const welcome = vi.fn()
      const locks: Parameters<typeof hostTab>[2] = {
        request: (name, task) => {
          tasks[name] = task
          return new Promise(() => {})
        },
      }
      hostTab(channel, client, locks, welcome)
      channel.onmessage?.({ data: { t: "hello", tab: "tab", worker: "worker" } })
      expect([welcome.mock.calls.length, channel.onmessage]).toEqual([0, null])
      if (early) void tasks.tab?.()
      void tasks.worker?.()
      expect(welcome).toHaveBeenCalledTimes(early ? 0 : 1)
      if (early) expect(channel.onmessage).toBe(null)
      else expect(channel.onmessage).not.toBe(null)
    }
  })

  it("its name carries the slot", () => {
    expect(slotOfWorker(workerName(12))).toBe(12)
    for (const name of ["", "teahouse-", "teahouse-x", "other-1", "teahouse-0"])
      expect(() => slotOfWorker(name)).toThrow()
  })
})
