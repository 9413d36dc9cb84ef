/**
 * UX 8 and 9: what is being written, with its mentions, what it answers or edits. It is saved while one types (not while an
 * input method composes) and when the page goes. The stored one is taken over as long as nothing was typed here, so a second
 * tab does not overwrite what a person is writing. What was lost with a worker is saved again, and the older one that the next
 * worker tells of does not take its place. An edit stashes what stood there, and brings it back when it ends.
 */
import type { Mention, MessageItem, Quote, Draft as Stored } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useCallback, useEffect, useMemo, useRef, useState } from "react"
import { useCommand, useView } from "../../port/use-view.ts"
import { shiftMentions } from "./mentions.ts"

const SAVE_MS = 250
/** The signature of nothing that is stored. */
const LOST = ""

export type Writing = {
  readonly text: string
  readonly mentions: readonly Mention[]
  readonly reply?: Quote | undefined
  readonly edit?: { readonly seq: number; readonly stashed: Writing } | undefined
}
const nothing: Writing = { text: "", mentions: [] }

export type Draft = Writing & {
  /** `composing`: half-composed text is shown and not saved. */
  readonly set: (text: string, composing: boolean, mentions?: readonly Mention[]) => void
  readonly answer: (quote: Quote | undefined) => void
  readonly startEdit: (item: MessageItem) => void
  /** Brings back what stood there before the edit. */
  readonly endEdit: () => void
  /** Empties the box and the store (or ends the edit), and returns what stood there. */
  readonly take: () => Writing
  /** After a refusal: what was taken stands there again, unless something new does. */
  readonly giveBack: (taken: Writing) => void
}

const signature = ({ text, mentions, reply, edit }: Writing) =>
  JSON.stringify([text, mentions, reply?.seq ?? null, edit?.seq ?? null])

const fromStore = ({ draft, mentions, reply, edit }: Stored): Writing => ({
  text: draft,
  mentions: mentions ?? [],
  reply,
  edit: edit && { seq: edit.seq, stashed: { ...nothing, text: edit.stashed } },
})

export function useDraft(room: Id): Draft {
  const command = useCommand()
  const stored = useView("composer", { room })
  const [writing, setWriting] = useState<Writing>(nothing)
  /** What is on the screen, and what of it is not half composed. */
  const now = useRef<Writing>(nothing)
  const whole = useRef<Writing>(nothing)
  const saved = useRef(signature(nothing))
  const underWay = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const save = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = undefined
    const { text, mentions, reply, edit } = whole.current
    const sign = signature(whole.current)
    if (sign === saved.current) return
    saved.current = sign
    underWay.current += 1
    const args = { room, text, mentions, reply: reply?.seq ?? null, edit: edit?.seq ?? null }
    void command("setDraft", args).then((result) => {
      underWay.current -= 1
      if (result.ok || result.error.kind !== "busy" || saved.current !== sign) return
      saved.current = LOST
      timer.current ??= setTimeout(save, SAVE_MS)
    })
  }, [command, room])

  const put = useCallback((next: Writing) => {
    now.current = next
    whole.current = next
    setWriting(next)
  }, [])

  useEffect(() => {
    // Snapshots that come while one is being saved tell what stood there before.
    if (!stored || underWay.current > 0 || timer.current !== undefined) return
    const next = fromStore(stored)
    const sign = signature(next)
    if (sign === saved.current || signature(now.current) !== saved.current) return
    saved.current = sign
    put(next)
  }, [stored, put])

  const actions = useMemo(() => {
    const change = (next: Writing) => {
      put(next)
      timer.current ??= setTimeout(save, SAVE_MS)
    }
    const atOnce = (next: Writing) => {
      put(next)
      save()
    }
    return {
      set: (text: string, composing: boolean, mentions?: readonly Mention[]) => {
        const before = now.current
        const kept = mentions ?? shiftMentions(before.mentions, before.text, text)
        const next = { ...before, text, mentions: kept }
        if (!composing) return change(next)
        now.current = next
        setWriting(next)
      },
      answer: (quote: Quote | undefined) => {
        const { edit } = now.current
        atOnce({ ...(edit ? edit.stashed : now.current), reply: quote, edit: undefined })
      },
      startEdit: (item: MessageItem) => {
        if (item.seq === undefined) return
        const { edit, ...rest } = now.current
        const stashed = edit?.stashed ?? rest
        atOnce({ text: item.text, mentions: item.mentions, edit: { seq: item.seq, stashed } })
      },
      endEdit: () => atOnce(now.current.edit?.stashed ?? now.current),
      take: () => {
        const taken = now.current
        atOnce(taken.edit?.stashed ?? nothing)
        return taken
      },
      giveBack: (taken: Writing) => {
        if (taken.edit) atOnce({ ...taken, edit: { ...taken.edit, stashed: now.current } })
        else if (now.current.text === "" && !now.current.edit) atOnce(taken)
      },
    }
  }, [put, save])

  useEffect(() => {
    addEventListener("pagehide", save)
    return () => {
      removeEventListener("pagehide", save)
      save()
    }
  }, [save])

  return useMemo(() => ({ ...writing, ...actions }), [writing, actions])
}
