/** One message: an article with one label; what can be done with it is in its menu and in buttons that Tab reaches from here. */
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import { quoted, said } from "@teahouse/client/words/said.ts"
import { clock, exactTime, type TimeStyle } from "@teahouse/client/words/time.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type KeyboardEvent, memo, type PointerEvent, useRef } from "react"
import type { Text } from "../../text/en.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { BotMark } from "../../ui/bot-mark.tsx"
import { DetailsIcon } from "../../ui/icons.tsx"
import { PinIcon, SavedIcon, TimerIcon } from "../../ui/message-icons.tsx"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { atOf } from "../files/previews.ts"
import { useActing } from "./acting.ts"
import { BundleBody } from "./bodies/bundle.tsx"
import { FileBody, isPicture } from "./bodies/file.tsx"
import { PollBody } from "./bodies/poll.tsx"
import { StickerBody } from "./bodies/sticker.tsx"
import { TextBody } from "./bodies/text.tsx"
import { DeliveryMark, deliveryName, ReadBy, Refused, UndoneLines } from "./delivery.tsx"
import { QuoteInBubble } from "./quote.tsx"
import { Reactions } from "./reactions.tsx"

export type MessageProps = {
  readonly room: Id
  readonly item: MessageItem
  readonly first: boolean
  readonly last: boolean
  readonly named: boolean
  readonly focusable: boolean
  /** It has the focus, or something in it has: Tab goes on to its buttons. */
  readonly active: boolean
  /** Somebody jumped here. */
  readonly marked: boolean
  /** Undefined while nothing is being selected. */
  readonly selected: boolean | undefined
}

const LONG_PRESS_MS = 450
const STILL_PX = 10

export function labelOf(item: MessageItem, text: Text, style: TimeStyle): string {
  const { delivery, reply } = item
  const quote = reply ? `${text.quoteOf(reply.from.name, quoted(reply, text))}. ` : ""
  const more = [
    item.edited ? text.edited : "",
    item.lost ? text.lostMark : "",
    item.pinned ? text.pinnedMark : "",
    item.waiting ? text.deliveryWaiting : "",
    delivery && delivery !== "sent" ? deliveryName(text, delivery) : "",
    ...item.reactions.map(({ emoji, people }) => `${emoji} ${people.length}`),
  ].filter(Boolean)
  const end = more.length > 0 ? `, ${more.join(", ")}` : ""
  return `${item.mine ? text.you : item.from.name}, ${clock(item.at, style)}: ${quote}${said(item, text)}${end}`
}

