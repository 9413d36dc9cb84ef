/**
 * The ways into the dialog `Send files`: the button, pasting, dropping anywhere on the conversation. What is dropped beside it
 * does nothing, so that a file which misses never replaces the page.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import {
  type ClipboardEvent,
  type DragEvent,
  lazy,
  type ReactNode,
  Suspense,
  useEffect,
  useRef,
  useState,
} from "react"
import { useShortcut } from "../../keys/actions.ts"
import { useText } from "../../text/use-text.ts"
import { IconButton, inLine } from "../../ui/button.tsx"
import { AttachIcon } from "../../ui/icons.tsx"
import { hasFiles, type Picked, pasted, pickedFrom } from "./picked.ts"
import { type KeptFiles, type Start, useKept } from "./use-kept.ts"

const SendDialog = lazy(() => import("./send-dialog.tsx").then((part) => ({ default: part.SendDialog })))

/** How long pasting as a picture is offered after text was pasted. */
const OFFER_MS = 20_000

export type Sending = {
  readonly pick: () => void
  readonly onPaste: (event: ClipboardEvent) => void
  /** For the element that files are dropped on. */
  readonly target: {
    readonly onDragEnter: (event: DragEvent) => void
    readonly onDragOver: (event: DragEvent) => void
    readonly onDragLeave: (event: DragEvent) => void
    readonly onDrop: (event: DragEvent) => void
  }
  /** Chooser, overlay, dialog: somewhere inside the target. */
  readonly layer: ReactNode
  /** "The text was pasted", above the composer. */
  readonly offer: ReactNode
  /** Files that wait since before; absent where none do, and while the dialog shows them. */
  readonly kept: KeptFiles | undefined
}

/** What the files answer, and what is done when they went. */
type Answering = {
  readonly answers: () => number | undefined
  readonly onSent: () => void
}

export function useSending(room: Id, writable: boolean, { answers, onSent }: Answering): Sending {
  const input = useRef<HTMLInputElement>(null)
  const [start, setStart] = useState<Start>()
  const [offered, setOffered] = useState<Picked>()
  const [depth, setDepth] = useState(0)
  const { kept, pick } = useKept(room, setStart)
  const open = (next: Picked) => {
    if (next.files.length === 0 && !next.folders) return
    setOffered(undefined)
    void pick(next)
  }

  useEffect(() => {
    const hold = (event: globalThis.DragEvent) => {
      if (event.dataTransfer && hasFiles(event.dataTransfer)) event.preventDefault()
    }
    addEventListener("dragover", hold)
    addEventListener("drop", hold)
    return () => {
      removeEventListener("dragover", hold)
      removeEventListener("drop", hold)
    }
  }, [])
  useEffect(() => {
    if (!offered) return
    const timer = setTimeout(() => setOffered(undefined), OFFER_MS)
    return () => clearTimeout(timer)
  }, [offered])

  const takes = (event: DragEvent) => writable && !start && hasFiles(event.dataTransfer)
  return {
    pick: () => input.current?.click(),
    onPaste: (event) => {
      const { textFirst, ...what } = pasted(event.clipboardData)
      if (what.files.length === 0 && !what.folders) return
      // The text goes its usual way into the box.
      if (textFirst) return setOffered(what)
      event.preventDefault()
      open(what)
    },
    target: {
      onDragEnter: (event) => takes(event) && setDepth((n) => n + 1),
      onDragLeave: (event) => takes(event) && setDepth((n) => Math.max(0, n - 1)),
      onDragOver: (event) => {
        if (!takes(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = "copy"
      },
      onDrop: (event) => {
        setDepth(0)
        if (!takes(event)) return
        event.preventDefault()
        open(pickedFrom(event.dataTransfer))
      },
    },
    layer: (
      <>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            open({ files: [...(event.target.files ?? [])], folders: false })
            // The same file may be chosen again.
            event.target.value = ""
          }}
        />
        {depth > 0 && <DropOverlay />}
        {start && (
          <Suspense>
            <SendDialog
              room={room}
              start={start}
              onClose={() => setStart(undefined)}
              answers={answers}
              onSent={() => {
                setStart(undefined)
                onSent()
              }}
            />
          </Suspense>
        )}
      </>
    ),
    offer: offered && <Offer onPaste={() => open(offered)} />,
    kept: start ? undefined : kept,
  }
}

function DropOverlay() {
  const text = useText()
  return (
    <div className="pointer-events-none absolute inset-2 z-30 flex items-center justify-center rounded-2xl border-2 border-dashed border-accent bg-wash/90 text-lg font-medium text-accent">
      {text.dropHere}
    </div>
  )
}

function Offer({ onPaste }: { readonly onPaste: () => void }) {
  const text = useText()
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-2 px-1 text-sm text-soft">
      {text.pastedText}
      <button type="button" className={inLine} onClick={onPaste}>
        {text.pasteAsImage}
      </button>
    </p>
  )
}

export function AttachButton({ sending }: { readonly sending: Sending }) {
  const text = useText()
  useShortcut("attach", sending.pick)
  return (
    <IconButton name={text.attachFile} onClick={sending.pick}>
      <AttachIcon />
    </IconButton>
  )
}
