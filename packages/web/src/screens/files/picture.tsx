/** A picture or film in a message: its box, the blur, then the small picture, then (where it moves) the file itself. */

import { shownName } from "@teahouse/client/view/file-name.ts"
import type { ShownFile } from "@teahouse/client/view/port/files.ts"
import { lengthText } from "@teahouse/client/words/size.ts"
import { lazy, Suspense, useState } from "react"
import { useText } from "../../text/use-text.ts"
import { PlayIcon } from "../../ui/icons.tsx"
import { mediaBox } from "./media-box.ts"
import { useOpened } from "./open-file.ts"
import { type At, usePreview } from "./previews.ts"
import { useBlur } from "./use-blur.ts"

const Lightbox = lazy(() => import("./lightbox.tsx").then((part) => ({ default: part.Lightbox })))
const Film = lazy(() => import("./film.tsx").then((part) => ({ default: part.Film })))

/** A picture that moves is shown itself, up to here; larger ones move in the viewer. */
const MOVES_MAX = 8 * 1024 * 1024
/** So is one without a small picture, if it is no more than a small picture would be. */
const PLAIN_MAX = 256 * 1024
const NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

type Props = {
  readonly at: At
  readonly file: ShownFile
  readonly media: NonNullable<ShownFile["media"]>
  /** Tab reaches it. */
  readonly active: boolean
}

export function PictureOf({ at, file, media, active }: Props) {
  const text = useText()
  const [viewing, setViewing] = useState(false)
  const [playing, setPlaying] = useState(false)
  const [broken, setBroken] = useState(false)
  const name = shownName(file.name)
  const film = media.kind === "video"
  const box = mediaBox(media)
  const blur = useBlur(media.thumbhash)
  const small = usePreview(at, media.thumb)
  const moves = !film && file.type === "image/gif" && file.size <= MOVES_MAX
  const itself = useOpened(at, (moves || (!film && !media.thumb && file.size <= PLAIN_MAX)) && !broken).opened
  const src = (itself?.inline && !broken ? itself.url : undefined) ?? small ?? blur ?? NOTHING
  const open = () => (film ? setPlaying(true) : setViewing(true))
  if (playing)
    return (
      <div
        className="relative max-w-full"
        style={{ width: box.width, aspectRatio: `${box.width} / ${box.height}` }}
      >
        <Suspense>
          <Film at={at} name={name} {...(small && { poster: small })} />
        </Suspense>
      </div>
    )
  return (
    <div
      className="group/picture relative max-w-full overflow-hidden rounded-xl bg-sunken"
      style={{ width: box.width, aspectRatio: `${box.width} / ${box.height}` }}
    >
      <button
        type="button"
        aria-label={film ? text.playVideo(name) : text.openPicture(name)}
        tabIndex={active ? 0 : -1}
        onClick={open}
        className="absolute inset-0 size-full rounded-xl focus-visible:z-10 focus-visible:-outline-offset-2"
      />
      {/* The button below is for keyboards and screen readers; a click on the picture is the same for all others. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the button does that */}
      <img
        src={src}
        alt={name}
        draggable={false}
        onClick={open}
        onError={() => setBroken(true)}
        className="relative size-full cursor-zoom-in object-cover"
      />
      {film && (
        <span className="pointer-events-none absolute inset-0 flex items-center justify-center">
          <span className="flex size-12 items-center justify-center rounded-full bg-[#000a] text-[#fff]">
            <PlayIcon size={26} />
          </span>
          {media.duration !== undefined && (
            <span className="absolute start-2 top-2 rounded-full bg-[#000a] px-2 text-xs leading-5 text-[#fff]">
              {lengthText(media.duration)}
            </span>
          )}
        </span>
      )}
      {viewing && (
        <Suspense>
          <Lightbox at={at} file={file} {...(small && { small })} onClose={() => setViewing(false)} />
        </Suspense>
      )}
    </div>
  )
}