export const Message = memo(function Message(props: MessageProps) {
  const { room, item, first, last, named, focusable, active, marked, selected } = props
  const text = useText()
  const style = useTimeStyle()
  const acting = useActing()
  const row = useRef<HTMLElement>(null)
  const bubble = useRef<HTMLDivElement>(null)
  const press = useLongPress((x, y) => openAt(x, y, false))
  const { mine } = item
  const label = labelOf(item, text, style)
  const selecting = selected !== undefined
  const file = item.body.kind === "file" ? item.body.file : undefined
  const picture = file !== undefined && isPicture(file)
  const bare = item.body.kind === "sticker"
  /** The time stands on the picture, where nothing stands below. */
  const onPicture = bare || (picture && file?.caption === undefined && item.delivery !== "waiting")

  const openAt = (x: number, y: number, byKey: boolean, from: HTMLElement | null = row.current) => {
    if (!selecting && from) acting.openMenu(item, { x, y, byKey, from })
  }
  const openByKey = (from: HTMLElement | null) => {
    const place = (bubble.current ?? row.current)?.getBoundingClientRect()
    if (place) openAt(place.left + 8, Math.max(8, Math.min(place.bottom, innerHeight / 2)), true, from)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const menu = event.key === "ContextMenu" || (event.shiftKey && event.key === "F10")
    const own = event.target === row.current
    if (selecting && own && (event.key === " " || event.key === "Enter")) {
      event.preventDefault()
      acting.toggle(item)
    } else if (menu || (own && event.key === "Enter")) {
      event.preventDefault()
      openByKey(row.current)
    }
  }

  return (
    <article
      ref={row}
      data-key={item.key}
      data-seq={item.seq}
      data-marked={marked || undefined}
      aria-label={label}
      tabIndex={focusable ? 0 : -1}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => {
        // A link's own menu copies its address.
        if ((event.target as Element).closest("a[href], input, textarea")) return
        event.preventDefault()
        openAt(event.clientX, event.clientY, false)
      }}
      onClick={selecting ? () => acting.toggle(item) : undefined}
      {...press}
      className={`group/row relative flex gap-2.5 rounded-lg px-3 transition-colors duration-500 data-marked:bg-amber-wash mid:px-5 ${first ? "pt-2.5" : "pt-0.5"} ${mine ? "flex-row-reverse" : ""} ${selected ? "bg-wash" : ""} ${selecting ? "cursor-pointer" : ""}`}
    >
      {selecting && (
        <input
          type="checkbox"
          aria-label={label}
          checked={selected}
          tabIndex={-1}
          readOnly
          className={`pointer-events-none mt-2.5 size-5 shrink-0 accent-accent ${mine ? "order-last me-auto" : ""}`}
        />
      )}
      {!mine && (
        <span className="w-9 shrink-0">
          {first && (
            <Avatar name={item.from.name} seed={item.from.user} picture={item.from.picture} size={36} />
          )}
        </span>
      )}
      <div
        inert={selecting}
        className={`flex min-w-0 max-w-[min(82%,38rem,calc(100%-5.25rem))] flex-col max-mid:max-w-[85%] pointer-coarse:max-w-[min(85%,38rem)] ${mine ? "items-end" : "items-start"}`}
      >
        {named && first && !mine && (
          <p className="mb-0.5 px-1 text-xs text-soft">
            {item.from.name}
            <BotMark of={item.from} />
          </p>
        )}
        <div className="relative max-w-full">
          <div
            ref={bubble}
            className={`bubble relative max-w-full rounded-2xl wrap-anywhere pointer-coarse:select-none ${bare ? "min-w-28 p-1" : picture ? "p-1" : "px-3.5 py-2"} ${bare ? "" : mine ? "bg-mine" : "bg-theirs"} ${last ? (mine ? "rounded-ee-md" : "rounded-es-md") : ""} ${item.mentionsMe ? "ring-1 ring-amber/60" : ""}`}
          >
            {item.forwarded && (
              <p className={`mb-0.5 text-xs italic ${mine ? "text-mine-soft" : "text-soft"}`}>
                {text.forwardedMark}
              </p>
            )}
            <QuoteInBubble item={item} active={active} />
            <Body room={room} item={item} active={active} tail={tailWidth(item, text, style)} />
            <Tail item={item} onPicture={onPicture} />
          </div>
          <div
            className={`absolute inset-y-0 flex items-end gap-0.5 max-mid:contents ${mine ? "end-full me-1 flex-row-reverse" : "start-full ms-1"}`}
          >
            <ReadBy item={item} active={active} />
            <button
              type="button"
              aria-label={text.more}
              title={text.more}
              aria-haspopup="menu"
              tabIndex={active ? 0 : -1}
              onClick={(event) => {
                const place = event.currentTarget.getBoundingClientRect()
                // A click without a pointer is a key's.
                openAt(place.left, place.bottom + 4, event.detail === 0, event.currentTarget)
              }}
              className="inline-flex size-8 shrink-0 items-center justify-center self-start rounded-lg text-soft opacity-0 transition-opacity group-focus-within/row:opacity-100 group-hover/row:opacity-100 hover:bg-sunken hover:text-ink aria-expanded:opacity-100 max-mid:absolute max-mid:end-1 max-mid:-top-4 max-mid:bg-surface max-mid:shadow-(--shadow) pointer-coarse:hidden"
            >
              <DetailsIcon size={18} />
            </button>
          </div>
        </div>
        <Reactions item={item} active={active} />
        {item.undone && <UndoneLines room={room} undone={item.undone} />}
        {item.delivery === "refused" && <Refused room={room} item={item} />}
      </div>
    </article>
  )
})

