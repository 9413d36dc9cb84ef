import type { RoomItem } from "@teahouse/client/view/port/rooms.ts"
import { said } from "@teahouse/client/words/said.ts"
import { rowTime } from "@teahouse/client/words/time.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { lazy, memo, Suspense, useEffect, useId, useState } from "react"
import { useCommand, useView } from "../../port/use-view.ts"
import { Link } from "../../route/link.tsx"
import { useNavigation } from "../../route/use-route.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { IconButton } from "../../ui/button.tsx"
import { Empty } from "../../ui/empty.tsx"
import {
  AlertIcon,
  ClockIcon,
  DetailsIcon,
  FileBoxIcon,
  GroupIcon,
  MuteIcon,
  PinIcon,
} from "../../ui/icons.tsx"
import { Menu } from "../../ui/menu.tsx"
import { SavedIcon } from "../../ui/message-icons.tsx"
import { PaneHead } from "../../ui/pane-head.tsx"
import { useMenuPlace } from "../../ui/use-menu-place.ts"
import { useNow } from "../../ui/use-now.ts"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { GroupAvatar } from "../group/group-avatar.tsx"
import { NewGroup } from "../group/new-group.tsx"
import { Waiting } from "../join/waiting.tsx"
import { SearchPane } from "../search/search-pane.tsx"
import { useChatMenu } from "./chat-menu.tsx"
import { titleOf } from "./title.ts"

const Saved = lazy(() => import("../favourites/saved.tsx").then((found) => ({ default: found.Saved })))
const MINUTE = 60_000

export function ChatList({ selected }: { readonly selected: Id | undefined }) {
  const text = useText()
  const list = useView("roomList", undefined)
  const rooms = list?.rooms
  const now = useNow(MINUTE)
  const { go } = useNavigation()
  const [making, setMaking] = useState(false)
  const command = useCommand()
  useEffect(() => {
    // Whoever opens a chat has seen that it was marked.
    if (selected) void command("setHabits", { room: selected, markedUnread: false })
  }, [selected, command])
  const [saved, setSaved] = useState(false)
  /** Nobody to talk with yet but oneself. */
  const alone = rooms?.every((room) => room.kind === "self") === true
  return (
    <>
      <PaneHead title={text.chats}>
        <IconButton name={text.savedMessages} onClick={() => setSaved(true)}>
          <SavedIcon />
        </IconButton>
        <IconButton name={text.newGroup} onClick={() => setMaking(true)}>
          <GroupIcon />
        </IconButton>
      </PaneHead>
      <Waiting />
      <SearchPane selected={selected}>
        <ul aria-label={text.chats} className={`min-h-0 overflow-y-auto px-2 pb-2 ${alone ? "" : "flex-1"}`}>
          {rooms?.map((room) => (
            <Row key={room.room} item={room} selected={room.room === selected} now={now} />
          ))}
        </ul>
        {alone && (
          <div className="min-h-0 flex-1 overflow-y-auto">
            <Empty note={text.encryptedNote}>{list?.coming ? text.chatsComing : text.noChats}</Empty>
          </div>
        )}
      </SearchPane>
      {saved && (
        <Suspense>
          <Saved onClose={() => setSaved(false)} />
        </Suspense>
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
  const menu = useMenuPlace()
  const entries = useChatMenu(item, selected)
  const { last, habits } = item
  const mentioned = item.mentioned === true && !selected
  const title = titleOf(item, text)
  return (
    <li
      aria-labelledby={`${id}-name`}
      data-selected={selected || undefined}
      data-pinned={habits.pinned || undefined}
      className="group relative flex items-center gap-3 rounded-xl px-2.5 py-2.5 transition-colors select-none data-pinned:bg-paper hover:bg-sunken data-selected:bg-wash"
      {...menu.handlers}
    >
      {item.kind === "self" ? (
        <span
          aria-hidden="true"
          className="inline-flex size-11 shrink-0 items-center justify-center rounded-[28%] bg-accent text-on-accent"
        >
          <FileBoxIcon size={24} />
        </span>
      ) : item.kind === "group" ? (
        <GroupAvatar room={item.room} name={title} picture={item.picture} />
      ) : (
        <Avatar name={title} seed={item.peer ?? item.room} picture={item.picture} />
      )}
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
            {mentioned && <span className="text-danger">{text.mentionsYouMark} </span>}
            {(item.draft.trim() !== "" || item.draftFiles) && !selected ? (
              <>
                <span className="text-danger">{text.draftMark}</span>{" "}
                {item.draft.trim() === "" ? text.filesCount(item.draftFiles ?? 0) : item.draft}
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
                  {last.recalled ? text.recalledMark : last.blocked ? text.blockedSaid : said(last, text)}
                </>
              )
            )}
          </span>
          {habits.pinned && <Mark name={text.pinnedMark} icon={<PinIcon size={14} />} />}
          {habits.level === "none" && <Mark name={text.mutedMark} icon={<MuteIcon size={15} />} />}
          <Unread item={item} />
        </span>
      </span>
      <IconButton
        name={text.more}
        aria-haspopup="menu"
        aria-describedby={`${id}-name`}
        className="absolute end-1 top-1 z-10 size-8! bg-surface opacity-0 shadow-sm group-hover:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:hidden"
        aria-expanded={menu.place !== undefined}
        onClick={(event) => {
          const from = event.currentTarget
          const box = from.getBoundingClientRect()
          // A click without a pointer is a key's.
          menu.openAt({ x: box.left, y: box.bottom, byKey: event.detail === 0, from })
        }}
      >
        <DetailsIcon size={18} />
      </IconButton>
      {menu.place && (
        <Menu label={text.moreOf(title)} place={menu.place} items={entries} onClose={menu.close} />
      )}
    </li>
  )
})

/** A count; of a muted chat a grey dot, of one that was marked by hand a red one. */
function Unread({ item: { habits, unread } }: { readonly item: RoomItem }) {
  const text = useText()
  const muted = habits.level === "none"
  if (unread > 0 && !muted)
    return (
      <span className="badge min-w-5 shrink-0 rounded-full bg-danger px-1.5 text-center text-xs font-semibold leading-5 text-surface">
        <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
        <span className="sr-only">{text.unreadCount(unread)}</span>
      </span>
    )
  if (unread === 0 && !habits.markedUnread) return null
  return (
    <span
      className={`badge me-1.5 size-2.5 shrink-0 rounded-full ${unread > 0 || muted ? "bg-edge" : "bg-danger"}`}
    >
      <span className="sr-only">{unread > 0 ? text.unreadMuted : text.markedUnread}</span>
    </span>
  )
}

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
