/**
 * UX 9: a draft is saved while it is typed (not while an input method composes) and when the page goes. The stored one is
 * taken over as long as nothing was typed here, so a second tab does not overwrite what a person is writing.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { useCallback, useEffect, useRef, useState } from "react"
import { useCommand, useView } from "../../port/use-view.ts"

const SAVE_MS = 250

export type Draft = {
  readonly text: string
  readonly set: (text: string, composing: boolean) => void
  /** Empties the box and the store, and returns what stood there. */
  readonly take: () => string
}

export function useDraft(room: Id): Draft {
  const command = useCommand()
  const stored = useView("composer", { room })?.draft
  const [text, setText] = useState("")
  /** What is on the screen, without what is half composed. */
  const whole = useRef("")
  const now = useRef("")
  const saved = useRef("")
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    if (stored === undefined || stored === saved.current) return
    if (now.current !== saved.current) return
    saved.current = stored
    whole.current = stored
    now.current = stored
    setText(stored)
  }, [stored])

  const save = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = undefined
    if (whole.current === saved.current) return
    saved.current = whole.current
    void command("setDraft", { room, text: whole.current })
  }, [command, room])

  const set = useCallback(
    (next: string, composing: boolean) => {
      now.current = next
      setText(next)
      if (composing) return
      whole.current = next
      timer.current ??= setTimeout(save, SAVE_MS)
    },
    [save],
  )

  const take = useCallback(() => {
    const taken = now.current
    now.current = ""
    whole.current = ""
    setText("")
    save()
    return taken
  }, [save])

  useEffect(() => {
    addEventListener("pagehide", save)
    return () => {
      removeEventListener("pagehide", save)
      save()
    }
  }, [save])

  return { text, set, take }
}
