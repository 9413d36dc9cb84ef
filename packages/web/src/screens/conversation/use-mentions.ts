/** The `@` that the caret stands in, and who matches it. Nothing is looked for in half-composed text (UX 5). */
import type { Member } from "@teahouse/client/view/port/basic.ts"
import type { Mention } from "@teahouse/client/view/port/messages.ts"
import { useMemo, useState } from "react"
import { en } from "../../text/areas/chat.ts"
import { useReadings } from "../../text/pinyin.ts"
import { useText } from "../../text/use-text.ts"
import { type Candidate, candidates, mentionAt } from "./mentions.ts"

const SHOWN = 30

export type Mentioning = {
  readonly open: boolean
  readonly found: readonly Candidate[]
  readonly at: number
  readonly from: number
  /** After each change of the text or the caret that is not half composed. */
  readonly look: (text: string, caret: number, mentions: readonly Mention[]) => void
  readonly move: (by: number) => void
  readonly point: (at: number) => void
  readonly close: () => void
}

export function useMentions(others: readonly Member[], mayCallAll: boolean): Mentioning {
  const text = useText()
  const [asked, setAsked] = useState<{ from: number; query: string }>()
  const [at, setAt] = useState(0)
  /** Esc closed the one that began here. */
  const [closed, setClosed] = useState<number>()
  const readings = useReadings(asked !== undefined)
  const everyone = useMemo(
    () => (mayCallAll ? [text.everyone, "所有人", en.everyone, "all"] : []),
    [text, mayCallAll],
  )
  const found = useMemo(
    () => (asked ? candidates(others, asked.query, everyone, readings).slice(0, SHOWN) : []),
    [asked, others, everyone, readings],
  )
  const open = asked !== undefined && asked.from !== closed && found.length > 0
  return {
    open,
    found,
    at: Math.min(at, Math.max(0, found.length - 1)),
    from: asked?.from ?? 0,
    look: (words, caret, mentions) => {
      const next = others.length > 0 ? mentionAt(words, caret, mentions) : undefined
      if (next?.from !== asked?.from || next?.query !== asked?.query) {
        setAsked(next)
        setAt(0)
      }
      if (!next || next.from !== closed) setClosed(undefined)
    },
    move: (by) => setAt((at + by + found.length) % found.length),
    point: setAt,
    close: () => setClosed(asked?.from),
  }
}
