/** What was found: chats and people by name, and what was said, newest first. */
import type { FoundMessage } from "@teahouse/client/view/port/search.ts"
import type { ViewValue } from "@teahouse/client/view/port.ts"
import { said } from "@teahouse/client/words/said.ts"
import { exactTime, rowTime } from "@teahouse/client/words/time.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type ReactNode, useId, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { Link } from "../../route/link.tsx"
import { matches, useReadings } from "../../text/pinyin.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { Button } from "../../ui/button.tsx"
import { useNow } from "../../ui/use-now.ts"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { titleOf } from "../chats/title.ts"
import { GroupAvatar } from "../group/group-avatar.tsx"
import { FilterRow } from "./filter-row.tsx"
import { searchArgs } from "./filters.ts"
import type { Search } from "./use-search.ts"

const PAGE = 50
const MINUTE = 60_000
/** Names beyond these are found by one more letter. */
const MOST_NAMES = 20

type Props = {
  readonly search: Search
  /** A chat was opened, and with it the search is over. What was said is gone through one after another. */
  readonly onOpen: () => void
}

export function Results({ search, onOpen }: Props) {
  const text = useText()
  const { query, filters } = search
  const args = JSON.stringify(searchArgs(query, filters ?? {}, PAGE))
  const [pages, setPages] = useState({ args, count: 1 })
  const count = pages.args === args ? pages.count : 1
  const found = useLast(useView("search", searchArgs(query, filters ?? {}, PAGE * count)))
  const names = useNames(
    query,
    Object.values(filters ?? {}).every((each) => !each),
  )
  const now = useNow(MINUTE)
  const items = found?.items ?? []
  const total = items.length + names.rooms.length + names.friends.length
  return (
    <>
      {filters && <FilterRow filters={filters} onChange={search.limit} />}
      <p role="status" className="px-5 py-1 text-sm text-soft">
        {total > 0
          ? text.searchFound(total, found?.more === true)
          : found?.done === false
            ? text.searchRunning
            : query.trim() !== ""
              ? text.foundNothing
              : ""}
      </p>
      <div data-found className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        <Section title={text.chats} empty={names.rooms.length === 0}>
          {names.rooms.map((room) => (
            <Name
              key={room.room}
              room={room.room}
              name={titleOf(room, text)}
              seed={room.peer ?? room.room}
              picture={room.picture}
              group={room.kind === "group"}
              onOpen={onOpen}
            />
          ))}
        </Section>
        <Section title={text.contacts} empty={names.friends.length === 0}>
          {names.friends.map((friend) => (
            <Name
              key={friend.user}
              room={friend.room}
              name={friend.name}
              more={friend.username}
              seed={friend.user}
              picture={friend.picture}
              onOpen={onOpen}
            />
          ))}
        </Section>
        <Section title={text.searchMessages} empty={items.length === 0}>
          {items.map((item) => (
            <Message key={`${item.room} ${item.seq}`} item={item} now={now} />
          ))}
        </Section>
        {found?.more && (
          <Button look="quiet" onClick={() => setPages({ args, count: count + 1 })} className="w-full">
            {text.searchMore}
          </Button>
        )}
      </div>
    </>
  )
}

/** What was found before stays until the first of the new comes: no blank between two letters. */
function useLast(value: ViewValue<"search"> | undefined): ViewValue<"search"> | undefined {
  const [last, setLast] = useState(value)
  if (value && value !== last) setLast(value)
  return value ?? last
}

/** Chats, and friends whose chat is not among them. Filters are about what was said, and with one there are no names. */
function useNames(query: string, unlimited: boolean) {
  const text = useText()
  const readings = useReadings(true)
  const all = useView("roomList", undefined)?.rooms ?? []
  const people = useView("contacts", undefined)?.friends ?? []
  if (query.trim() === "" || !unlimited) return { rooms: [], friends: [] }
  const found = (...names: readonly string[]) => names.some((name) => matches(name, query, readings))
  const rooms = all.filter((room) => found(titleOf(room, text))).slice(0, MOST_NAMES)
  const friends = people
    .filter(({ room }) => !rooms.some((each) => each.room === room))
    .filter(({ name, remark, nickname, username }) => found(name, remark, nickname, username))
    .slice(0, MOST_NAMES)
  return { rooms, friends }
}

type SectionProps = { readonly title: string; readonly empty: boolean; readonly children: ReactNode }

function Section({ title, empty, children }: SectionProps) {
  const id = useId()
  if (empty) return null
  return (
    <section>
      <h2 id={id} className="px-3 pt-2 pb-1 text-sm font-medium text-soft">
        {title}
      </h2>
      <ul aria-labelledby={id}>{children}</ul>
    </section>
  )
}

const rowLook =
  "flex items-center gap-3 rounded-xl px-2.5 py-2 transition-colors hover:bg-sunken focus-visible:-outline-offset-2"

type NameProps = {
  readonly room: Id
  readonly name: string
  readonly more?: string
  readonly seed: string
  readonly picture: string | undefined
  readonly group?: boolean
  readonly onOpen: () => void
}

function Name({ room, name, more, seed, picture, group = false, onOpen }: NameProps) {
  const id = useId()
  return (
    <li aria-labelledby={id}>
      <Link to={{ page: "chats", room }} onGo={onOpen} className={rowLook}>
        {group ? (
          <GroupAvatar room={room} name={name} picture={picture} size={36} />
        ) : (
          <Avatar name={name} seed={seed} picture={picture} size={36} />
        )}
        <span className="min-w-0 flex-1">
          <span id={id} className="block truncate">
            {name}
          </span>
          {more !== undefined && more !== name && (
            <span className="block truncate text-sm text-soft">{more}</span>
          )}
        </span>
      </Link>
    </li>
  )
}

function Message({ item, now }: { readonly item: FoundMessage; readonly now: number }) {
  const text = useText()
  const style = useTimeStyle()
  const { room, seq, at, from, mine } = item
  return (
    <li>
      <Link to={{ page: "chats", room, at: seq }} className={`${rowLook} items-start`}>
        <Avatar name={from.name} seed={from.user} picture={from.picture} size={36} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2 text-sm text-soft">
            <span className="min-w-0 flex-1 truncate">
              {mine ? text.you : from.name}
              {" · "}
              {item.title || text.selfChat}
            </span>
            <time
              dateTime={new Date(at).toISOString()}
              title={exactTime(at, style)}
              className="shrink-0 text-xs"
            >
              {rowTime(at, now, style)}
            </time>
          </span>
          <span className="line-clamp-2 wrap-anywhere">
            {item.sticker ? said(item, text) : <Marked {...item} />}
          </span>
        </span>
      </Link>
    </li>
  )
}

function Marked({ text, match }: Pick<FoundMessage, "text" | "match">) {
  if (!match) return text
  const end = match.from + match.length
  return (
    <>
      {text.slice(0, match.from)}
      <mark className="rounded-sm bg-amber-wash text-amber">{text.slice(match.from, end)}</mark>
      {text.slice(end)}
    </>
  )
}
