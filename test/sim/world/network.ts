/**
 * The network between devices and house. Requests are one by one: each may be late, lost on either way, or come twice, and
 * overtakes others. A socket keeps its order, as TCP does, until it breaks; then each end hears of it at once, late, or not at
 * all. In some worlds single frames that carry entries or their acknowledgement are lost or said twice as well, which no TCP does
 * but clients promise to bear. What a socket begins with and a subscription's two words are not: without them it is broken.
 *
 * Rejected: frames of one socket in another order. What a house says of a log's end would go back, which is how a client
 * knows a house that lies.
 */
import type { Fetch, FetchAnswer, OpenSocket } from "@teahouse/client/platform.ts"
import type { HouseLife, NearEnd } from "./house.ts"
import type { Rng } from "./random.ts"
import { type Answer, answer } from "./routes.ts"
import type { Process, Time } from "./time.ts"

export type NetFaults = {
  /** Of each request, and of each answer. */
  lose: number
  twice: number
  /** Of each frame of a socket. */
  loseFrame: number
  repeatFrame: number
  /** A part of what is under way takes seconds. */
  slow: number
}
export const calm: NetFaults = { lose: 0, twice: 0, loseFrame: 0, repeatFrame: 0, slow: 0 }

export type HouseHere = { readonly process: Process; readonly life: HouseLife }

export type NetworkParts = {
  readonly time: Time
  readonly rng: Rng
  readonly house: () => HouseHere | undefined
  readonly note: (line: () => string) => void
  /** What the house says over a socket, as it leaves; and what a device says. */
  readonly onDown: (device: string, payload: Uint8Array) => string
  readonly onUp: (device: string, payload: Uint8Array) => string
  /** The house has a bug. */
  readonly onError: (error: unknown) => void
}

const fragile = new Set(["challenge", "hello", "ready", "subscribe", "live", "ended", "failed"])

/** Frames of one socket that pass after one that did not. */
const BETWEEN_LOSSES = 8

type Link = {
  readonly device: string
  readonly client: Process
  readonly house: Process
  /** Nothing more is taken. */
  broken: boolean
  /** What was under way then is lost as well; else it arrives, whoever has died meanwhile. */
  drops: boolean
  /** Both ends hear that it is over. */
  end(silently: { client: boolean; house: boolean }): void
}

