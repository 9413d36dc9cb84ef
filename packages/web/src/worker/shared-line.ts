/**
 * A tab's connection to the SharedWorker. In the moment in which a worker dies the browser may still connect a tab to it: no word
 * ever comes back, and no error (Chromium, about one death in a hundred). So who is not welcomed knocks again, over another port and
 * with the same hello: as only who holds the lock named there welcomes, it is one port, also where the worker was only slow.
 * What is said before waits for it, so nothing is lost with a port that leads nowhere, or done twice.
 */
import type { Channel } from "@teahouse/client/view/channel.ts"
import type { Hello } from "./line.ts"

export const welcome = { t: "welcome" } as const

const AGAIN_MS = 1_000
const MOST_MS = 30_000

export function openSharedLine(
  hello: Hello,
  knock: () => Channel,
  later: (ms: number, run: () => void) => () => void,
  /** Welcomed: whoever did it holds the lock. */
  onStanding: () => void = () => {},
): Channel {
  let standing: Channel | undefined
  let waiting: unknown[] = []
  let cancel = () => {}

  const line: Channel = {
    onmessage: null,
    postMessage(message) {
      if (standing) standing.postMessage(message)
      else waiting.push(message)
    },
  }
  const attempt = (ms: number) => {
    const port = knock()
    port.onmessage = (event) => {
      if (port === standing) return line.onmessage?.(event)
      if ((event.data as Partial<typeof welcome>).t !== "welcome") return
      cancel()
      standing = port
      onStanding()
      for (const message of waiting) port.postMessage(message)
      waiting = []
    }
    port.postMessage(hello)
    cancel = later(ms, () => attempt(Math.min(2 * ms, MOST_MS)))
  }
  attempt(AGAIN_MS)
  return line
}
