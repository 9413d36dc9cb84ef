/** A file as a message's body: by its kind a picture, a film, a sound, or a card with a name. */

import { shownName } from "@teahouse/client/view/file-name.ts"
import type { ShownFile } from "@teahouse/client/view/port/files.ts"
import { sizeText } from "@teahouse/client/words/size.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { lazy, Suspense, useState } from "react"
import { useHouse } from "../../../port/use-view.ts"
import { errorText } from "../../../text/error-text.ts"
import { useLanguage, useText } from "../../../text/use-text.ts"
import { SaveIcon } from "../../../ui/icons.tsx"
import { mediaBox } from "../../files/media-box.ts"
import { FileIcon, FileName } from "../../files/name.tsx"
import { saveFile } from "../../files/open-file.ts"
import { PictureOf } from "../../files/picture.tsx"
import { type At, atOf } from "../../files/previews.ts"
import { Transfer, useTransfer } from "../../files/transfer.tsx"
import { RichText } from "../rich-text.tsx"
import type { MessageItem } from "../rows.ts"

const Sound = lazy(() => import("../../files/sound.tsx").then((part) => ({ default: part.Sound })))

/** A caption is as wide as its picture, and never narrower than this. */
const CAPTION_WIDTH = 220

type Props = {
  readonly room: Id
  readonly item: MessageItem
  readonly file: ShownFile
  /** Tab reaches what can be done with it. */
  readonly active: boolean
  /** Width to leave free at the end of the last line, for time and state. */
  readonly tail: string
}

export function FileBody({ room, item, file, active, tail }: Props) {
  const moving = useTransfer(room, item.key, item.mine && item.seq === undefined)
  const at = atOf(room, item)
  const { media } = file
  const sound = media?.kind === "audio" || media?.kind === "voice"
  return (
    <div className="flex max-w-full flex-col gap-1">
      <FileShown at={at} file={file} mine={item.mine} moving={moving !== undefined} active={active} />
      {moving && (
        <div className={media && !sound ? "px-2" : ""}>
          <Transfer moving={moving} />
        </div>
      )}
      {file.caption ? (
        <div
          className={media && !sound ? "px-2.5 pb-1" : ""}
          style={media && !sound ? { maxWidth: Math.max(CAPTION_WIDTH, mediaBox(media).width) } : {}}
        >
          <RichText text={file.caption} tail={tail} />
        </div>
      ) : (
        (!isPicture(file) || moving) && <span className="block h-3.5" />
      )}
    </div>
  )
}

type ShownProps = CardProps & { readonly mine: boolean }

/** What there is to see or to hear of it, or its name. */
export function FileShown({ at, file, mine, moving, active }: ShownProps) {
  const { media } = file
  if (!media) return <Card at={at} file={file} moving={moving} active={active} />
  if (isPicture(file)) return <PictureOf at={at} file={file} media={media} active={active} />
  return (
    <Suspense fallback={<div className="h-16 w-72 max-w-full" />}>
      <Sound at={at} file={file} media={media} mine={mine} active={active} />
    </Suspense>
  )
}

/** Has the time on it instead of below. */
export const isPicture = ({ media }: ShownFile): boolean =>
  media !== undefined && media.kind !== "audio" && media.kind !== "voice"

type CardProps = {
  readonly at: At
  readonly file: ShownFile
  readonly moving: boolean
  readonly active: boolean
}

function Card({ at, file, moving, active }: CardProps) {
  const text = useText()
  const { language } = useLanguage()
  const { port } = useHouse()
  const [fault, setFault] = useState<string>()
  const save = async () => {
    setFault(undefined)
    const error = await saveFile(port, at)
    if (error) setFault(errorText(error.kind, language))
  }
  return (
    <div className="w-72 max-w-full">
      {/* Where text is large, its name gets a line of its own. */}
      <div className="flex flex-wrap items-center gap-x-3">
        <FileIcon name={file.name} />
        <span className="min-w-[min(8rem,100%)] flex-1">
          <FileName name={file.name} className="font-medium" />
          {!moving && <span className="block text-sm opacity-85">{sizeText(file.size)}</span>}
        </span>
        {!moving && (
          <button
            type="button"
            aria-label={text.saveNamed(shownName(file.name))}
            title={text.saveFile}
            tabIndex={active ? 0 : -1}
            onClick={() => void save()}
            className="inline-flex size-10 shrink-0 items-center justify-center rounded-full hover:bg-ink/10 pointer-coarse:size-11"
          >
            <SaveIcon />
          </button>
        )}
      </div>
      {fault && (
        <p role="alert" className="mt-1 text-sm text-danger">
          {fault}
        </p>
      )}
    </div>
  )
}
