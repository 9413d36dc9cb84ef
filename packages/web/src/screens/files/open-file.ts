/** A file's address, and saving it. The address is answered by the service worker, and whoever goes there gets an attachment. */

import { savedName } from "@teahouse/client/view/file-name.ts"
import type { CommandError } from "@teahouse/client/view/port/basic.ts"
import type { ClientPort, CommandValue } from "@teahouse/client/view/port.ts"
import { useEffect, useState } from "react"
import { useHouse } from "../../port/use-view.ts"
import type { At } from "./previews.ts"

export type Opened = CommandValue<"openFile">

/**
 * Streams to the browser's download folder: the bytes never stand in the page. It is a navigation, which an attachment ends where
 * it began: what a link with `download` asks for passes the service worker by, and the house would answer.
 */
export async function saveFile(port: ClientPort, at: At): Promise<CommandError | undefined> {
  const answer = await port.command("openFile", at)
  if (!answer.ok) return answer.error
  const link = document.createElement("a")
  link.href = answer.value.url
  if (link.protocol === "blob:") link.download = savedName(answer.value.name)
  // Nobody else can answer it, and the page must stay.
  else if (!navigator.serviceWorker?.controller) return { kind: "offline" }
  link.rel = "noopener"
  document.body.append(link)
  link.click()
  link.remove()
  return undefined
}

export type Opening = { readonly opened?: Opened; readonly error?: CommandError }

/** Open as long as the component stands and `wanted`. */
export function useOpened(at: At, wanted: boolean): Opening {
  const { port } = useHouse()
  const { room, key, seq, line } = at
  const [opening, setOpening] = useState<Opening>({})
  useEffect(() => {
    if (!wanted) return
    let live = true
    let url: string | undefined
    const file = { room, key, ...(seq !== undefined && { seq }), ...(line !== undefined && { line }) }
    void port.command("openFile", file).then((answer) => {
      if (!answer.ok) return live && setOpening({ error: answer.error })
      url = answer.value.url
      if (live) setOpening({ opened: answer.value })
      else void port.command("closeFile", { url })
    })
    return () => {
      live = false
      setOpening({})
      if (url !== undefined) void port.command("closeFile", { url })
    }
  }, [port, room, key, seq, line, wanted])
  return opening
}
