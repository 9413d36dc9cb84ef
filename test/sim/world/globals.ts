/**
 * The machine's clock, timers and randomness, taken away from this thread: imported before anything else. The house's code uses
 * them as globals; here they belong to the process whose event is running.
 *
 * WebCrypto answers from other threads, in an order that nobody knows. So its answers are held back until all have come, and
 * given in the order in which they were asked for. Of signatures `transparent` decides, where the world is one of the model.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib"
import { createRng } from "./random.ts"
import type { Time } from "./time.ts"

const real = {
  setImmediate: globalThis.setImmediate,
  subtle: globalThis.crypto.subtle,
}

type Held = {
  readonly answer: Promise<unknown>
  readonly give: (value: unknown) => void
  readonly fail: (error: unknown) => void
}
type Verify = (key: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean

let time: Time | undefined
/** Its own row of numbers: libraries draw more than they need and keep the rest, so no decision may depend on this one. */
let random = createRng(0).bytes
let transparent: Verify | undefined
let held: Held[] = []

export function use(world: { time: Time; verify?: Verify }): void {
  time = world.time
  random = createRng(0).bytes
  transparent = world.verify
  held = []
}

const turn = () => new Promise<void>((done) => real.setImmediate(done))

export async function settle(): Promise<void> {
  await turn()
  while (held.length > 0) {
    const these = held
    held = []
    for (const { answer, give, fail } of these) {
      try {
        give(await answer)
      } catch (error) {
        fail(error)
      }
    }
    await turn()
  }
}

/** Work outside of any event, until it is done. */
export async function finished<T>(work: Promise<T>): Promise<T> {
  let over = false
  const end = () => {
    over = true
  }
  work.then(end, end)
  while (!over) await settle()
  return work
}

class Handle {
  readonly cancel: () => void
  constructor(cancel: () => void) {
    this.cancel = cancel
  }
  ref() {
    return this
  }
  unref() {
    return this
  }
  hasRef() {
    return true
  }
}

function later(run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Handle {
  if (!time) throw new Error("no world is running")
  return new Handle(time.after(ms, time.current, "timer", () => run(...args)))
}
function every(run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Handle {
  if (!time) throw new Error("no world is running")
  const world = time
  let cancel = () => {}
  const process = world.current
  const again = () => {
    cancel = world.after(Math.max(1, ms), process, "interval", () => {
      again()
      run(...args)
    })
  }
  again()
  return new Handle(() => cancel())
}
const clear = (handle: unknown) => {
  if (handle instanceof Handle) handle.cancel()
}

const now = () => (time ? Math.floor(time.now()) : 0)
const hold = (answer: Promise<unknown>) =>
  new Promise((give, fail) => {
    // Its failure is told when its turn comes.
    answer.catch(() => {})
    held.push({ answer, give, fail })
  })

type Shown = { readonly shown: Uint8Array }
const subtle = new Proxy(real.subtle, {
  get(target, name) {
    const own = Reflect.get(target, name) as unknown
    if (typeof own !== "function") return own
    return (...args: unknown[]) => {
      if (transparent && name === "importKey" && args[2] === "Ed25519")
        return Promise.resolve({ shown: args[1] } as Shown)
      const key = args[1]
      if (transparent && name === "verify" && typeof key === "object" && key !== null && "shown" in key)
        return Promise.resolve(
          transparent((key as Shown).shown, args[3] as Uint8Array, args[2] as Uint8Array),
        )
      return hold(own.apply(target, args) as Promise<unknown>)
    }
  },
})

Object.defineProperty(globalThis, "crypto", {
  configurable: true,
  value: {
    subtle,
    getRandomValues<T extends Uint8Array>(into: T): T {
      into.set(random(into.length))
      return into
    },
    randomUUID: () => {
      throw new Error("nobody asks for this in a world")
    },
  },
})
Object.assign(globalThis, {
  setTimeout: later,
  setInterval: every,
  setImmediate: (run: (...args: unknown[]) => void, ...args: unknown[]) => later(run, 0, ...args),
  clearTimeout: clear,
  clearInterval: clear,
  clearImmediate: clear,
})
Date.now = now
performance.now = now
Math.random = () => {
  const [a = 0, b = 0, c = 0] = random(3)
  return (a + 256 * b + 65_536 * c) / 2 ** 24
}
AbortSignal.timeout = (ms: number) => {
  const controller = new AbortController()
  later(() => controller.abort(), ms)
  return controller.signal
}

/** Compression answers from other threads too. What history/segment.ts uses of the Streams API, at once. */
class WholeBlob {
  readonly bytes: Uint8Array
  constructor([bytes = new Uint8Array()]: readonly Uint8Array[]) {
    this.bytes = bytes
  }
  stream = () => ({ pipeThrough: (through: { run(bytes: Uint8Array): unknown }) => through.run(this.bytes) })
}
class WholeResponse {
  readonly body: { readonly bytes: () => Uint8Array }
  constructor(body: { readonly bytes: () => Uint8Array }) {
    this.body = body
  }
  // Copied: a Buffer's own memory is a part of a pool's.
  arrayBuffer = async () => new Uint8Array(this.body.bytes()).buffer
}
const whole = (bytes: () => Uint8Array) => {
  let read = false
  return {
    bytes,
    getReader: () => ({
      async read() {
        if (read) return { done: true, value: undefined }
        const value = bytes()
        read = true
        return { done: false, value }
      },
      cancel: async () => {},
    }),
  }
}
const throughOf = (run: (bytes: Uint8Array) => Uint8Array) =>
  class {
    run = (bytes: Uint8Array) => whole(() => run(bytes))
  }
Object.assign(globalThis, {
  Blob: WholeBlob,
  Response: WholeResponse,
  CompressionStream: throughOf((bytes) => deflateRawSync(bytes, { level: 1 })),
  DecompressionStream: throughOf((bytes) => inflateRawSync(bytes)),
})
