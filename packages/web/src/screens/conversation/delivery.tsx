/** UX 16: clock → ✓ stored by the house → ✓✓ delivered → coloured when read; refused is said with its two ways on. */
import type { Delivery, MessageItem, Undone } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useCommand } from "../../port/use-view.ts"
import type { Text } from "../../text/en.ts"
import { errorText } from "../../text/error-text.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { inLine } from "../../ui/button.tsx"
import { AlertIcon, CheckIcon, ClockIcon } from "../../ui/icons.tsx"
import { ReadIcon } from "../../ui/message-icons.tsx"
import { useActing } from "./acting.ts"

export const deliveryName = (text: Text, delivery: Delivery): string =>
  ({
    waiting: text.deliveryWaiting,
    sent: text.deliverySent,
    delivered: text.deliveryDelivered,
    read: text.deliveryRead,
    refused: text.deliveryRefused,
  })[delivery]

const colours: Partial<Record<Delivery, string>> = { refused: "text-danger", read: "text-read" }

export function DeliveryMark({ delivery }: { readonly delivery: Delivery }) {
  const name = deliveryName(useText(), delivery)
  return (
    <span role="img" aria-label={name} title={name} className={colours[delivery] ?? ""}>
      {delivery === "waiting" && <ClockIcon size={13} />}
      {delivery === "sent" && <CheckIcon size={13} />}
      {(delivery === "delivered" || delivery === "read") && <ReadIcon size={15} />}
      {delivery === "refused" && <AlertIcon size={14} />}
    </span>
  )
}

/** In a group: how many have read it; the list says who. */
export function ReadBy({ item, active }: { readonly item: MessageItem; readonly active: boolean }) {
  const text = useText()
  const acting = useActing()
  const { readBy, seq } = item
  if (!readBy || seq === undefined) return null
  const name = text.readOf(readBy.read, readBy.of)
  return (
    <button
      type="button"
      aria-label={name}
      tabIndex={active ? 0 : -1}
      onClick={() => acting.showReceipts(seq)}
      className="min-h-6 rounded-md px-1 text-[0.6875rem] whitespace-nowrap text-soft hover:bg-sunken hover:text-ink max-mid:absolute max-mid:end-full max-mid:bottom-0 max-mid:me-1 pointer-coarse:min-h-11 pointer-coarse:min-w-11"
    >
      <span className="max-mid:hidden">{name}</span>
      <span className="mid:hidden">
        {readBy.read}/{readBy.of}
      </span>
    </button>
  )
}

const undoneName = (text: Text, act: Undone["act"]): string =>
  ({
    edit: text.undoneEdit,
    recall: text.undoneRecall,
    reaction: text.undoneReaction,
    pin: text.undonePin,
    vote: text.undoneVote,
    pollEnd: text.undonePollEnd,
  })[act]

/** What was shown at once, and then refused: it is as before, and here is why. */
export function UndoneLines({ room, undone }: { readonly room: Id; readonly undone: readonly Undone[] }) {
  const text = useText()
  const { language } = useLanguage()
  const command = useCommand()
  return undone.map(({ key, act, error }) => (
    <p key={key} className="mt-1 flex flex-wrap items-center gap-x-1 text-sm">
      <span className="text-danger">{`${undoneName(text, act)} ${errorText(error.kind, language)}`}</span>
      <button type="button" className={inLine} onClick={() => void command("discard", { room, key })}>
        {text.understood}
      </button>
    </p>
  ))
}

export function Refused({ room, item }: { readonly room: Id; readonly item: MessageItem }) {
  const text = useText()
  const { language } = useLanguage()
  const command = useCommand()
  const look =
    "pointer-coarse:min-h-11 min-h-8 rounded-lg px-2 font-medium underline underline-offset-4 hover:bg-sunken"
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
