/**
 * Serves tabs inside the worker. Tab and worker each hold a Web Lock for their life and wait for the other's: when it becomes
 * free the other one is gone, crashed or closed. (A MessagePort does not tell, and a farewell at `pagehide` would overtake the
 * draft that is saved there.)
 */
import type { Channel } from "@teahouse/client/view/channel.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { serve } from "@teahouse/client/view/serve.ts"
import { type Broadcast, type Found, type Hello, hallName, lineName, type OpenBroadcast } from "./line.ts"
import { welcome } from "./shared-line.ts"

/** What the hosting tab tells its dedicated worker first. */
export type Alive = { readonly t: "alive"; readonly alive: string }

const isHello = (data: unknown): data is Hello => {
  const hello = data as Partial<Hello> | null
  return hello?.t === "hello" && typeof hello.tab === "string" && typeof hello.worker === "string"
}
const isAlive = (data: unknown): data is Alive => {
  const alive = data as Partial<Alive> | null
  return alive?.t === "alive" && typeof alive.alive === "string"
}

/** What the two kinds of worker scope have and lib.dom does not know. */
type SharedScope = {
  addEventListener(
    type: "connect",
    listener: (event: { readonly ports: readonly MessagePort[] }) => void,
  ): void
}
type DedicatedScope = {
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void
}

export function hostTabs(scope: object, slot: number, client: ClientPort): void {
  if ("onconnect" in scope) {
    ;(scope as unknown as SharedScope).addEventListener("connect", ({ ports: [port] }) => {
      if (port) hostTab(port as Channel, client, navigator.locks, () => port.postMessage(welcome))
    })
    return
  }
  ;(scope as DedicatedScope).addEventListener("message", ({ data }) => {
    if (!isAlive(data)) return
    const open = (name: string) => new BroadcastChannel(name) as Broadcast
    hostHall(slot, client, data.alive, navigator.locks, open)
  })
}

type Locks = { request(name: string, task: () => void | Promise<void>): Promise<unknown> }

/** Meets tabs on the common channel and opens a connection for each. */
export function hostHall(
  slot: number,
  client: ClientPort,
  alive: string,
  locks: Locks,
  open: OpenBroadcast,
): void {
  const hall = open(hallName(slot))
  const known = new Set<string>()
  const say = (found: Found) => hall.postMessage(found)
  void locks.request(alive, () => {
    hall.onmessage = ({ data }) => {
      if (!isHello(data) || known.has(data.worker)) return
      known.add(data.worker)
      const line = open(lineName(data.worker))
      const served = () => say({ t: "welcome", worker: data.worker })
      hostTab(line, client, locks, served, () => {
        known.delete(data.worker)
        line.close()
      })
      line.onmessage?.({ data })
    }
    say({ t: "hosting", worker: alive })
    return new Promise<void>(() => {})
  })
}

/**
 * Only who holds its lock welcomes and answers. Had the page a word before, it could come to the lock first, which it takes for the
 * worker's death: it would connect anew, and of what it had just sent would say that nobody knows what became of it.
 */
export function hostTab(
  channel: Channel,
  client: ClientPort,
  locks: Locks,
  welcome: () => void,
  onGone = () => {},
): void {
  channel.onmessage = ({ data }) => {
    if (!isHello(data)) return
    channel.onmessage = null
    let end = () => {}
    let left = false
    let release = () => {}
    const gone = () => {
      left = true
      end()
      release()
      onGone()
    }
    void locks.request(data.worker, () => {
      if (left) return
      end = serve(client, channel)
      welcome()
      return new Promise<void>((done) => {
        release = done
      })
    })
    locks.request(data.tab, gone).catch(gone)
  }
}
