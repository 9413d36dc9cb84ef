/**
 * Writes what others send to the chosen folder, in a subfolder for each chat, as it comes. One tab does it at a time (a Web
 * Lock). Each file is streamed from its address, never held. A name that is taken gets a number; nothing is
 * overwritten. What came while no tab was open is found again by looking at the latest of each chat.
 */

import { freeName, savedName } from "@teahouse/client/view/file-name.ts"
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { ClientPort, ViewArgs, ViewName, ViewValue } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type Keeping, mayWrite, readDone, readKeeping, subscribeKeeping, writeDone } from "./keep-store.ts"
import { saveFile } from "./open-file.ts"
import { type At, atOf, nameOf } from "./previews.ts"

/** Of each chat. */
const LATEST = 60

/** Until `stop`. */
export function startKeeping(port: ClientPort, slot: number): () => void {
  /** Time of the last line that was looked at, by chat. */
  const seen = new Map<Id, number>()
  let rooms: ViewValue<"roomList">["rooms"] = []
  let running = false
  let again = false
  let stopped = false

  const look = async () => {
    if (running) {
      again = true
      return
    }
    running = true
    do {
      again = false
      const keeping = await readKeeping(slot)
      if (keeping.way === "off" || (keeping.way === "folder" && !(await mayWrite(keeping.folder)))) break
      for (const { room, title, at } of rooms) {
        if (stopped) break
        if ((seen.get(room) ?? 0) >= at) continue
        if (await keepChat(port, slot, keeping, room, title)) seen.set(room, at)
      }
    } while (again && !stopped)
    running = false
  }
  const ends = [
    port.subscribe("roomList", undefined, (value) => {
      rooms = value.rooms
      void look()
    }),
    subscribeKeeping(() => {
      seen.clear()
      void look()
    }),
  ]
  return () => {
    stopped = true
    for (const end of ends) end()
  }
}

const first = <V extends ViewName>(port: ClientPort, view: V, args: ViewArgs<V>): Promise<ViewValue<V>> =>
  new Promise((done) => {
    const stop = port.subscribe(view, args, (value) => {
      setTimeout(() => stop(), 0)
      done(value)
    })
  })

/** True when nothing is left to be tried again. */
async function keepChat(port: ClientPort, slot: number, keeping: Keeping, room: Id, title: string) {
  const window = { room, around: "end", limit: LATEST } as const
  const ask = (what: "visual" | "file") => first(port, "media", { ...window, what })
  const lines = (await first(port, "timeline", window)).items.filter((item) => item.type === "message")
  const items = [...(await ask("visual")).items, ...(await ask("file")).items, ...lines]
  let all = true
  await navigator.locks.request(`teahouse-keep-${slot}`, async () => {
    const done = await readDone(slot)
    for (const at of items.flatMap((item) => filesOf(room, item))) {
      const mark = `${room} ${nameOf(at)}`
      if (done.has(mark)) continue
      const kept =
        keeping.way === "folder"
          ? await write(port, keeping.folder, savedName(title), at)
          : (await saveFile(port, at)) === undefined
      all &&= kept
      if (!kept) continue
      done.add(mark)
      await writeDone(slot, done)
    }
  })
  return all
}

/** The message's own, or those of what it retells. One's own files are on one's own disk already. */
function filesOf(room: Id, item: MessageItem): At[] {
  if (item.mine || item.seq === undefined) return []
  const at = atOf(room, item)
  if (item.body.kind === "file") return [at]
  if (item.body.kind !== "bundle") return []
  return item.body.bundle.items.flatMap(({ file }, line) => (file ? [{ ...at, line }] : []))
}

async function write(
  port: ClientPort,
  folder: FileSystemDirectoryHandle,
  chat: string,
  at: At,
): Promise<boolean> {
  const answer = await port.command("openFile", at)
  if (!answer.ok) return false
  const { url, name } = answer.value
  try {
    const place = await folder.getDirectoryHandle(chat, { create: true })
    const taken = new Set<string>()
    for await (const other of namesIn(place)) taken.add(other.toLowerCase())
    const free = freeName(savedName(name), (one) => taken.has(one.toLowerCase()))
    const response = await fetch(url)
    if (!response.ok || !response.body) return false
    const file = await place.getFileHandle(free, { create: true })
    try {
      await response.body.pipeTo(await file.createWritable())
    } catch (error) {
      await place.removeEntry(free).catch(() => {})
      throw error
    }
    return true
  } catch {
    // A full disk, a folder that is gone, a network that broke off: tried again with the chat's next line, or after a reload.
    return false
  } finally {
    void port.command("closeFile", { url })
  }
}

/** lib.dom does not know the iterator yet. */
const namesIn = (folder: FileSystemDirectoryHandle) =>
  (folder as unknown as { keys(): AsyncIterable<string> }).keys()
