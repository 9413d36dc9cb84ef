/** UX 32: the field above the list of chats. While something is looked for, what is found stands where the list was. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react"
import { flushSync } from "react-dom"
import { useShortcut } from "../../keys/actions.ts"
import { useHouse } from "../../port/use-view.ts"
import { useNavigation } from "../../route/use-route.ts"
import { useText } from "../../text/use-text.ts"
import { IconButton } from "../../ui/button.tsx"
import { inputLook } from "../../ui/field.tsx"
import { SettingsIcon } from "../../ui/icons.tsx"
import { isForIme } from "../../ui/ime.ts"
import { useSearch } from "./use-search.ts"

const Results = lazy(() => import("./results.tsx").then(({ Results }) => ({ default: Results })))

type Props = {
  /** The chat that is open: Ctrl+F searches in it alone. */
  readonly selected: Id | undefined
  readonly children: ReactNode
}

export function SearchPane({ selected, children }: Props) {
  const text = useText()
  const { go } = useNavigation()
  const search = useSearch()
  const { field, active, filters, composition } = search
  const { views } = useHouse()
  const [near, setNear] = useState(false)
  // Whoever comes to the field is about to type: what a search begins with is brought meanwhile.
  useEffect(
    () => (near ? views.watch("search", { query: "", limit: 1 }, () => {}) : undefined),
    [near, views],
  )
  const box = useRef<HTMLElement>(null)
  /** Where the person was when they pressed Ctrl+F. */
  const before = useRef<Element>(null)

  const links = () => [...(box.current?.querySelectorAll<HTMLElement>("[data-found] a[href]") ?? [])]
  const clear = () => {
    search.clear()
    const back = before.current
    before.current = null
    if (back instanceof HTMLElement && back.isConnected && back.checkVisibility()) back.focus()
    else field.current?.focus()
  }

  useShortcut("search", () => {
    const from = document.activeElement
    if (from !== field.current) before.current = from
    flushSync(() => {
      if (selected) search.limit({ ...filters, room: selected })
      // One pane at a time: the field is behind the chat.
      if (!field.current?.checkVisibility()) go({ page: "chats" })
    })
    field.current?.focus()
    field.current?.select()
  })

  const onKeyDown = (event: KeyboardEvent) => {
    const { key, keyCode, shiftKey, ctrlKey, metaKey, altKey } = event
    const { isComposing } = event.nativeEvent
    if (isForIme({ key, keyCode, shiftKey, ctrlKey, metaKey, altKey, isComposing }, composition.active())) {
      // Esc ends the word; the field would be emptied by it.
      if (key === "Escape") event.preventDefault()
      return
    }
    if (!active || event.defaultPrevented || ctrlKey || metaKey || altKey || shiftKey) return
    const all = links()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const inField = event.target === field.current
    if (key === "Escape") clear()
    else if (key === "Enter" && inField) all[0]?.click()
    else if (key === "ArrowDown" && (inField || at >= 0)) all[at + 1]?.focus()
    else if (key === "ArrowUp" && at >= 0) (all[at - 1] ?? field.current)?.focus()
    else return
    event.preventDefault()
  }

  return (
    <search ref={box} onKeyDown={onKeyDown} className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-1 px-3 pb-2">
        <input
          ref={field}
          type="search"
          aria-label={text.keySearch}
          placeholder={text.keySearch}
          autoComplete="off"
          value={search.typed}
          onChange={(event) => search.type(event.target.value)}
          onFocus={() => setNear(true)}
          onBlur={() => setNear(false)}
          {...composition.handlers}
          className={inputLook}
        />
        <IconButton
          name={text.searchFilters}
          aria-expanded={filters !== undefined}
          onClick={() => search.limit(filters ? undefined : {})}
        >
          <SettingsIcon />
        </IconButton>
      </div>
      {active ? (
        <Suspense>
          <Results search={search} onOpen={search.clear} />
        </Suspense>
      ) : (
        children
      )}
    </search>
  )
}
