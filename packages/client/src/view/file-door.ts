/**
 * Files for the service worker: it knows a name from a URL, asks what it is, and pulls bytes as its reader wants them, so that
 * nothing is held in memory that nobody has asked for. It gets at nothing but what `openFile` has opened. They meet on a
 * BroadcastChannel, which reaches every kind of worker without a page in between; who does not know a name is silent, because
 * a worker that is about to be replaced may hear it too.
 */
import type { FileDoor, OpenFile } from "../file/files.ts"
import type { Channel } from "./channel.ts"

export const doorName = (slot: string): string => `teahouse-files-${slot}`

export type ToDoor =
  | { readonly t: "what"; readonly n: string; readonly name: string }
  | {
      readonly t: "pull"
      readonly n: string
      readonly name: string
      readonly from: number
      readonly to: number
    }
export type FromDoor =
  | { readonly t: "file"; readonly n: string; readonly file: OpenFile }
  /** Without bytes: it cannot be read. */
  | { readonly t: "bytes"; readonly n: string; readonly bytes?: Uint8Array }

export function serveFiles(channel: Channel, files: FileDoor): void {
  const tell = (message: FromDoor) => channel.postMessage(message)
  channel.onmessage = ({ data }) => {
    const asked = data as ToDoor
    const found = asked.t === "what" || asked.t === "pull" ? files.meta(asked.name) : undefined
    if (!found) return
    if (asked.t === "what") {
      const { name, type, size, inline } = found
      tell({ t: "file", n: asked.n, file: { name, type, size, inline } })
      return
    }
    const { n, name, from, to } = asked
    files.read(name, from, to).then(
      (bytes) => tell({ t: "bytes", n, ...(bytes ? { bytes } : {}) }),
      () => tell({ t: "bytes", n }),
    )
  }
}
