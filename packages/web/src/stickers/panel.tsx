/** One's own stickers in the picker: a press sends one; the Delete key, or a press while removing, takes it away. */
import type { OwnSticker } from "@teahouse/client/view/port/stickers.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type KeyboardEvent, useEffect, useRef, useState } from "react"
import { stepTo } from "../emoji/steps.ts"
import { useHouse, useView } from "../port/use-view.ts"
import { errorText } from "../text/error-text.ts"
import { useLanguage, useText } from "../text/use-text.ts"
import { Button } from "../ui/button.tsx"
import { CloseIcon } from "../ui/icons.tsx"
import { keepSticker } from "./keep.ts"
import { StickerPicture } from "./picture.tsx"

const COLUMNS = 4
const SIDE = 68

export default function Stickers({ onPick }: { readonly onPick: (id: Id, stay: boolean) => void }) {
  const text = useText()
  const { language } = useLanguage()
  const { port } = useHouse()
  const own = useView("stickers", undefined)
  const chooser = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [removing, setRemoving] = useState(false)
  const [told, tell] = useState<{ readonly words: string; readonly fault?: true }>()
  const stickers = own?.stickers ?? []

  const add = async (file: File | undefined) => {
    if (!file || busy) return
    setBusy(true)
    tell(undefined)
    const kept = await keepSticker(port, file)
    setBusy(false)
    if (kept.ok) return tell({ words: kept.added ? text.stickerAdded : text.stickerThere })
    const words =
      kept.error.kind === "bad_picture" ? text.stickerUnreadable : errorText(kept.error.kind, language)
    tell({ words, fault: true })
  }
  const remove = async (id: Id) => {
    const answer = await port.command("removeSticker", { id })
    if (answer.ok) tell({ words: text.stickerRemoved })
    else tell({ words: errorText(answer.error.kind, language), fault: true })
  }

  return (
    <div className="p-2">
      <div className="flex flex-wrap items-center gap-1">
        <Button
          aria-disabled={busy}
          className="min-h-9 pointer-coarse:min-h-11 text-sm"
          onClick={() => chooser.current?.click()}
        >
          {busy ? text.working : text.addStickerShort}
        </Button>
        {stickers.length > 0 && (
          <Button
            look="quiet"
            aria-pressed={removing}
            className="min-h-9 pointer-coarse:min-h-11 text-sm aria-pressed:bg-wash"
            onClick={() => setRemoving(!removing)}
          >
            {text.removeStickers}
          </Button>
        )}
        <span className="ms-auto px-1 text-xs text-soft">
          {own && stickers.length > 0 && text.stickerCount(stickers.length, own.max)}
        </span>
        <input
          ref={chooser}
          type="file"
          accept="image/*"
          aria-label={text.addSticker}
          tabIndex={-1}
          className="sr-only"
          onChange={(event) => {
            void add(event.target.files?.[0])
            event.target.value = ""
          }}
        />
      </div>
      <p role="status" className={`min-h-5 px-1 text-sm ${told?.fault ? "text-danger" : "text-soft"}`}>
        {told?.words}
      </p>
      {own && stickers.length === 0 ? (
        <p className="p-4 text-center text-sm text-soft">{text.noStickers}</p>
      ) : (
        <Grid stickers={stickers} removing={removing} onPick={onPick} onRemove={(id) => void remove(id)} />
      )}
    </div>
  )
}

type GridProps = {
  readonly stickers: readonly OwnSticker[]
  readonly removing: boolean
  readonly onPick: (id: Id, stay: boolean) => void
  readonly onRemove: (id: Id) => void
}

function Grid({ stickers, removing, onPick, onRemove }: GridProps) {
  const text = useText()
  const [at, setAt] = useState(0)
  const grid = useRef<HTMLDivElement>(null)
  /** What had the focus was removed: it goes to what stands there now. */
  const refocus = useRef(false)
  const here = Math.min(at, Math.max(0, stickers.length - 1))
  const cells = () => grid.current?.querySelectorAll<HTMLElement>("[role=gridcell]")
  const rows: (readonly OwnSticker[])[] = []
  for (let n = 0; n < stickers.length; n += COLUMNS) rows.push(stickers.slice(n, n + COLUMNS))

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when one came or went
  useEffect(() => {
    if (refocus.current) cells()?.[here]?.focus()
    refocus.current = false
  }, [stickers.length])
  const remove = (id: Id) => {
    refocus.current = true
    onRemove(id)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const sticker = stickers[here]
    if (event.key === "Delete" && sticker) {
      event.preventDefault()
      return remove(sticker.id)
    }
    const to = stepTo(event, here, stickers.length, COLUMNS)
    if (to === undefined) return
    event.preventDefault()
    if (to < 0) return grid.current?.closest("[role=dialog]")?.querySelector<HTMLElement>("input")?.focus()
    setAt(to)
    cells()?.[to]?.focus()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table has no arrow keys
    <div ref={grid} role="grid" aria-label={text.stickers} onKeyDown={onKeyDown}>
      {rows.map((row, rowAt) => (
        // biome-ignore lint/a11y/useSemanticElements: see the grid
        // biome-ignore lint/a11y/useFocusableInteractive: see the grid
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are places, not things
        <div key={rowAt} role="row" className="grid grid-cols-4">
          {row.map((sticker, column) => {
            const index = rowAt * COLUMNS + column
            const name = removing ? text.removeSticker(index + 1) : text.stickerNamed(index + 1)
            return (
              // biome-ignore lint/a11y/useSemanticElements: see the grid
              <button
                key={sticker.id}
                type="button"
                role="gridcell"
                aria-label={name}
                title={name}
                tabIndex={index === here ? 0 : -1}
                onFocus={() => setAt(index)}
                onClick={(event) => (removing ? remove(sticker.id) : onPick(sticker.id, event.shiftKey))}
                className="relative flex h-20 items-center justify-center rounded-lg hover:bg-sunken focus-visible:bg-sunken focus-visible:outline-offset-0"
              >
                <StickerPicture of={{ id: sticker.id }} sticker={sticker} alt="" side={SIDE} />
                {removing && (
                  <span className="absolute end-0.5 top-0.5 rounded-full bg-[#000a] p-0.5 text-[#fff]">
                    <CloseIcon size={14} />
                  </span>
                )}
              </button>
            )
          })}
        </div>
      ))}
    </div>
  )
}
