/** UX 13–15 and 34: opens at the first unread, follows only at the bottom, keeps its place when older lines come. */
import type { MessageItem, Timeline } from "@teahouse/client/view/port/messages.ts"
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
import { useShortcut } from "../../keys/actions.ts"
import { useCommand } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { DownIcon, UpIcon } from "../../ui/icons.tsx"
import { ReturnIcon } from "../../ui/message-icons.tsx"
import { useNow } from "../../ui/use-now.ts"
import { Announcer } from "./announcer.tsx"
import { type Drawn, isWhole, reachesEnd, reachesStart } from "./drawn.ts"
import { Line, type Selection } from "./line.tsx"
import { newAbove, rowsBetween, rowsOf } from "./rows.ts"
import { useTimelineWindow } from "./use-window.ts"

/** Nearer to the end than this counts as being there. */
const BOTTOM_PX = 80
const MINUTE = 60_000
/** UX 14: how long a message that one jumped to is marked. */
const MARKED_MS = 2_000

export type LogHandle = {
  readonly toLatest: () => void
  /** To a message, wherever it is; `from` is where the way back leads, the top of what is seen where it is absent. */
  readonly jump: (seq: number, from?: number) => void
  /** The newest of one's own messages on the page that may still be edited. */
  readonly lastOwn: () => MessageItem | undefined
}
type Props = {
  readonly room: Id
  readonly named: boolean
  readonly selection: Selection
  readonly handle: React.Ref<LogHandle>
}
type Anchor = { readonly key: string; readonly top: number }

const within = ({ first, last }: Timeline, seq: number) => first <= seq && seq <= last
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

/** Undefined: the "New" line is not above. What lies before the window was counted when the chat was opened. */
function linesAbove(
  box: HTMLElement,
  { items, first }: Timeline,
  begun: { readonly from: number; readonly count: number } | undefined,
  seen: number,
): number | undefined {
  if (!begun) return undefined
  const mark = box.querySelector("[data-unread]")
  const above = mark
    ? mark.getBoundingClientRect().bottom < box.getBoundingClientRect().top
    : begun.from < seen
  if (!above) return undefined
  const count = newAbove(items, begun.from, seen)
  return begun.from >= first ? count : Math.max(count, begun.count)
}

