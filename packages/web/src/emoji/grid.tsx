/** A grid that arrow keys walk through, one tab stop. */
import { type KeyboardEvent, useRef, useState } from "react"
import { stepTo } from "./steps.ts"

export const COLUMNS = 8

type Cell = { readonly emoji: string; readonly name: string }
type Props = {
  readonly label: string
  readonly cells: readonly Cell[]
  readonly onPick: (emoji: string, stay: boolean) => void
  readonly onName: (name: string) => void
  /** Up from the first row. */
  readonly onLeave: () => void
}

export function EmojiGrid({ label, cells, onPick, onName, onLeave }: Props) {
  const [at, setAt] = useState(0)
  const grid = useRef<HTMLDivElement>(null)
  const here = Math.min(at, Math.max(0, cells.length - 1))
  const rows: (readonly Cell[])[] = []
  for (let n = 0; n < cells.length; n += COLUMNS) rows.push(cells.slice(n, n + COLUMNS))

  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepTo(event, here, cells.length, COLUMNS)
    if (next === undefined) return
    event.preventDefault()
    if (next < 0) return onLeave()
    setAt(next)
    grid.current?.querySelectorAll<HTMLElement>("[role=gridcell]")[next]?.focus()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table has no arrow keys
    <div ref={grid} role="grid" aria-label={label} onKeyDown={onKeyDown} className="p-1.5">
      {rows.map((row, rowAt) => (
        // biome-ignore lint/a11y/useSemanticElements: see the grid
        // biome-ignore lint/a11y/useFocusableInteractive: see the grid
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are places, not things
        <div key={rowAt} role="row" className="grid grid-cols-8">
          {row.map((cell, column) => {
            const index = rowAt * COLUMNS + column
            return (
              // biome-ignore lint/a11y/useSemanticElements: see the grid
              <button
                key={cell.emoji}
                type="button"
                role="gridcell"
                title={cell.name}
                tabIndex={index === here ? 0 : -1}
                onFocus={() => {
                  setAt(index)
                  onName(cell.name)
                }}
                onPointerEnter={() => onName(cell.name)}
                onClick={(event) => onPick(cell.emoji, event.shiftKey)}
                className="flex aspect-square min-h-6 items-center justify-center rounded-lg text-[1.6rem] leading-none hover:bg-sunken focus-visible:bg-sunken focus-visible:outline-offset-0"
              >
                {cell.emoji}
              </button>
            )
          })}
        </div>
      ))}
    </div>
  )
}
