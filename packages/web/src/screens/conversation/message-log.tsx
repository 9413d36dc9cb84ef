/** UX 13–15 and 34: opens at the first unread, follows only at the bottom, keeps its place when older lines come. */
import type { Timeline } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react"
import { useCommand } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { DownIcon, UpIcon } from "../../ui/icons.tsx"
import { useNow } from "../../ui/use-now.ts"
import { Announcer } from "./announcer.tsx"
import { EventLine, TimeLine, UnreadLine } from "./event-line.tsx"
import { Message } from "./message.tsx"
import { type Row, rowsOf } from "./rows.ts"
import { useTimelineWindow } from "./use-window.ts"

/** Nearer to the end than this counts as being there. */
const BOTTOM_PX = 80
const MINUTE = 60_000

export type LogHandle = { readonly toLatest: () => void }
type Props = { readonly room: Id; readonly named: boolean; readonly handle: React.Ref<LogHandle> }
type Anchor = { readonly key: string; readonly top: number }

const lines = (box: HTMLElement) => [...box.querySelectorAll<HTMLElement>("[data-key]")]

/** The first line that is not wholly above the visible part. */
function firstVisible(box: HTMLElement): HTMLElement | undefined {
  const top = box.getBoundingClientRect().top
  const all = lines(box)
  let low = 0
  let high = all.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((all[middle]?.getBoundingClientRect().bottom ?? 0) > top) high = middle
    else low = middle + 1
  }
  return all[low]
}

function lastVisibleSeq(box: HTMLElement): number {
  const bottom = box.getBoundingClientRect().bottom
  let seq = 0
  for (const line of lines(box)) {
    if (line.getBoundingClientRect().top > bottom - 8) break
    seq = Math.max(seq, Number(line.dataset.seq ?? 0))
  }
  return seq
}

