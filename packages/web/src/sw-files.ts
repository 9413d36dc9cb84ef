/**
 * Decrypted files, answered by the service worker below `/N/files/`: the account's worker decrypts, this only asks it for the
 * bytes that a player or a saver wants next, so nothing is held in memory (view/file-door.ts of the client).
 * No answer is ever a document: sandboxed, of a sniffed type for elements that show pictures, film and sound, and an attachment
 * otherwise and for whatever navigates there (SECURITY "Files and pages").
 */
import type { Channel } from "@teahouse/client/view/channel.ts"
import { doorName, type FromDoor, type ToDoor } from "@teahouse/client/view/file-door.ts"
import { rangeOf } from "@teahouse/protocol/range.ts"

/** The part of a BroadcastChannel that is used. */
export type OpenChannel = (name: string) => Channel

/** Who may show a file; "" is a script of the page that reads bytes. */
const elements = new Set(["image", "audio", "video", ""])
/** Longer than any piece takes on a slow line, ms. */
const PATIENCE_MS = 60_000
const WHAT_MS = 3_000
/** Asked for at once. */
const PART = 512 * 1024
const PATH = /^\/(\d{1,2})\/files\/([A-Za-z0-9_-]{22})$/

export type FileAddress = { readonly slot: string; readonly name: string }
export function fileAddress(path: string): FileAddress | undefined {
  const [, slot, name] = PATH.exec(path) ?? []
  return slot && name ? { slot, name } : undefined
}

/** `patience`: for one that nobody knows, ms. */
export function createDoor(openChannel: OpenChannel, patience = WHAT_MS) {
  const lines = new Map<string, Line>()
  const lineOf = (slot: string): Line => {
    const line = lines.get(slot) ?? lineOn(openChannel(doorName(slot)))
    lines.set(slot, line)
    return line
  }

  return async ({ slot, name }: FileAddress, request: Request): Promise<Response> => {
    const line = lineOf(slot)
    const answer = await line({ t: "what", name }, patience)
    // With nothing in it a navigation does not leave the page where somebody wanted to save a file.
    const missing = request.mode === "navigate" ? 204 : 404
    if (answer?.t !== "file") return new Response(null, { status: missing, headers: guarded })
    const { file } = answer
    const range = rangeOf(request.headers.get("range"), file.size)
    if (range === "unsatisfiable")
      return new Response(null, {
        status: 416,
        headers: { ...guarded, "content-range": `bytes */${file.size}` },
      })
    const { from, to } = range ?? { from: 0, to: file.size }
    // A tab, a frame, an object: for them it is something to save, whatever it is.
    const shown = file.inline && elements.has(request.destination)
    const headers = {
      ...guarded,
      "content-type": shown ? file.type : "application/octet-stream",
      "content-disposition": `${shown ? "inline" : "attachment"}; filename*=UTF-8''${encodeName(file.name)}`,
      "content-length": String(to - from),
      "accept-ranges": "bytes",
      ...(range ? { "content-range": `bytes ${from}-${to - 1}/${file.size}` } : {}),
    }
    return new Response(streamOf(line, name, from, to), { status: range ? 206 : 200, headers })
  }
}

const guarded = {
  "content-security-policy": "sandbox; default-src 'none'",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
}

/** RFC 8187. */
const encodeName = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** Pulled: the next part is asked for when somebody has taken the last. */
function streamOf(line: Line, name: string, from: number, to: number): ReadableStream<Uint8Array> {
  let at = from
  return new ReadableStream(
    {
      async pull(controller) {
        if (at >= to) return controller.close()
        const answer = await line({ t: "pull", name, from: at, to: Math.min(to, at + PART) }, PATIENCE_MS)
        const bytes = answer?.t === "bytes" ? answer.bytes : undefined
        if (!bytes || bytes.length === 0) return controller.error(new Error("the file cannot be read on"))
        at += bytes.length
        controller.enqueue(bytes)
        if (at >= to) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}

type Asked<T> = T extends unknown ? Omit<T, "n"> : never
type Line = (message: Asked<ToDoor>, ms: number) => Promise<FromDoor | undefined>

function lineOn(channel: Channel): Line {
  const waiting = new Map<string, (answer: FromDoor | undefined) => void>()
  channel.onmessage = ({ data }) => {
    const answer = data as FromDoor
    waiting.get(answer.n)?.(answer)
  }
  return (message, ms) =>
    new Promise((done) => {
      // An older service worker may be listening too: no number is used twice.
      const n = crypto.randomUUID()
      const end = (answer: FromDoor | undefined) => {
        clearTimeout(timer)
        waiting.delete(n)
        done(answer)
      }
      const timer = setTimeout(() => end(undefined), ms)
      waiting.set(n, end)
      channel.postMessage({ ...message, n })
    })
}
