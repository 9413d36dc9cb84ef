/**
 * UX 34: the log itself is silent; what comes while one listens is said in batches by a region of its own, a failed
 * sending at once.
 */
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { said } from "@teahouse/client/words/said.ts"
import { useEffect, useRef, useState } from "react"
import type { Text } from "../../text/en.ts"
import { useText } from "../../text/use-text.ts"
import type { MessageItem } from "./rows.ts"

const BATCH_MS = 1_000

export function announcement(fresh: readonly MessageItem[], text: Text): string {
  const last = fresh.at(-1)
  if (!last) return ""
  if (fresh.length === 1) return text.announceOne(last.from.name, said(last, text))
  const same = fresh.every((item) => item.from.user === last.from.user)
  return same
    ? text.announceSame(last.from.name, fresh.length)
    : text.announceMany(last.from.name, fresh.length)
}

export function Announcer({ items }: { readonly items: readonly TimelineItem[] | undefined }) {
  const text = useText()
  const [polite, setPolite] = useState("")
  const [failed, setFailed] = useState("")
  const seen = useRef<number>(undefined)
  const refused = useRef(new Set<string>())
  const waiting = useRef<MessageItem[]>([])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    if (!items) return
    const opening = seen.current === undefined
    const before = seen.current ?? 0
    let newlyRefused = false
    for (const item of items) {
      seen.current = Math.max(seen.current ?? 0, item.seq ?? 0)
      if (item.type !== "message") continue
      if (!opening && !item.mine && !item.blocked && (item.seq ?? 0) > before) waiting.current.push(item)
      if (item.delivery === "refused" && !refused.current.has(item.key)) {
        refused.current.add(item.key)
        newlyRefused ||= !opening
      }
    }
    seen.current ??= 0
    if (newlyRefused) setFailed(text.sendFailed)
    if (waiting.current.length > 0)
      timer.current ??= setTimeout(() => {
        timer.current = undefined
        setPolite(announcement(waiting.current, text))
        waiting.current = []
      }, BATCH_MS)
  }, [items, text])
  useEffect(() => () => clearTimeout(timer.current), [])

  return (
    <>
      <p aria-live="polite" className="sr-only">
        {polite}
      </p>
      <p aria-live="assertive" className="sr-only">
        {failed}
      </p>
    </>
  )
}
