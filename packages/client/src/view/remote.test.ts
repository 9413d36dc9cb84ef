import { expect, test } from "vitest"
import type { Channel } from "./channel.ts"
import type { ClientPort } from "./port.ts"
import { remoteClient } from "./remote.ts"
import { serve } from "./serve.ts"

/** Two ends; what passes is cloned, as between a page and a worker. */
function pair(): [Channel, Channel] {
  const ends: [Channel, Channel] = [
    { postMessage: (m) => pass(1, m), onmessage: null },
    { postMessage: (m) => pass(0, m), onmessage: null },
  ]
  const pass = (to: 0 | 1, message: unknown) => {
    const data: unknown = structuredClone(message)
    queueMicrotask(() => ends[to].onmessage?.({ data }))
  }
  return ends
}

function fakeClient(first: unknown = { draft: "first" }) {
  const listeners = new Set<(value: never) => void>()
  const client: ClientPort = {
    subscribe(_view, _args, listener) {
      listeners.add(listener as (value: never) => void)
      listener(first as never)
      return () => void listeners.delete(listener as (value: never) => void)
    },
    command: async (name) =>
      name === "reconnect" ? { ok: true, value: null as never } : new Promise(() => {}),
  }
  const say = (value: unknown) => {
    for (const listener of listeners) listener(value as never)
  }
  return { client, listeners, say }
}
const settle = () => new Promise((done) => setTimeout(done))

test("values and results cross; unsubscribing and closing end it", async () => {
  const [page, worker] = pair()
  const { client, listeners, say } = fakeClient()
  serve(client, worker)
  const remote = remoteClient(page)
  const heard: unknown[] = []
  const stop = remote.subscribe("composer", { room: "r" as never }, (value) => heard.push(value))
  await settle()
  say({ draft: "second" })
  expect(await remote.command("reconnect", {})).toEqual({ ok: true, value: null })
  expect(heard).toEqual([{ draft: "first" }, { draft: "second" }])
  stop()
  await settle()
  expect(listeners.size).toBe(0)
  remote.subscribe("settings", undefined, () => {})
  await settle()
  expect(listeners.size).toBe(1)
  remote.close()
  await settle()
  expect(listeners.size).toBe(0)
})

test("a new channel takes over the subscriptions; a lost command says so", async () => {
  const [page, worker] = pair()
  const old = fakeClient()
  serve(old.client, worker)
  const remote = remoteClient(page)
  const heard: unknown[] = []
  remote.subscribe("settings", undefined, (value) => heard.push(value))
  const lost = remote.command("signOut", { forget: false })
  await settle()
  const [page2, worker2] = pair()
  const fresh = fakeClient()
  serve(fresh.client, worker2)
  remote.attach(page2)
  expect(await lost).toEqual({ ok: false, error: { kind: "busy" } })
  await settle()
  old.say("from the dead")
  fresh.say("alive")
  await settle()
  expect(heard).toEqual([{ draft: "first" }, { draft: "first" }, "alive"])
})

test("that the next worker is starting is said to nobody who knew who is in, and to everybody else", async () => {
  const [page, worker] = pair()
  const old = fakeClient()
  serve(old.client, worker)
  const remote = remoteClient(page)
  const heard: unknown[] = []
  remote.subscribe("session", undefined, (value) => heard.push(value))
  await settle()
  old.say({ state: "signed_in" })
  old.say({ state: "starting" })
  await settle()
  const before = [{ draft: "first" }, { state: "signed_in" }, { state: "starting" }]
  expect(heard).toEqual(before)

  const [page2, worker2] = pair()
  const next = fakeClient({ state: "starting" })
  serve(next.client, worker2)
  remote.attach(page2)
  const fresh: unknown[] = []
  remote.subscribe("session", undefined, (value) => fresh.push(value))
  await settle()
  next.say({ state: "starting" })
  next.say({ state: "signed_in" })
  next.say({ state: "starting" })
  await settle()
  expect(heard).toEqual([...before, { state: "signed_in" }, { state: "starting" }])
  expect(fresh[0]).toEqual({ state: "starting" })
})

test("two pages have their own subscriptions", async () => {
  const { client, listeners } = fakeClient()
  const ends = [pair(), pair()]
  const remotes = ends.map(([page, worker]) => {
    serve(client, worker)
    return remoteClient(page)
  })
  for (const remote of remotes) remote.subscribe("settings", undefined, () => {})
  await settle()
  expect(listeners.size).toBe(2)
  remotes[0]?.close()
  await settle()
  expect(listeners.size).toBe(1)
})
