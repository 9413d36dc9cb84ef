/** UX 21: one picture on the whole screen, and from there to every other of the chat. (docs/decisions: why not PhotoSwipe.) */
import type { ShownFile } from "@teahouse/client/view/port/files.ts"
import { type KeyboardEvent, useEffect, useRef, useState } from "react"
import { createPortal } from "react-dom"
import { useHouse, useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import {
  BackIcon,
  CloseIcon,
  ForwardIcon,
  MinusIcon,
  PlusIcon,
  RotateIcon,
  SaveIcon,
} from "../../ui/icons.tsx"
import { saveFile } from "./open-file.ts"
import { type At, atOf, nameOf } from "./previews.ts"
import { Slide } from "./slide.tsx"
import { useStage } from "./use-stage.ts"
import { still, type Transform, turned, zoomed } from "./view-transform.ts"

/** Pictures asked for around the one that is looked at. */
const WINDOW = 41
/** Nearer to an end than this, the next window is asked for. */
const NEAR = 5

type Shown = { readonly at: At; readonly file: ShownFile }
type Props = Shown & { readonly small?: string; readonly onClose: () => void }

export function Lightbox({ at, file, small, onClose }: Props) {
  const text = useText()
  const { port } = useHouse()
  const dialog = useRef<HTMLDialogElement>(null)
  const stage = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState<Shown>({ at, file })
  const [transform, setTransform] = useState<Transform>(still)
  const { shown, ask } = usePictures({ at, file })
  const index = shown.findIndex((one) => nameOf(one.at) === nameOf(current.at))
  const [before, after] = [shown[index - 1], shown[index + 1]]

  useEffect(() => {
    const element = dialog.current
    const focused = document.activeElement
    if (element && !element.open) element.showModal()
    return () => {
      element?.close()
      if (focused instanceof HTMLElement) focused.focus()
    }
  }, [])

  const to = (next: Shown | undefined) => {
    if (!next) return
    setCurrent(next)
    setTransform(still)
    const place = shown.indexOf(next)
    if (next.at.seq !== undefined && (place < NEAR || place >= shown.length - NEAR)) ask(next.at.seq)
  }
  const pointers = useStage(stage, {
    transform,
    change: setTransform,
    onSwipe: (way) => (way === "down" ? onClose() : to(way === "left" ? after : before)),
  })
  const zoom = (factor: number) => setTransform((from) => zoomed(from, factor, { x: 0, y: 0 }))
  const rotate = () => setTransform(turned)
  const save = () => void saveFile(port, current.at)

  const onKeyDown = (event: KeyboardEvent) => {
    // A film's own controls use the arrows.
    if (event.target instanceof HTMLVideoElement || event.ctrlKey || event.metaKey || event.altKey) return
    const keys: readonly (readonly [string, () => void])[] = [
      ["ArrowLeft", () => to(before)],
      ["ArrowRight", () => to(after)],
      ["+", () => zoom(1.5)],
      ["=", () => zoom(1.5)],
      ["-", () => zoom(1 / 1.5)],
      ["0", () => setTransform(still)],
      ["r", rotate],
      ["s", save],
    ]
    const act = keys.find(([key]) => key === event.key)?.[1]
    if (!act) return
    event.preventDefault()
    act()
  }
  const tool =
    "inline-flex size-11 shrink-0 items-center justify-center rounded-full text-[#fff] hover:bg-[#fff3] focus-visible:outline-[#fff] disabled:opacity-35"
  return createPortal(
    <dialog
      ref={dialog}
      aria-label={text.pictureViewer}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      className="fixed inset-0 m-0 size-full max-h-none max-w-none touch-none overflow-hidden bg-[#0e100f] text-[#fff] select-none"
    >
      <div ref={stage} className="absolute inset-0 pt-14" {...pointers}>
        {[before, index < 0 ? current : shown[index], after].map(
          (one) =>
            one && (
              <Slide
                key={nameOf(one.at)}
                at={one.at}
                file={one.file}
                transform={transform}
                current={nameOf(one.at) === nameOf(current.at)}
                {...(small && nameOf(one.at) === nameOf(at) && { first: small })}
                onOutside={onClose}
              />
            ),
        )}
      </div>
      <header className="safe-top safe-x absolute inset-x-0 top-0 flex items-center gap-0.5 bg-[#0009] px-2 py-1.5">
        <p role="status" className="min-w-0 flex-1 truncate ps-2 text-sm tabular-nums">
          {index >= 0 && shown.length > 1 && text.pictureOf(index + 1, shown.length)}
        </p>
        <button
          type="button"
          className={tool}
          aria-label={text.zoomOut}
          title={text.zoomOut}
          onClick={() => zoom(1 / 1.5)}
        >
          <MinusIcon />
        </button>
        <button
          type="button"
          className={tool}
          aria-label={text.zoomIn}
          title={text.zoomIn}
          onClick={() => zoom(1.5)}
        >
          <PlusIcon />
        </button>
        <button
          type="button"
          className={tool}
          aria-label={text.rotatePicture}
          title={text.rotatePicture}
          onClick={rotate}
        >
          <RotateIcon />
        </button>
        <button
          type="button"
          className={tool}
          aria-label={text.savePicture}
          title={text.savePicture}
          onClick={save}
        >
          <SaveIcon />
        </button>
        <button type="button" className={tool} aria-label={text.close} title={text.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      {shown.length > 1 && (
        <>
          <button
            type="button"
            className={`${tool} absolute start-2 top-1/2 -mt-5.5 bg-[#0009]`}
            aria-label={text.previousPicture}
            title={text.previousPicture}
            disabled={!before}
            onClick={() => to(before)}
          >
            <BackIcon />
          </button>
          <button
            type="button"
            className={`${tool} absolute end-2 top-1/2 -mt-5.5 bg-[#0009]`}
            aria-label={text.nextPicture}
            title={text.nextPicture}
            disabled={!after}
            onClick={() => to(after)}
          >
            <ForwardIcon />
          </button>
        </>
      )}
    </dialog>,
    document.body,
  )
}

/** The chat's pictures around a position; while the next window is on its way the last one stays. One that was retold is alone. */
function usePictures(first: Shown): { shown: readonly Shown[]; ask: (seq: number) => void } {
  const [around, setAround] = useState<"end" | number>(first.at.seq ?? "end")
  const { room, line } = first.at
  const value = useView("media", { room, what: "visual", around, limit: WINDOW })
  const [kept, setKept] = useState<readonly Shown[]>([first])
  useEffect(() => {
    if (!value || line !== undefined) return
    const found = value.items.flatMap((item): Shown[] =>
      item.body.kind === "file" ? [{ at: atOf(room, item), file: item.body.file }] : [],
    )
    setKept((before) => (found.length > 0 ? found : before))
  }, [value, room, line])
  return { shown: kept, ask: setAround }
}