export function MessageLog({ room, named, selection, handle }: Props) {
  const text = useText()
  const command = useCommand()
  const now = useNow(MINUTE)
  const { drawn, around, move } = useTimelineWindow(room)
  const { timeline } = drawn
  const box = useRef<HTMLDivElement>(null)
  const inner = useRef<HTMLDivElement>(null)
  const anchor = useRef<Anchor>(undefined)
  const following = useRef(true)
  const opened = useRef(false)
  const latest = useRef<Drawn>(undefined)
  const marked = useRef(0)
  const telling = useRef(false)
  const sizes = useRef("")
  const target = useRef<number>(undefined)
  const markTimer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [mark, setMark] = useState<number>()
  const [back, setBack] = useState<number>()
  const [inside, setInside] = useState(false)
  const [away, setAway] = useState(false)
  const [above, setAbove] = useState<number>()
  /** Where reading began, and how many there were to read then. */
  const [begun, setBegun] = useState<{ readonly from: number; readonly count: number }>()
  const [focused, setFocused] = useState<string>()

  // The line stays where reading began until the chat is left; what comes while nobody looks begins a new one.
  const first = timeline?.unreadFrom
  const firstCount = timeline?.unread ?? 0
  useEffect(() => {
    if (first !== undefined) setBegun((before) => before ?? { from: first, count: firstCount })
  }, [first, firstCount])
  const line = begun?.from ?? first
  const start = useRef(begun)
  start.current = begun
  const all = useMemo(() => rowsOf(timeline?.items ?? [], line), [timeline?.items, line])
  const firstKey = timeline?.items[drawn.from]?.key ?? ""
  const endKey = timeline?.items[drawn.to - 1]?.key ?? ""
  const rows = useMemo(() => rowsBetween(all, firstKey, endKey), [all, firstKey, endKey])
  const lastKey = rows.findLast((row) => row.type === "message")?.key
  const focusKey = focused !== undefined && rows.some((row) => row.key === focused) ? focused : lastKey

  const toBottom = useCallback(() => {
    const element = box.current
    if (element) element.scrollTop = element.scrollHeight
  }, [])

  /** One step is under way at a time; what was scrolled past meanwhile is one more. */
  const tellRead = useCallback(async () => {
    if (telling.current) return
    telling.current = true
    for (let told = 0; told < marked.current; ) {
      told = marked.current
      await command("markRead", { room, seq: told })
    }
    telling.current = false
  }, [command, room])

  const note = useCallback(() => {
    const element = box.current
    const shown = latest.current
    const value = shown?.timeline
    if (!element || !shown || !value) return
    const atEnd = reachesEnd(shown)
    // Who follows and finds the sizes changed was not scrolled by hand: a late font or picture, a growing composer.
    const size = `${element.scrollHeight} ${element.clientHeight}`
    if (following.current && atEnd && size !== sizes.current) toBottom()
    sizes.current = size
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    following.current = atEnd && below <= BOTTOM_PX
    setAway(!following.current)
    const top = firstVisible(element)
    anchor.current = top?.dataset.key
      ? { key: top.dataset.key, top: top.getBoundingClientRect().top - element.getBoundingClientRect().top }
      : undefined
    const here = Number(top?.dataset.seq ?? 0)
    setAbove(linesAbove(element, value, start.current, here))
    if (document.visibilityState === "visible") {
      const seq = following.current ? value.last : lastVisibleSeq(element)
      if (seq > marked.current) {
        marked.current = seq
        void tellRead()
      }
    }
    if (!isWhole(shown)) return
    if (element.scrollTop < 1.2 * element.clientHeight && !value.atStart && here > 0) move(here)
    else if (below < 1.2 * element.clientHeight && !value.atEnd && value.last > 0)
      move(lastVisibleSeq(element) || value.last)
    else if (following.current) move("end")
  }, [move, tellRead, toBottom])

  /** Shows a message that is on the page, in the middle; false where it is not. */
  const show = useCallback((seq: number): boolean => {
    const element = box.current
    const found = element?.querySelector<HTMLElement>(`[data-seq="${seq}"]`)
    if (!element || !found) return false
    target.current = undefined
    following.current = false
    const place = found.getBoundingClientRect()
    const middle = Math.max(0, (element.clientHeight - place.height) / 2)
    element.scrollTop += place.top - element.getBoundingClientRect().top - middle
    // Who jumped from inside the log reads on there.
    if (element.contains(document.activeElement)) found.focus({ preventScroll: true })
    setMark(seq)
    clearTimeout(markTimer.current)
    markTimer.current = setTimeout(() => setMark(undefined), MARKED_MS)
    return true
  }, [])
  useEffect(() => () => clearTimeout(markTimer.current), [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is restored after each change of the lines
  useLayoutEffect(() => {
    const element = box.current
    if (!element || !timeline) return
    latest.current = drawn
    if (!opened.current) {
      opened.current = true
      const unread = element.querySelector<HTMLElement>("[data-unread]")
      following.current = unread === null
      if (unread) element.scrollTop = unread.offsetTop - element.clientHeight / 4
      else toBottom()
    } else if (target.current !== undefined && show(target.current)) {
      // There it is.
    } else if (following.current && reachesEnd(drawn)) toBottom()
    else if (anchor.current) {
      const kept = element.querySelector<HTMLElement>(`[data-key="${CSS.escape(anchor.current.key)}"]`)
      if (kept) {
        const top = kept.getBoundingClientRect().top - element.getBoundingClientRect().top
        element.scrollTop += top - anchor.current.top
      }
    }
    if (target.current === undefined) note()
    else if (around !== target.current) move(target.current)
    // Its window is here and it is not in it: it is gone.
    else if (isWhole(drawn) && within(timeline, target.current) && !show(target.current))
      target.current = undefined
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
        if (marked.current >= (latest.current?.timeline?.last ?? 0))
          setBegun({ from: marked.current + 1, count: 0 })
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
    target.current = undefined
    setBack(undefined)
    if (latest.current && reachesEnd(latest.current)) toBottom()
    move("end")
  }, [move, toBottom])
  const jump = useCallback(
    (seq: number, from?: number) => {
      const here = box.current && Number(firstVisible(box.current)?.dataset.seq ?? 0)
      const origin = from ?? here ?? 0
      if (opened.current) setBack(origin > 0 && origin !== seq ? origin : undefined)
      if (show(seq)) return note()
      following.current = false
      target.current = seq
      move(seq)
    },
    [move, note, show],
  )
  /** To the "New" line. Its place is noted at once: a window that moves on before the next frame would bring the old one back. */
  const toNew = useCallback(() => {
    const element = box.current
    const mark = element?.querySelector<HTMLElement>("[data-unread]")
    if (!element || !mark) {
      if (line !== undefined) jump(line)
      return
    }
    following.current = false
    target.current = undefined
    element.scrollTop = mark.offsetTop - element.clientHeight / 4
    note()
  }, [jump, line, note])
  const lastOwn = useCallback(
    () =>
      latest.current?.timeline?.items.findLast(
        (item): item is MessageItem => item.type === "message" && item.mine && item.may.edit,
      ),
    [],
  )
  useImperativeHandle(handle, () => ({ toLatest, jump, lastOwn }), [toLatest, jump, lastOwn])
  useShortcut("latest", toLatest)
  useShortcut("oldestUnread", () => {
    if (line !== undefined) jump(line)
  })

  const onKeyDown = (event: KeyboardEvent) => {
    const article = (event.target as HTMLElement).closest?.("article")
    if (!article || event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return
    // A radio of a poll has arrows of its own.
    if (event.target !== article && (event.target as HTMLElement).closest("input")) return
    const all = [...(box.current?.querySelectorAll<HTMLElement>("article") ?? [])]
    const index = all.indexOf(article as HTMLElement)
    const next = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: all.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    all[Math.min(all.length - 1, Math.max(0, next))]?.focus()
  }

  const unread = timeline?.unread ?? 0
  const pill =
    "absolute end-4 flex min-h-10 pointer-coarse:min-h-11 items-center gap-1.5 rounded-full border border-line bg-surface px-3.5 text-sm font-medium text-accent shadow-(--shadow) animate-[rise_160ms_ease-out]"
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        role="log"
        aria-label={text.messages}
        aria-live="off"
        aria-busy={!isWhole(drawn) || undefined}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          const key = (event.target as HTMLElement).closest<HTMLElement>("article")?.dataset.key
          if (key === undefined) return
          setFocused(key)
          setInside(true)
        }}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) setInside(false)
        }}
        className="h-full overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        <div ref={inner} className="mx-auto flex min-h-full max-w-4xl flex-col justify-end pb-3">
          {timeline && !reachesStart(drawn) && (
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
              active={inside && row.key === focusKey}
              marked={mark}
              selection={selection}
            />
          ))}
          {timeline && rows.length === 0 && (
            <p className="m-auto p-8 text-center text-soft">{text.emptyChat}</p>
          )}
        </div>
      </div>
      {above !== undefined && away && around !== "unread" && (
        <button type="button" className={`${pill} top-3`} onClick={toNew}>
          <UpIcon size={18} />
          {above > 0 ? text.newAbove(above) : text.newMessages}
        </button>
      )}
      {back !== undefined && (
        <button
          type="button"
          className={`${pill} ${away ? "bottom-16" : "bottom-3"}`}
          onClick={() => {
            const to = back
            jump(to)
            setBack(undefined)
          }}
        >
          <ReturnIcon size={18} />
          {text.wayBack}
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
