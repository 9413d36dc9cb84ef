/** What can be done with a message: the names are a contract (UX, "Names"). */
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import { useText } from "../../text/use-text.ts"
import { Menu, type MenuItem, type MenuPlace } from "../../ui/menu.tsx"
import {
  CopyIcon,
  EditIcon,
  EmojiIcon,
  ForwardIcon,
  PinIcon,
  RecallIcon,
  ReplyIcon,
  SavedIcon,
  SelectIcon,
  StickerIcon,
  TrashIcon,
} from "../../ui/message-icons.tsx"

export type MessageDeed =
  | "reply"
  | "react"
  | "copy"
  | "forward"
  | "edit"
  | "recall"
  | "delete"
  | "pin"
  | "save"
  | "sticker"
  | "select"

const isPicture = ({ body }: MessageItem): boolean =>
  body.kind === "sticker" || (body.kind === "file" && body.file.media?.kind === "image")

type Props = {
  readonly item: MessageItem
  readonly place: MenuPlace
  /** Whether anything may be written in this chat. */
  readonly writable: boolean
  readonly quick: readonly string[]
  readonly onDeed: (deed: MessageDeed) => void
  readonly onReact: (emoji: string, on: boolean) => void
  readonly onClose: () => void
}

export function MessageMenu({ item, place, writable, quick, onDeed, onReact, onClose }: Props) {
  const text = useText()
  /** Only what stands in the log can be spoken of. */
  const stored = item.seq !== undefined && !item.imported && !item.lost
  const speaks = stored && writable
  const deed = (
    id: MessageDeed,
    label: string,
    icon: React.ReactNode,
    may: boolean,
    danger = false,
  ): MenuItem[] => (may ? [{ id, label, icon, danger, run: () => onDeed(id) }] : [])
  const items = [
    ...deed("reply", text.reply, <ReplyIcon size={18} />, speaks),
    ...deed("react", text.react, <EmojiIcon size={18} />, speaks),
    ...deed("copy", text.copy, <CopyIcon size={18} />, true),
    ...deed("forward", text.forward, <ForwardIcon size={18} />, stored),
    ...deed("edit", text.edit, <EditIcon size={18} />, speaks && item.may.edit),
    ...deed("recall", text.recall, <RecallIcon size={18} />, speaks && item.may.recall),
    ...deed("delete", text.deleteForMe, <TrashIcon size={18} />, stored, true),
    ...deed("pin", item.pinned ? text.unpin : text.pin, <PinIcon size={18} />, speaks && item.may.pin),
    ...deed(
      "save",
      item.favourite && item.body.kind !== "file" ? text.removeFromSaved : text.saveMessage,
      <SavedIcon size={18} />,
      stored,
    ),
    ...deed("sticker", text.addToStickers, <StickerIcon size={18} />, isPicture(item)),
    ...deed("select", text.select, <SelectIcon size={18} />, stored),
  ]
  const head = speaks && (
    <div role="toolbar" aria-label={text.quickReactions} className="flex justify-between gap-0.5">
      {quick.map((emoji) => {
        const mine = item.reactions.some((each) => each.emoji === emoji && each.mine)
        return (
          <button
            key={emoji}
            type="button"
            aria-label={text.reactWith(emoji)}
            aria-pressed={mine}
            tabIndex={-1}
            onClick={() => {
              onClose()
              place.from.focus({ preventScroll: true })
              onReact(emoji, !mine)
            }}
            className={`inline-flex size-9 items-center justify-center rounded-full text-xl transition-transform hover:scale-115 hover:bg-sunken focus-visible:bg-sunken pointer-coarse:size-11 ${mine ? "bg-wash" : ""}`}
          >
            {emoji}
          </button>
        )
      })}
    </div>
  )
  return (
    <Menu
      label={text.messageMenu}
      place={place}
      items={items}
      head={head}
      foot={speaks && item.may.recall ? text.recallHint : undefined}
      onClose={onClose}
    />
  )
}
