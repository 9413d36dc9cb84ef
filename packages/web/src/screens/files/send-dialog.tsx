/** UX 10, 22, 23: what is about to be sent, how large it may be and what stays in it, before anything leaves the device. */
import { draftLimits } from "@teahouse/client/view/port/files.ts"
import { sizeText } from "@teahouse/client/words/size.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { inputLook } from "../../ui/field.tsx"
import { sends, useComposition } from "../../ui/ime.ts"
import { useAction } from "../../ui/use-action.ts"
import { useTouch } from "../../ui/use-media.ts"
import { usePickList } from "./pick-list.ts"
import { pickedFrom } from "./picked.ts"
import { PickedRow } from "./picked-row.tsx"
import { useKeep } from "./use-keep.ts"
import type { Start } from "./use-kept.ts"

const CAPTION_MAX = 1000

type Props = {
  readonly room: Id
  readonly start: Start
  /** What is in it may be kept: see the chat's `kept`. */
  readonly onClose: () => void
  /** What stands above the box to be answered, by its position. */
  readonly answers: () => number | undefined
  readonly onSent: () => void
}

export function SendDialog({ room, start, onClose, answers, onSent }: Props) {
  const text = useText()
  const touch = useTouch()
  const quota = useView("quota", undefined)?.quota
  const list = usePickList(start.files, start.original)
  const send = useAction("sendFiles")
  const captionId = useId()
  const box = useRef<HTMLTextAreaElement>(null)
  const more = useRef<HTMLInputElement>(null)
  const [caption, setCaption] = useState(start.caption)
  /** The caption without what is half composed. */
  const [whole, setWhole] = useState(start.caption)
  const composition = useComposition(() => setWhole(box.current?.value ?? ""))
  const [folders, setFolders] = useState(start.folders)
  const [asked, setAsked] = useState(false)

  const { entries } = list
  const keep = useKeep({
    room,
    files: entries.map(({ id, file }) => ({
      ...{ id, source: file, name: file.name, type: file.type, modified: file.lastModified },
    })),
    caption: whole,
    original: list.original,
  })
  const cancel = () => {
    keep.drop()
    onClose()
  }
  const tooLarge = (size: number) => quota !== undefined && size > quota.file
  const going = entries.filter((one) => !tooLarge(one.ready?.source.size ?? one.file.size))
  const bytes = going.reduce((sum, one) => sum + (one.ready?.source.size ?? one.file.size), 0)
  const left = quota && Math.max(0, quota.user - quota.used)
  const full = left !== undefined && bytes > left
  const ready = going.every((one) => one.ready)
  // While one is made ready its system's word is taken, so that nothing moves under the finger when it is.
  const pictures = entries.some(({ ready: one, file }) => one?.picture ?? file.type.startsWith("image/"))
  const may = going.length > 0 && !full

  useEffect(() => {
    if (!touch) box.current?.focus()
  }, [touch])

  const submit = async () => {
    if (!may || send.busy || composition.active()) return
    // Pressed while a picture is still being made ready: it goes when it is.
    if (!ready) return setAsked(true)
    setAsked(false)
    const said = caption.trim()
    const files = going.flatMap(({ id, ready: one }, index) =>
      one
        ? [
            {
              source: one.source,
              name: one.name,
              type: one.type,
              draft: id,
              ...(one.media && { media: one.media }),
              ...(said !== "" && index === going.length - 1 && { caption: said }),
            },
          ]
        : [],
    )
    const reply = answers()
    if (!(await send.run({ room, files, ...(reply !== undefined && { reply }) }))) return
    keep.drop()
    onSent()
  }
  const latest = useRef(submit)
  useEffect(() => {
    latest.current = submit
  })
  useEffect(() => {
    if (asked && ready) void latest.current()
  }, [asked, ready])

  const onKeyDown = (event: KeyboardEvent) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey, keyCode } = event
    const pressed = { key, shiftKey, ctrlKey, metaKey, altKey, keyCode }
    const isComposing = event.nativeEvent.isComposing
    if (!sends({ ...pressed, isComposing }, composition.active(), { enterSends: true, touch })) return
    event.preventDefault()
    void submit()
  }

  return (
    <Dialog title={text.sendFiles} onClose={cancel} onBeside={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          const dropped = pickedFrom(event.dataTransfer)
          setFolders(dropped.folders)
          list.add(dropped.files)
        }}
        className="flex flex-col gap-3"
      >
        {folders && <Fault sentence={text.noFolders} />}
        <ul className="flex max-h-[38dvh] flex-col gap-2 overflow-y-auto" aria-label={text.chatOtherFiles}>
          {entries.map((entry) => (
            <PickedRow
              key={entry.id}
              entry={entry}
              problem={
                tooLarge(entry.ready?.source.size ?? entry.file.size)
                  ? text.fileTooLarge(sizeText(quota?.file ?? 0))
                  : undefined
              }
              onRemove={() => list.remove(entry.id)}
            />
          ))}
        </ul>
        <div className="flex flex-col text-sm text-soft">
          <span className="min-h-5">
            {quota && text.fileLimit(sizeText(quota.file))}
            {left !== undefined && ` · ${text.spaceLeft(sizeText(left))}`}
          </span>
          <Button look="quiet" className="-mb-1 self-end px-2 text-sm" onClick={() => more.current?.click()}>
            {text.addMoreFiles}
          </Button>
          <input
            ref={more}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              list.add([...(event.target.files ?? [])])
              event.target.value = ""
            }}
          />
        </div>
        {pictures && (
          <label className="flex items-start gap-3 py-1">
            <input
              type="checkbox"
              role="switch"
              aria-checked={list.original}
              checked={list.original}
              onChange={(event) => list.setOriginal(event.target.checked)}
              className="mt-1 size-5 shrink-0 accent-accent"
            />
            <span>
              {text.originalPictures}
              <span className="block text-sm text-soft">{text.originalPicturesNote}</span>
            </span>
          </label>
        )}
        {going.length > 0 && (
          <div>
            <label htmlFor={captionId} className="sr-only">
              {text.caption}
            </label>
            <textarea
              ref={box}
              id={captionId}
              rows={1}
              value={caption}
              maxLength={CAPTION_MAX}
              placeholder={text.captionHint}
              onChange={(event) => {
                setCaption(event.target.value)
                const half = composition.active() || (event.nativeEvent as InputEvent).isComposing === true
                if (!half) setWhole(event.target.value)
              }}
              onKeyDown={onKeyDown}
              {...composition.handlers}
              className={`${inputLook} field-sizing-content max-h-32 resize-none`}
            />
          </div>
        )}
        {(keep.left > 0 || keep.full) && (
          <p role="status" className="text-sm text-amber">
            {keep.full
              ? text.draftNoRoom
              : text.draftLeft(keep.left, draftLimits.files, sizeText(draftLimits.bytes))}
          </p>
        )}
        <Fault error={send.error} sentence={full ? text.notEnoughSpace : undefined} />
        <div className="flex items-center justify-end gap-2">
          <span role="status" className="me-auto text-sm text-soft">
            {asked || send.busy
              ? text.preparing
              : entries.length > 0 && `${text.filesCount(going.length)} · ${sizeText(bytes)}`}
          </span>
          <Button onClick={cancel}>{text.cancel}</Button>
          <Button type="submit" look="primary" disabled={!may} aria-disabled={send.busy || asked}>
            {text.send}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
