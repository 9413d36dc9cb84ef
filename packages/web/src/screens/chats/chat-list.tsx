import type { RoomItem } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { memo, useId, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { Link } from "../../route/link.tsx"
import { useNavigation } from "../../route/use-route.ts"
import { rowTime } from "../../text/time.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { IconButton } from "../../ui/button.tsx"
import { Empty } from "../../ui/empty.tsx"
import { AlertIcon, ClockIcon, GroupIcon } from "../../ui/icons.tsx"
import { PaneHead } from "../../ui/pane-head.tsx"
import { useNow } from "../../ui/use-now.ts"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { NewGroup } from "../group/new-group.tsx"
import { titleOf } from "./title.ts"

const MINUTE = 60_000

export function ChatList({ selected }: { readonly selected: Id | undefined }) {
  const text = useText()
  const rooms = useView("roomList", undefined)?.rooms
  const now = useNow(MINUTE)
  const { go } = useNavigation()
  const [making, setMaking] = useState(false)
  /** Nobody to talk with yet but oneself. */
  const alone = rooms?.every((room) => room.kind === "self") === true
  return (
    <>
      <PaneHead title={text.chats}>
        <IconButton name={text.newGroup} onClick={() => setMaking(true)}>
          <GroupIcon />
        </IconButton>
      </PaneHead>
      <ul aria-label={text.chats} className={`min-h-0 overflow-y-auto px-2 pb-2 ${alone ? "" : "flex-1"}`}>
        {rooms?.map((room) => (
          <Row key={room.room} item={room} selected={room.room === selected} now={now} />
        ))}
      </ul>
      {alone && (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <Empty note={text.encryptedNote}>{text.noChats}</Empty>
        </div>
      )}
      {making && (
        <NewGroup
          onClose={() => setMaking(false)}
          onDone={(room) => {
            setMaking(false)
            go({ page: "chats", room })
          }}
        />
      )}
    </>
  )
}

type RowProps = { readonly item: RoomItem; readonly selected: boolean; readonly now: number }

const Row = memo(function Row({ item, selected, now }: RowProps) {
  const text = useText()
  const style = useTimeStyle()
  const id = useId()
  const { last } = item
  const title = titleOf(item, text)
  return (
    <li
      aria-labelledby={`${id}-name`}
      data-selected={selected || undefined}
      className="relative flex items-center gap-3 rounded-xl px-2.5 py-2.5 transition-colors hover:bg-sunken data-selected:bg-wash"
    >
      <Avatar name={title} seed={item.peer ?? item.room} group={item.kind === "group"} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <Link
            to={{ page: "chats", room: item.room }}
            id={`${id}-name`}
            aria-describedby={`${id}-more`}
            aria-current={selected || undefined}
            className="min-w-0 flex-1 truncate font-medium after:absolute after:inset-0 after:rounded-xl focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            {title}
          </Link>
          <time dateTime={new Date(item.at).toISOString()} className="shrink-0 text-xs text-soft">
            {rowTime(item.at, now, style)}
          </time>
        </span>
        <span id={`${id}-more`} className="flex items-center gap-2 text-sm text-soft">
          <span className="min-w-0 flex-1 truncate">
            {item.draft.trim() !== "" && !selected ? (
              <>
                <span className="text-danger">{text.draftMark}</span> {item.draft}
              </>
            ) : (
              last && (
                <>
                  {last.delivery === "waiting" && (
                    <Mark name={text.deliveryWaiting} icon={<ClockIcon size={14} />} />
                  )}
                  {last.delivery === "refused" && (
                    <Mark name={text.notSentMark} danger icon={<AlertIcon size={14} />} />
                  )}
                  {last.mine && item.kind !== "self" && `${text.you}: `}
                  {last.from !== undefined && `${last.from}: `}
                  {last.text}
                </>
              )
            )}
          </span>
          {item.unread > 0 && (
            <span className="badge min-w-5 shrink-0 rounded-full bg-danger px-1.5 text-center text-xs font-semibold leading-5 text-surface">
              <span aria-hidden="true">{item.unread > 99 ? "99+" : item.unread}</span>
              <span className="sr-only">{text.unreadCount(item.unread)}</span>
            </span>
          )}
        </span>
      </span>
    </li>
  )
})

function Mark({
  name,
  icon,
  danger,
}: {
  readonly name: string
  readonly icon: React.ReactNode
  readonly danger?: boolean
}) {
  return (
    <span className={`me-1 inline-block align-[-0.15em] ${danger ? "text-danger" : ""}`}>
      {icon}
      <span className="sr-only">{name} </span>
    </span>
  )
}
