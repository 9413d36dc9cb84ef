/** Ctrl+K: to a chat by a few characters, letters of its pinyin, or its initials. An ARIA combobox: the focus stays in the field. */
import type { RoomItem } from "@teahouse/client/view/port/rooms.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react"
import { titleOf } from "../screens/chats/title.ts"
import { matches, useReadings } from "../text/pinyin.ts"
import { useText } from "../text/use-text.ts"
import { Avatar } from "../ui/avatar.tsx"
import { Dialog } from "../ui/dialog.tsx"
import { inputLook } from "../ui/field.tsx"
import { isForIme, useComposition } from "../ui/ime.ts"

/** More than fit are found by typing one more letter. */
const MOST = 50

type Props = {
  readonly rooms: readonly RoomItem[]
  readonly onChoose: (room: Id) => void
  readonly onClose: () => void
}

export function Switcher({ rooms, onChoose, onClose }: Props) {
  const text = useText()
  const id = useId()
  const readings = useReadings(true)
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState("")
  /** What is filtered by: never half-composed text (UX 5). */
  const [query, setQuery] = useState("")
  const [active, setActive] = useState(0)
  const composition = useComposition(() => search(field.current?.value ?? ""))
  const search = (value: string) => {
    setQuery(value)
    setActive(0)
  }
  const found = rooms
    .filter((room) => query.trim() === "" || matches(titleOf(room, text), query, readings))
    .slice(0, MOST)
  const chosen = found[Math.min(active, found.length - 1)]
  const option = (room: Id) => `${id}-${room}`

  useEffect(() => field.current?.focus(), [])
  const chosenId = chosen && option(chosen.room)
  useEffect(() => {
    if (chosenId) document.getElementById(chosenId)?.scrollIntoView({ block: "nearest" })
  }, [chosenId])

  const onKeyDown = (event: KeyboardEvent) => {
    if (isForIme(keyOf(event), composition.active())) return
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: found.length - 1 }[event.key]
    if (event.key === "Enter" && chosen) {
      event.preventDefault()
      onChoose(chosen.room)
    } else if (to !== undefined && found.length > 0 && (event.key.startsWith("Arrow") || event.ctrlKey)) {
      event.preventDefault()
      setActive((to + found.length) % found.length)
    }
  }

  return (
    <Dialog title={text.keySwitch} onClose={onClose}>
      <input
        ref={field}
        role="combobox"
        aria-label={text.keySwitch}
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={chosenId}
        autoComplete="off"
        placeholder={text.switchHint}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          if (!composition.active()) search(event.target.value)
        }}
        onKeyDown={onKeyDown}
        {...composition.handlers}
        className={inputLook}
      />
      <div id={`${id}-list`} role="listbox" aria-label={text.chats} className="mt-2 max-h-80 overflow-y-auto">
        {found.map((room) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys belong to the combobox
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the combobox
          <div
            key={room.room}
            id={option(room.room)}
            role="option"
            aria-selected={room === chosen}
            onClick={() => onChoose(room.room)}
            className="flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-2 hover:bg-sunken aria-selected:bg-wash forced-colors:aria-selected:outline-2"
          >
            <Avatar
              name={titleOf(room, text)}
              seed={room.peer ?? room.room}
              group={room.kind === "group"}
              size={32}
            />
            <span className="min-w-0 flex-1 truncate">{titleOf(room, text)}</span>
            {room.unread > 0 && <span className="text-sm text-soft">{text.unreadCount(room.unread)}</span>}
          </div>
        ))}
      </div>
      <p role="status" className="text-center text-sm text-soft">
        {found.length === 0 ? text.foundNothing : ""}
      </p>
    </Dialog>
  )
}

const keyOf = (event: KeyboardEvent) => ({
  key: event.key,
  shiftKey: event.shiftKey,
  ctrlKey: event.ctrlKey,
  metaKey: event.metaKey,
  altKey: event.altKey,
  isComposing: event.nativeEvent.isComposing,
  keyCode: event.keyCode,
})
