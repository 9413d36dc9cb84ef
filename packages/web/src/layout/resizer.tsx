/** UX 1: the list's width, by pointer and by arrow keys. */
import { useCallback, useRef, useState } from "react"
import { useText } from "../text/use-text.ts"

const MIN = 240
const MAX = 480
const KEY = "teahouse.list-width"
const clamp = (width: number) => Math.round(Math.min(MAX, Math.max(MIN, width)))

export function useListWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => {
    const kept = Number(localStorage.getItem(KEY))
    return kept > 0 ? clamp(kept) : 320
  })
  const set = useCallback((wanted: number) => {
    const next = clamp(wanted)
    setWidth(next)
    localStorage.setItem(KEY, String(next))
  }, [])
  return [width, set]
}

export function Resizer({
  width,
  onWidth,
}: {
  readonly width: number
  readonly onWidth: (width: number) => void
}) {
  const text = useText()
  const start = useRef<{ x: number; width: number }>(undefined)
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved; this is ARIA's window splitter
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={text.resizeList}
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      aria-valuenow={width}
      tabIndex={0}
      className="-ms-1.5 z-10 hidden w-3 -me-1.5 cursor-col-resize touch-none wide:block hover:bg-accent/15"
      onPointerDown={(event) => {
        start.current = { x: event.clientX, width }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        if (start.current) onWidth(start.current.width + event.clientX - start.current.x)
      }}
      onPointerUp={() => {
        start.current = undefined
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") onWidth(width - 16)
        if (event.key === "ArrowRight") onWidth(width + 16)
      }}
    />
  )
}
