/** Tabs without a SharedWorker, on Node's own BroadcastChannel and Web Locks. */
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { remoteClient } from "@teahouse/client/view/remote.ts"
import { afterEach, expect, it, vi } from "vitest"
import { hostHall } from "./host.ts"
import { hostWhenFirst } from "./lead.ts"
import { type Broadcast, openLine } from "./line.ts"

const { locks } = navigator as unknown as { locks: LockManager }
const opened: BroadcastChannel[] = []
const open = (name: string) => {
  const channel = new BroadcastChannel(name)
  opened.push(channel)
  return channel as unknown as Broadcast
}
afterEach(() => {
  for (const channel of opened.splice(0)) channel.close()
})

let slots = 500
const fresh = () => slots++
const client = (name: string) =>
  ({
    subscribe: (_view: unknown, _args: unknown, listener: (value: unknown) => void) => {
      queueMicrotask(() => listener(name))
      return () => {}
    },
    command: async () => ({ ok: true, value: name }),
  }) as unknown as ClientPort

it("what a tab says before a worker is there arrives once one is", async () => {
  const slot = fresh()
  const hello = { t: "hello", tab: `tab-${slot}`, worker: `line-${slot}` } as const
  void locks.request(hello.tab, () => new Promise(() => {}))
  const line = openLine(hello, slot, open)
  const seen = vi.fn()
  remoteClient(line).subscribe("session", undefined, seen)
  expect(line.stands()).toBe(false)
  hostHall(slot, client("first"), `alive-${slot}`, locks, open)
  await vi.waitFor(() => expect(seen).toHaveBeenCalledWith("first"), 20_000)
  expect(line.stands()).toBe(true)
})

it("several tabs are served, each on a line of its own", async () => {
  const slot = fresh()
  hostHall(slot, client("it"), `alive-${slot}`, locks, open)
  const answers = [1, 2, 3].map((n) => {
    const hello = { t: "hello", tab: `tab-${slot}-${n}`, worker: `line-${slot}-${n}` } as const
    void locks.request(hello.tab, () => new Promise(() => {}))
    return remoteClient(openLine(hello, slot, open)).command("reconnect", {})
  })
  expect(await Promise.all(answers)).toEqual(Array(3).fill({ ok: true, value: "it" }))
})

it("the first tab hosts; a worker that dies is followed by another; the next tab hosts when the first is gone", async () => {
  const slot = fresh()
  let deaths: (() => void)[] = []
  let id = 0
  let leave = () => {}
  const started: string[] = []
  const tab = (name: string, mine: Pick<LockManager, "request">) =>
    hostWhenFirst({
      slot,
      open,
      newId: () => `${slot}-${id++}`,
      locks: mine as never,
      start(alive) {
        started.push(name)
        void locks.request(alive, () => {
          open(`teahouse-hall-${slot}`).postMessage({ t: "hosting", worker: alive })
          return new Promise<void>((dead) => deaths.push(dead))
        })
      },
    })
  // The first tab's host lock can be let go, as the browser does when a tab is closed.
  tab("first", {
    request: ((name: string, task: () => Promise<void>) =>
      name.startsWith("teahouse-host-")
        ? locks.request(name, () => {
            void task()
            return new Promise<void>((gone) => {
              leave = gone
            })
          })
        : locks.request(name, task)) as LockManager["request"],
  })
  await vi.waitFor(() => expect(deaths).toHaveLength(1), 20_000)
  tab("second", locks)
  deaths[0]?.()
  await vi.waitFor(() => expect(started).toEqual(["first", "first"]), 20_000)
  await vi.waitFor(() => expect(deaths).toHaveLength(2), 20_000)
  deaths = []
  leave()
  await vi.waitFor(() => expect(started).toEqual(["first", "first", "second"]), 20_000)
})
