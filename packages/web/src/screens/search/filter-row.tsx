import type { SearchKind } from "@teahouse/client/view/port/search.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { ReactNode } from "react"
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { titleOf } from "../chats/title.ts"
import type { SearchFilters } from "./filters.ts"

const kinds = ["text", "link", "file", "sticker", "poll", "bundle"] as const satisfies readonly SearchKind[]
const look =
  "min-h-9 pointer-coarse:min-h-11 min-w-0 flex-1 basis-28 rounded-lg border border-edge bg-surface px-2 text-sm text-ink"

type Props = { readonly filters: SearchFilters; readonly onChange: (filters: SearchFilters) => void }

export function FilterRow({ filters, onChange }: Props) {
  const text = useText()
  const rooms = useView("roomList", undefined)?.rooms ?? []
  const set = (change: SearchFilters) => onChange({ ...filters, ...change })
  const kindNames: Record<SearchKind, string> = {
    text: text.searchText,
    link: text.searchLink,
    file: text.searchFile,
    sticker: text.stickers,
    poll: text.searchPoll,
    bundle: text.searchBundle,
  }
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-1.5 px-3 pb-1">
      <legend className="sr-only">{text.searchFilters}</legend>
      <Choice
        name={text.searchChat}
        any={text.searchAnyChat}
        value={filters.room}
        // Whom one looked for in one chat may not be in the other.
        onChange={(room) => set({ room: room as Id | undefined, sender: undefined })}
      >
        {rooms.map((room) => (
          <option key={room.room} value={room.room}>
            {titleOf(room, text)}
          </option>
        ))}
      </Choice>
      <Sender room={filters.room} sender={filters.sender} onChange={(sender) => set({ sender })} />
      <Choice
        name={text.searchKind}
        any={text.searchAnyKind}
        value={filters.kind}
        onChange={(kind) => set({ kind: kinds.find((each) => each === kind) })}
      >
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {kindNames[kind]}
          </option>
        ))}
      </Choice>
      <Day name={text.searchFrom} value={filters.from} onChange={(from) => set({ from })} />
      <Day name={text.searchTo} value={filters.to} onChange={(to) => set({ to })} />
    </fieldset>
  )
}

type SenderProps = {
  readonly room: Id | undefined
  readonly sender: Id | undefined
  readonly onChange: (sender: Id | undefined) => void
}

/** Whoever is in the chat; without a chat, whoever is a friend. */
function Sender({ room: id, sender, onChange }: SenderProps) {
  const text = useText()
  const session = useView("session", undefined)
  const friends = useView("contacts", undefined)?.friends ?? []
  // Nobody's room has the empty id: then it is absent.
  const room = useView("room", { room: id ?? ("" as Id) })
  const me = session?.state === "signed_in" ? session.user : undefined
  const people = room?.state === "here" ? room.members : friends
  return (
    <Choice
      name={text.searchSender}
      any={text.searchAnySender}
      value={sender}
      onChange={(value) => onChange(value as Id | undefined)}
    >
      {me && <option value={me}>{text.you}</option>}
      {people
        .filter(({ user }) => user !== me)
        .map(({ user, name }) => (
          <option key={user} value={user}>
            {name}
          </option>
        ))}
    </Choice>
  )
}

type ChoiceProps = {
  readonly name: string
  readonly any: string
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
  readonly children: ReactNode
}

function Choice({ name, any, value, onChange, children }: ChoiceProps) {
  return (
    <select
      aria-label={name}
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value || undefined)}
      className={look}
    >
      <option value="">{any}</option>
      {children}
    </select>
  )
}

type DayProps = {
  readonly name: string
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
}

function Day({ name, value, onChange }: DayProps) {
  return (
    <label className="flex min-w-0 flex-1 basis-40 items-center gap-1.5 text-sm text-soft">
      <span className="shrink-0">{name}</span>
      <input
        type="date"
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value || undefined)}
        className={look}
      />
    </label>
  )
}
