/**
 * The small pictures inside messages, as addresses for `img`. They are asked for once and kept for the last few hundred, so
 * that scrolling back shows them at once; what is shown now is never among those let go.
 */
import type { ClientPort } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useEffect, useState } from "react"
import { useHouse } from "../../port/use-view.ts"

const KEEP = 300
type Kept = { readonly url: Promise<string | undefined>; shown: number }
const kept = new Map<string, Kept>()

/** `line`: of several messages that were forwarded as one. */
export type At = {
  readonly room: Id
  readonly key: string
  readonly seq?: number
  readonly line?: number
}
/** A name that no other file in any chat has. */
export const nameOf = ({ key, line }: At): string => (line === undefined ? key : `${key} ${line}`)
export const atOf = (room: Id, item: { readonly key: string; readonly seq?: number }): At => ({
  room,
  key: item.key,
  ...(item.seq !== undefined && { seq: item.seq }),
})

async function ask(port: ClientPort, at: At): Promise<string | undefined> {
  const answer = await port.command("filePreview", at)
  if (!answer.ok || !answer.value.thumb) return undefined
  // Only as the source of an `img`: whatever these bytes are, they run nothing there.
  return URL.createObjectURL(new Blob([new Uint8Array(answer.value.thumb)]))
}

function hold(port: ClientPort, at: At): Kept {
  const name = `${at.room} ${nameOf(at)}`
  const one = kept.get(name) ?? { url: ask(port, at), shown: 0 }
  kept.delete(name)
  kept.set(name, one)
  one.shown += 1
  for (const [key, old] of kept) {
    if (kept.size <= KEEP) break
    if (old.shown > 0) continue
    kept.delete(key)
    void old.url.then((url) => url && URL.revokeObjectURL(url))
  }
  void one.url.then((url) => {
    // Not there yet, or offline: the next one who looks asks again.
    if (url === undefined && kept.get(name) === one) kept.delete(name)
  })
  return one
}

export function usePreview(at: At, wanted: boolean): string | undefined {
  const { port } = useHouse()
  const { room, key, seq, line } = at
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (!wanted) return
    let live = true
    const one = hold(port, {
      room,
      key,
      ...(seq !== undefined && { seq }),
      ...(line !== undefined && { line }),
    })
    void one.url.then((made) => live && setUrl(made))
    return () => {
      live = false
      one.shown -= 1
    }
  }, [port, room, key, seq, line, wanted])
  return url
}
