/** A tab and its SharedWorker, on Node's own MessageChannel and Web Locks. */
import type { Channel } from "@teahouse/client/view/channel.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { remoteClient } from "@teahouse/client/view/remote.ts"
import { afterEach, expect, it } from "vitest"
import { hostTab } from "./host.ts"
import { openSharedLine, welcome } from "./shared-line.ts"

const { locks } = navigator as unknown as { locks: LockManager }
const opened: MessagePort[] = []
afterEach(() => {
  for (const port of opened.splice(0)) port.close()
})

let slots = 900
function tab(worker: (knock: number, port: MessagePort) => void, onStanding?: () => void) {
  const slot = slots++
  const hello = { t: "hello", tab: `shared-tab-${slot}`, worker: `shared-worker-${slot}` } as const
  void locks.request(hello.tab, () => new Promise(() => {}))
  const waits: number[] = []
  let again = () => {}
  let knocks = 0
  const knock = () => {
    const { port1, port2 } = new MessageChannel()
    opened.push(port1, port2)
    worker(knocks++, port2)
    return port1 as unknown as Channel
  }
  const later = (ms: number, run: () => void) => {
    waits.push(ms)
    again = run
    return () => {
      again = () => {}
    }
  }
  return {
    line: openSharedLine(hello, knock, later, onStanding),
    waits,
    again: () => again(),
    knocks: () => knocks,
  }
}
function client() {
  const done: string[] = []
  const port = {
    subscribe: () => () => {},
    command: async (name: string) => {
      done.push(name)
      return { ok: true, value: null }
    },
  } as unknown as ClientPort
  const serve = (to: MessagePort) =>
    hostTab(to as unknown as Channel, port, locks, () => to.postMessage(welcome))
  return { done, serve }
}

it("who was connected to a worker that was dying knocks again, and what was said before is done once", async () => {
  const { done, serve } = client()
  const { line, again, waits } = tab((knock, port) => {
    if (knock > 1) serve(port)
  })
  const answer = remoteClient(line).command("reconnect", {})
  again()
  again()
  expect(await answer).toEqual({ ok: true, value: null })
  expect(done).toEqual(["reconnect"])
  expect(waits).toEqual([1_000, 2_000, 4_000])
})

it("a worker that was only slow has heard several, welcomes one, and is knocked at no more", async () => {
  const { done, serve } = client()
  const ports: MessagePort[] = []
  const { line, again, knocks } = tab((_, port) => ports.push(port))
  const remote = remoteClient(line)
  const answer = remote.command("reconnect", {})
  again()
  for (const port of ports) serve(port)
  expect(await answer).toEqual({ ok: true, value: null })
  again()
  expect(await remote.command("saveNow" as never, {} as never)).toEqual({ ok: true, value: null })
  expect([done, knocks()]).toEqual([["reconnect", "saveNow"], 2])
})

it("who is welcomed knows it before another word: a worker that dies right then is missed", async () => {
  const standing = new Promise<void>((done) => {
    tab((_knock, port) => port.postMessage(welcome), done)
  })
  await standing
})
