/**
 * Which part of a chat's timeline is on the page. The window itself is the virtualisation: never more than LIMIT lines
 * are in the DOM, whatever the chat's length, and it moves when reading comes near its edge. Rejected: measuring rows in a
 * virtual list – it estimates heights and jumps; here the browser lays out real lines, and one anchor line keeps its place.
 */
import type { Timeline } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { startTransition, useCallback, useEffect, useRef, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { type Around, type Drawn, drawNext, grown, isWhole, nothingDrawn } from "./drawn.ts"
import { sameLines } from "./same-lines.ts"

export const LIMIT = 120

export type TimelineWindow = {
  /** The window, and how much of it is drawn so far. */
  readonly drawn: Drawn
  readonly around: Around
  readonly move: (around: Around) => void
}

export function useTimelineWindow(room: Id): TimelineWindow {
  const [around, setAround] = useState<Around>("unread")
  const value = useView("timeline", { room, around, limit: LIMIT })
  const [same] = useState(sameLines)
  const [kept, setKept] = useState(nothingDrawn)
  const asked = useRef<Around>("unread")
  const move = useCallback((next: Around) => {
    if (asked.current === next) return
    asked.current = next
    setAround(next)
  }, [])

  // While the next window is on its way the last one stays.
  const timeline: Timeline | undefined = value ? same(value) : kept.timeline
  const drawn = timeline && timeline !== kept.timeline ? drawNext(kept, timeline, around) : kept
  if (drawn !== kept) setKept(drawn)
  useEffect(() => {
    // A transition gives way to whatever a person does meanwhile.
    if (!isWhole(drawn)) startTransition(() => setKept((now) => (now === drawn ? grown(now) : now)))
  }, [drawn])
  return { drawn, around, move }
}