export function createNetwork(parts: NetworkParts) {
  const { time, rng, house, note, onDown, onUp } = parts
  const faults: NetFaults = { ...calm }
  /** Devices that are cut off, on the way to the house or from it. */
  const cutUp = new Set<string>()
  const cutDown = new Set<string>()
  const links = new Set<Link>()

  const delay = () => (rng.chance(faults.slow) ? rng.between(500, 6_000) : rng.between(2, 40))

  const fetchFor =
    (device: string, client: Process): Fetch =>
    (url, init) =>
      new Promise<FetchAnswer>((done, failed) => {
        const path = new URL(url).pathname + new URL(url).search
        const fail = () => failed(new TypeError("the network failed"))
        init.signal.addEventListener("abort", fail)
        const give = ({ status, text }: Answer) =>
          done({
            status,
            headers: { get: () => null },
            text: async () => text,
            arrayBuffer: () => Promise.reject(new Error("no bytes")),
          })
        const lost = (what: string) => {
          note(() => `${device}: ${init.method} ${path} ${what}`)
          // Else it is waited for until its time is over.
          if (rng.chance(0.5)) time.after(delay(), client, "request failed", fail)
        }
        const send = (again: boolean) => {
          const here = house()
          if (!here) return time.after(delay(), client, "no house", fail)
          if (cutUp.has(device) || rng.chance(faults.lose)) return lost("is lost")
          return time.after(delay(), here.process, `${device}: ${init.method} ${path}`, () => {
            void answer(here.life.parts, {
              method: init.method,
              path,
              authorization: init.headers.authorization,
              body: typeof init.body === "string" ? init.body : "",
              address: "10.0.0.1",
            }).then((said) => {
              if (again) return
              if (cutDown.has(device) || rng.chance(faults.lose)) return lost(`answer ${said.status} is lost`)
              time.after(delay(), client, `${device}: answer ${said.status} to ${init.method} ${path}`, () =>
                give(said),
              )
            }, parts.onError)
          })
        }
        send(false)
        if (rng.chance(faults.twice)) send(true)
      })

  const openSocketFor =
    (device: string, client: Process): OpenSocket =>
    (_url, handlers) => {
      let near: NearEnd | undefined
      let lastUp = 0
      let lastDown = 0
      let clientClosed = false
      const here = house()
      const closeClient = () => {
        if (clientClosed) return
        clientClosed = true
        handlers.close()
      }
      if (!here || cutUp.has(device) || cutDown.has(device)) {
        time.after(delay(), client, "no socket", closeClient)
        return {
          send() {},
          close() {
            clientClosed = true
          },
        }
      }
      const down = (what: string, run: () => void) => {
        lastDown = Math.max(lastDown, time.now() + delay())
        time.after(lastDown - time.now(), client, what, run)
      }
      const up = (what: string, run: () => void) => {
        lastUp = Math.max(lastUp, time.now() + delay())
        time.after(lastUp - time.now(), here.process, what, run)
      }
      const link: Link = {
        device,
        client,
        house: here.process,
        broken: false,
        drops: false,
        end(silently) {
          link.broken = true
          link.drops = rng.chance(0.5)
          links.delete(link)
          if (!silently.client) time.after(delay(), client, `${device}: socket broke`, closeClient)
          if (!silently.house)
            time.after(delay(), here.process, `${device}: socket broke`, () => near?.closed())
        },
      }
      /** Whether this frame gets through; what TCP cannot bring breaks the link. */
      const passes = (cut: Set<string>) => {
        if (cut.has(device)) link.broken = true
        return !link.broken
      }
      let whole = 0
      const times = (kind: string) => {
        if (fragile.has(kind)) return 1
        // Twice at one place is what a client takes for a lie.
        if (++whole > BETWEEN_LOSSES && rng.chance(faults.loseFrame)) {
          whole = 0
          return 0
        }
        return rng.chance(faults.repeatFrame) ? 2 : 1
      }
      links.add(link)
      up(`${device}: socket opens`, () => {
        near = here.life.accept({
          write(payload) {
            const kind = onDown(device, payload)
            if (!passes(cutDown)) return
            for (let i = times(kind); i > 0; i--)
              down(`${device}: ${kind}`, () => {
                if (!link.drops && !clientClosed) handlers.message(payload.slice())
              })
          },
          close() {
            links.delete(link)
            if (passes(cutDown)) down(`${device}: closed by the house`, closeClient)
          },
          ping() {
            if (!passes(cutDown)) return
            down(`${device}: ping`, () => {
              if (passes(cutUp)) up(`${device}: pong`, () => near?.pong())
            })
          },
        })
      })
      return {
        send(payload) {
          if (clientClosed) return
          const kind = onUp(device, payload)
          if (!passes(cutUp)) return
          for (let i = times(kind); i > 0; i--)
            up(`${device}: says ${kind}`, () => {
              if (!link.drops) near?.hear(payload)
            })
        },
        close() {
          if (clientClosed) return
          closeClient()
          links.delete(link)
          if (passes(cutUp)) up(`${device}: hangs up`, () => near?.closed())
        },
      }
    }

  return {
    faults,
    cutUp,
    cutDown,
    fetchFor,
    openSocketFor,
    /** Breaks this device's sockets, or all; each end may not hear of it. */
    breakLinks(device?: string) {
      for (const link of [...links])
        if (device === undefined || link.device === device)
          link.end({ client: rng.chance(0.4), house: rng.chance(0.4) })
    },
    /** A process has died: what it was connected to hears of it, or not. */
    died(process: Process) {
      for (const link of [...links])
        if (link.client === process || link.house === process)
          link.end({ client: rng.chance(0.2), house: rng.chance(0.2) })
    },
  }
}
export type Network = ReturnType<typeof createNetwork>