export function MessageLog({ room, named, handle }: Props) {
  const text = useText()
  const command = useCommand()
  const now = useNow(MINUTE)
  const { timeline, around, move } = useTimelineWindow(room)
  const box = useRef<HTMLDivElement>(null)
  const inner = useRef<HTMLDivElement>(null)
  const anchor = useRef<Anchor>(undefined)
  const following = useRef(true)
  const opened = useRef(false)
  const latest = useRef<Timeline>(undefined)
  const marked = useRef(0)
  const sizes = useRef("")
  const [away, setAway] = useState(false)
  const [lineAbove, setLineAbove] = useState(false)
  const [unreadFrom, setUnreadFrom] = useState<number>()
  const [focused, setFocused] = useState<string>()

  // The line stays where reading began until the chat is left; what comes while nobody looks begins a new one.
  const first = timeline?.unreadFrom
  useEffect(() => {
    if (first !== undefined) setUnreadFrom((before) => before ?? first)
  }, [first])
  const line = unreadFrom ?? first
  const rows = useMemo(() => rowsOf(timeline?.items ?? [], line), [timeline?.items, line])
  const lastKey = rows.findLast((row) => row.type === "message")?.key
  const focusKey = focused !== undefined && rows.some((row) => row.key === focused) ? focused : lastKey

  const toBottom = useCallback(() => {
    const element = box.current
    if (element) element.scrollTop = element.scrollHeight
  }, [])

  const note = useCallback(() => {
    const element = box.current
    const value = latest.current
    if (!element || !value) return
    // Who follows and finds the sizes changed was not scrolled by hand: a late font or picture, a growing composer.
    const size = `${element.scrollHeight} ${element.clientHeight}`
    if (following.current && value.atEnd && size !== sizes.current) toBottom()
    sizes.current = size
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    following.current = value.atEnd && below <= BOTTOM_PX
    setAway(!following.current)
    const top = firstVisible(element)
    anchor.current = top?.dataset.key
      ? { key: top.dataset.key, top: top.getBoundingClientRect().top - element.getBoundingClientRect().top }
      : undefined
    const unread = element.querySelector("[data-unread]")
    setLineAbove(
      unread !== null && unread.getBoundingClientRect().bottom < element.getBoundingClientRect().top,
    )
    if (document.visibilityState === "visible") {
      const seq = following.current ? value.last : lastVisibleSeq(element)
      if (seq > marked.current) {
        marked.current = seq
        void command("markRead", { room, seq })
      }
    }
    const here = Number(top?.dataset.seq ?? 0)
    if (element.scrollTop < 1.2 * element.clientHeight && !value.atStart && here > 0) move(here)
    else if (below < 1.2 * element.clientHeight && !value.atEnd && value.last > 0)
      move(lastVisibleSeq(element) || value.last)
    else if (following.current) move("end")
  }, [command, move, room, toBottom])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is restored after each change of the lines
  useLayoutEffect(() => {
    const element = box.current
    if (!element || !timeline) return
    latest.current = timeline
    if (!opened.current) {
      opened.current = true
      const unread = element.querySelector<HTMLElement>("[data-unread]")
      following.current = unread === null
      if (unread) element.scrollTop = unread.offsetTop - element.clientHeight / 4
      else toBottom()
    } else if (following.current && timeline.atEnd) toBottom()
    else if (anchor.current) {
      const kept = element.querySelector<HTMLElement>(`[data-key="${CSS.escape(anchor.current.key)}"]`)
      if (kept) {
        const top = kept.getBoundingClientRect().top - element.getBoundingClientRect().top
        element.scrollTop += top - anchor.current.top
      }
    }
    note()
  }, [rows])

  useEffect(() => {
    const element = box.current
    const content = inner.current
    if (!element || !content) return
    // A growing composer, an opening keyboard, a font that comes late: the end stays the end.
    const observer = new ResizeObserver(() => {
      if (following.current) toBottom()
    })
    observer.observe(element)
    observer.observe(content)
    let frame = 0
    const onScroll = () => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(note)
    }
    element.addEventListener("scroll", onScroll, { passive: true })
    const onVisible = () => {
      if (document.visibilityState === "hidden") {
        // All is read: the next one that comes in the dark starts a new line.
        if (marked.current >= (latest.current?.last ?? 0)) setUnreadFrom(marked.current + 1)
      } else note()
    }
    document.addEventListener("visibilitychange", onVisible)
    return () => {
      cancelAnimationFrame(frame)
      observer.disconnect()
      element.removeEventListener("scroll", onScroll)
      document.removeEventListener("visibilitychange", onVisible)
    }
  }, [note, toBottom])

  const toLatest = useCallback(() => {
    following.current = true
    if (latest.current?.atEnd) toBottom()
    move("end")
  }, [move, toBottom])
  useImperativeHandle(handle, () => ({ toLatest }), [toLatest])

  const onKeyDown = (event: KeyboardEvent) => {
    const article = (event.target as HTMLElement).closest?.("article")
    if (!article || event.target !== article || event.nativeEvent.isComposing) return
    const all = [...(box.current?.querySelectorAll<HTMLElement>("article") ?? [])]
    const index = all.indexOf(article as HTMLElement)
    const next = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: all.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    all[Math.min(all.length - 1, Math.max(0, next))]?.focus()
  }

  const unread = timeline?.unread ?? 0
  const pill =
    "absolute end-4 flex min-h-10 items-center gap-1.5 rounded-full border border-line bg-surface px-3.5 text-sm font-medium text-accent shadow-(--shadow) animate-[rise_160ms_ease-out]"
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        role="log"
        aria-label={text.messages}
        aria-live="off"
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          const key = (event.target as HTMLElement).dataset.key
          if (key !== undefined) setFocused(key)
        }}
        className="h-full overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        <div ref={inner} className="mx-auto flex min-h-full max-w-4xl flex-col justify-end pb-3">
          {timeline && !timeline.atStart && (
            <p className="py-3 text-center text-xs text-soft">{text.loading}</p>
          )}
          {rows.map((row) => (
            <Line
              key={row.key}
              row={row}
              room={room}
              named={named}
              now={now}
              focusable={row.key === focusKey}
            />
          ))}
          {timeline && rows.length === 0 && (
            <p className="m-auto p-8 text-center text-soft">{text.emptyChat}</p>
          )}
        </div>
      </div>
      {lineAbove && away && around !== "unread" && (
        <button
          type="button"
          className={`${pill} top-3`}
          onClick={() => {
            const element = box.current
            const mark = element?.querySelector<HTMLElement>("[data-unread]")
            if (element && mark) element.scrollTop = mark.offsetTop - element.clientHeight / 4
          }}
        >
          <UpIcon size={18} />
          {text.newMessages}
        </button>
      )}
      {away && (
        <button type="button" className={`${pill} bottom-3`} onClick={toLatest}>
          <DownIcon size={18} />
          {unread > 0 ? text.newBelow(unread) : text.toLatest}
        </button>
      )}
      <Announcer items={timeline?.atEnd ? timeline.items : undefined} />
    </div>
  )
}

type LineProps = {
  readonly row: Row
  readonly room: Id
  readonly named: boolean
  readonly now: number
  readonly focusable: boolean
}

function Line({ row, room, named, now, focusable }: LineProps) {
  switch (row.type) {
    case "time":
      return <TimeLine at={row.at} now={now} />
    case "unread":
      return <UnreadLine />
    case "event":
      return <EventLine id={row.key} event={row.item.event} seq={row.item.seq} />
    case "message":
      return (
        <Message
          room={room}
          item={row.item}
          first={row.first}
          last={row.last}
          named={named}
          focusable={focusable}
        />
      )
  }
}
