/**
 * Which part of a chat's timeline is on the page. The window itself is the virtualisation: never more than LIMIT lines
 * are in the DOM, whatever the chat's length, and it moves when reading comes near its edge. Rejected: measuring rows in a
 * virtual list – it estimates heights and jumps; here the browser lays out real lines, and one anchor line keeps its place.
 */
import type { Timeline } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useCallback, useEffect, useRef, useState } from "react"
import { useView } from "../../port/use-view.ts"

export const LIMIT = 120
type Around = "end" | "unread" | number

export type TimelineWindow = {
  readonly timeline: Timeline | undefined
  readonly around: Around
  readonly move: (around: Around) => void
}

export function useTimelineWindow(room: Id): TimelineWindow {
  const [around, setAround] = useState<Around>("unread")
  const value = useView("timeline", { room, around, limit: LIMIT })
  // While the next window is on its way the last one stays.
  const [kept, setKept] = useState<Timeline>()
  const asked = useRef<Around>("unread")
  useEffect(() => {
    if (value) setKept(value)
  }, [value])
  const move = useCallback((next: Around) => {
    if (asked.current === next) return
    asked.current = next
    setAround(next)
  }, [])
  return { timeline: value ?? kept, around, move }
}
