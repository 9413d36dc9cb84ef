import type { Delivery } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { memo } from "react"
import { useCommand } from "../../port/use-view.ts"
import { errorText } from "../../text/error-text.ts"
import { clock, exactTime } from "../../text/time.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { AlertIcon, CheckIcon, ClockIcon } from "../../ui/icons.tsx"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { RichText } from "./rich-text.tsx"
import type { MessageItem } from "./rows.ts"

type Props = {
  readonly room: Id
  readonly item: MessageItem
  readonly first: boolean
  readonly last: boolean
  readonly named: boolean
  readonly focusable: boolean
}

export const Message = memo(function Message({ room, item, first, last, named, focusable }: Props) {
  const text = useText()
  const style = useTimeStyle()
  const { mine } = item
  const time = clock(item.at, style)
  const state = item.delivery && deliveryName(text, item.delivery)
  const label = `${mine ? text.you : item.from.name}, ${time}: ${item.text}${state && item.delivery !== "sent" ? `, ${state}` : ""}`
  return (
    <article
      data-key={item.key}
      data-seq={item.seq}
      aria-label={label}
      tabIndex={focusable ? 0 : -1}
      className={`flex gap-2.5 rounded-lg px-3 sm:px-5 ${first ? "pt-2.5" : "pt-0.5"} ${mine ? "flex-row-reverse" : ""}`}
    >
      {!mine && (
        <span className="w-9 shrink-0">
          {first && <Avatar name={item.from.name} seed={item.from.user} size={36} />}
        </span>
      )}
      <div className={`flex min-w-0 max-w-[min(82%,38rem)] flex-col ${mine ? "items-end" : "items-start"}`}>
        {named && first && !mine && <p className="mb-0.5 px-1 text-xs text-soft">{item.from.name}</p>}
        <div
          className={`bubble relative max-w-full rounded-2xl px-3.5 py-2 wrap-anywhere ${mine ? "bg-mine" : "bg-theirs"} ${last ? (mine ? "rounded-ee-md" : "rounded-es-md") : ""}`}
        >
          <RichText text={item.text} tail={`${time.length * 0.4 + (item.delivery ? 2 : 0.8)}rem`} />
          <span
            className={`absolute end-3 bottom-1.5 flex items-center gap-1 text-[0.6875rem] leading-4 ${mine ? "text-mine-soft" : "text-soft"}`}
          >
            <time dateTime={new Date(item.at).toISOString()} title={exactTime(item.at, style)}>
              {time}
            </time>
            {item.delivery && <DeliveryMark delivery={item.delivery} name={state ?? ""} />}
          </span>
        </div>
        {item.delivery === "refused" && <Refused room={room} item={item} />}
      </div>
    </article>
  )
})

const deliveryName = (text: ReturnType<typeof useText>, delivery: Delivery): string =>
  ({ waiting: text.deliveryWaiting, sent: text.deliverySent, refused: text.deliveryRefused })[delivery]

function DeliveryMark({ delivery, name }: { readonly delivery: Delivery; readonly name: string }) {
  return (
    <span role="img" aria-label={name} title={name} className={delivery === "refused" ? "text-danger" : ""}>
      {delivery === "waiting" && <ClockIcon size={13} />}
      {delivery === "sent" && <CheckIcon size={13} />}
      {delivery === "refused" && <AlertIcon size={14} />}
    </span>
  )
}

function Refused({ room, item }: { readonly room: Id; readonly item: MessageItem }) {
  const text = useText()
  const { language } = useLanguage()
  const command = useCommand()
  const look = "min-h-8 rounded-lg px-2 font-medium underline underline-offset-4 hover:bg-sunken"
  return (
    <div className="mt-1 flex flex-wrap items-center justify-end gap-x-1 text-sm">
      <span className="text-danger">
        {item.error ? errorText(item.error.kind, language) : text.deliveryRefused}
      </span>
      <button
        type="button"
        className={`${look} text-accent`}
        onClick={() => void command("resend", { room, key: item.key })}
      >
        {text.resend}
      </button>
      <button
        type="button"
        className={`${look} text-danger`}
        onClick={() => void command("discard", { room, key: item.key })}
      >
        {text.discard}
      </button>
    </div>
  )
}