function Body({
  room,
  item,
  active,
  tail,
}: {
  readonly room: Id
  readonly item: MessageItem
  readonly active: boolean
  readonly tail: string
}) {
  switch (item.body.kind) {
    case "text":
      return <TextBody item={item} tail={tail} />
    case "file":
      return <FileBody room={room} item={item} file={item.body.file} active={active} tail={tail} />
    case "sticker":
      return <StickerBody at={atOf(room, item)} sticker={item.body.sticker} />
    case "bundle":
      return <BundleBody bundle={item.body.bundle} at={atOf(room, item)} mine={item.mine} active={active} />
    case "poll":
      return <PollBody item={item} poll={item.body.poll} active={active} />
  }
}

/** Time and state in the bubble's corner. */
function Tail({ item, onPicture }: { readonly item: MessageItem; readonly onPicture: boolean }) {
  const text = useText()
  const style = useTimeStyle()
  return (
    <span
      className={`absolute end-3 bottom-1.5 flex items-center gap-1 text-[0.6875rem] leading-4 ${onPicture ? "pointer-events-none rounded-full bg-[#000a] px-2 py-0.5 text-[#fff]" : item.mine ? "text-mine-soft" : "text-soft"}`}
    >
      {item.pinned && <Sign name={text.pinnedMark} icon={<PinIcon size={12} />} />}
      {item.favourite && <Sign name={text.savedMessages} icon={<SavedIcon size={12} />} />}
      {item.expiresAt !== undefined && (
        <Sign name={text.disappearsAt(exactTime(item.expiresAt, style))} icon={<TimerIcon size={12} />} />
      )}
      {item.edited && <span>{text.edited}</span>}
      {item.lost && <span>{text.lostMark}</span>}
      <time dateTime={new Date(item.at).toISOString()} title={exactTime(item.at, style)}>
        {clock(item.at, style)}
      </time>
      {item.delivery && <DeliveryMark delivery={item.waiting ? "waiting" : item.delivery} />}
    </span>
  )
}

const Sign = ({ name, icon }: { readonly name: string; readonly icon: React.ReactNode }) => (
  <span role="img" aria-label={name} title={name}>
    {icon}
  </span>
)

/** About as wide as the tail: a Latin letter 0.4 rem, a Chinese one 0.7, a sign 1. */
function tailWidth(item: MessageItem, text: Text, style: TimeStyle): string {
  const words = clock(item.at, style) + (item.edited ? text.edited : "") + (item.lost ? text.lostMark : "")
  const letters = [...words].reduce((sum, each) => sum + (each > "\u2E80" ? 0.72 : 0.4), 0)
  const signs = [item.pinned, item.favourite, item.expiresAt, item.edited && 0.3, item.lost && 0.3].filter(
    Boolean,
  ).length
  return `${letters + signs + (item.delivery ? 2 : 0.8)}rem`
}

/** On touch screens the menu opens by a long press; Android says so itself, others do not. */
function useLongPress(open: (x: number, y: number) => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const start = useRef({ x: 0, y: 0 })
  const stop = () => clearTimeout(timer.current)
  return {
    onPointerDown: (event: PointerEvent) => {
      stop()
      if (event.pointerType !== "touch") return
      start.current = { x: event.clientX, y: event.clientY }
      timer.current = setTimeout(() => open(start.current.x, start.current.y), LONG_PRESS_MS)
    },
    onPointerMove: (event: PointerEvent) => {
      const { x, y } = start.current
      if (Math.hypot(event.clientX - x, event.clientY - y) > STILL_PX) stop()
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  }
}
