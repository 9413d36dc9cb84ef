/** UX 31: groups, recent, search in Chinese, English and pinyin, one skin tone for all. Loaded when it is first opened. */

import { type EmojiRow, GROUPS, searchEmoji, type Tone, toned } from "@teahouse/client/emoji/table.ts"
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react"
import { useLanguage, useText } from "../text/use-text.ts"
import {
  BallIcon,
  BulbIcon,
  ClockBackIcon,
  CupIcon,
  FaceIcon,
  FlagIcon,
  HandIcon,
  HeartIcon,
  LeafIcon,
  PlaceIcon,
} from "../ui/message-icons.tsx"
import { SearchField } from "../ui/search-field.tsx"
import { EmojiGrid } from "./grid.tsx"
import { used, useHabits } from "./habits.ts"

/** Something beside emoji that can be picked here: one's stickers. */
export type PickerTab = {
  readonly id: string
  readonly name: string
  readonly icon: ReactNode
  readonly panel: ReactNode
}

type Props = {
  readonly onPick: (emoji: string, stay: boolean) => void
  readonly tabs?: readonly PickerTab[]
}

const RECENT = "recent"
const groupIcons = [FaceIcon, HandIcon, LeafIcon, CupIcon, PlaceIcon, BallIcon, BulbIcon, HeartIcon, FlagIcon]
const tones: readonly Tone[] = [0, 1, 2, 3, 4, 5]
const none: readonly PickerTab[] = []

function useRows(): readonly EmojiRow[] | undefined {
  const [rows, setRows] = useState<readonly EmojiRow[]>()
  useEffect(() => {
    let here = true
    void import("virtual:emoji").then((found) => {
      if (here) setRows(found.default)
    })
    return () => {
      here = false
    }
  }, [])
  return rows
}

export function EmojiPicker({ onPick, tabs = none }: Props) {
  const text = useText()
  const { language } = useLanguage()
  const rows = useRows()
  const [habits, change] = useHabits()
  const [tab, setTab] = useState<string>(habits.recent.length > 0 ? RECENT : "0")
  const [query, setQuery] = useState("")
  const [round, setRound] = useState(0)
  const [name, setName] = useState("")
  const search = useRef<HTMLInputElement>(null)
  const panel = useRef<HTMLDivElement>(null)

  useEffect(() => {
    search.current?.focus({ preventScroll: true })
  }, [])

  const cells = useMemo(() => {
    if (!rows) return []
    const cell = (row: EmojiRow) => ({
      emoji: toned(row, habits.tone),
      name: language === "zh-CN" ? row[3] : row[2],
    })
    if (query.trim() !== "") return searchEmoji(rows, query).map(cell)
    if (tab !== RECENT) return rows.filter((row) => `${row[1]}` === tab).map(cell)
    return habits.recent.map((emoji) => {
      const row = rows.find((each) => each[0] === emoji || each[6]?.includes(emoji))
      return { emoji, name: row ? (language === "zh-CN" ? row[3] : row[2]) : emoji }
    })
  }, [rows, query, tab, habits, language])

  const pick = (emoji: string, stay: boolean) => {
    change((before) => used(before, emoji))
    onPick(emoji, stay)
  }
  const extra = query.trim() === "" ? tabs.find((each) => each.id === tab) : undefined
  const groupName = (n: number) => text[`emojiGroup${n}` as "emojiGroup0"]
  const all = [
    { id: RECENT, name: text.emojiRecent, icon: <ClockBackIcon size={20} /> },
    ...Array.from({ length: GROUPS }, (_, n) => {
      const Icon = groupIcons[n] ?? FaceIcon
      return { id: `${n}`, name: groupName(n), icon: <Icon size={20} /> }
    }),
    ...tabs,
  ]
  const label = all.find((each) => each.id === tab)?.name ?? text.emoji
  const said = query.trim() !== "" ? text.noEmoji : text.noRecentEmoji

  return (
    <div className="flex h-[min(25rem,70dvh)] w-[min(22rem,calc(100vw-1rem))] flex-col">
      <div className="p-2 pb-1">
        <SearchField
          key={round}
          ref={search}
          name={text.searchEmoji}
          onQuery={setQuery}
          onKey={(event) => {
            const first = cells[0]
            if (event.key === "Enter" && first && query.trim() !== "") {
              event.preventDefault()
              pick(first.emoji, event.shiftKey)
            } else if (event.key === "ArrowDown") {
              event.preventDefault()
              panel.current?.querySelector<HTMLElement>("[role=gridcell][tabindex='0']")?.focus()
            }
          }}
        />
      </div>
      <div role="tablist" aria-label={text.emoji} className="flex border-b border-line px-1.5">
        {all.map((each, index) => (
          <button
            key={each.id}
            type="button"
            role="tab"
            aria-label={each.name}
            title={each.name}
            aria-selected={tab === each.id}
            tabIndex={tab === each.id ? 0 : -1}
            onClick={() => {
              setTab(each.id)
              setRound(round + 1)
              setQuery("")
              panel.current?.scrollTo({ top: 0 })
            }}
            onKeyDown={(event) => {
              const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
              if (!by) return
              event.preventDefault()
              const next = all[(index + by + all.length) % all.length]
              const sibling = event.currentTarget.parentElement?.children[all.indexOf(next ?? each)]
              setTab(next?.id ?? each.id)
              if (sibling instanceof HTMLElement) sibling.focus()
            }}
            className="flex h-9 min-w-6 flex-1 items-center justify-center border-b-2 border-transparent text-soft hover:text-ink aria-selected:border-accent aria-selected:text-accent pointer-coarse:h-11"
          >
            {each.icon}
          </button>
        ))}
      </div>
      <div
        ref={panel}
        role="tabpanel"
        aria-label={label}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
      >
        {extra ? (
          extra.panel
        ) : !rows ? (
          <p className="p-6 text-center text-sm text-soft">{text.loading}</p>
        ) : cells.length === 0 ? (
          <p className="p-6 text-center text-sm text-soft">{said}</p>
        ) : (
          <EmojiGrid
            key={`${tab} ${query}`}
            label={query.trim() === "" ? label : text.searchEmoji}
            cells={cells}
            onPick={pick}
            onName={setName}
            onLeave={() => search.current?.focus()}
          />
        )}
      </div>
      <div className="flex min-h-10 items-center gap-2 border-t border-line ps-3 pe-1.5">
        <p aria-hidden="true" className="min-w-0 flex-1 truncate text-sm text-soft">
          {name}
        </p>
        <div role="radiogroup" aria-label={text.skinTone} className="flex">
          {tones.map((tone) => (
            <label
              key={tone}
              title={text[`skinTone${tone}`]}
              className="flex size-7 cursor-pointer items-center justify-center rounded-lg text-lg has-checked:bg-wash has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:h-11"
            >
              <input
                type="radio"
                name="skin-tone"
                aria-label={text[`skinTone${tone}`]}
                checked={habits.tone === tone}
                onChange={() => change((before) => ({ ...before, tone }))}
                className="sr-only"
              />
              <span aria-hidden="true">{["✋", "✋🏻", "✋🏼", "✋🏽", "✋🏾", "✋🏿"][tone]}</span>
            </label>
          ))}
        </div>
      </div>
    </div>
  )
}
