/**
 * A sticker's picture in its box, which is there before it. It is asked for once, and kept for the last few hundred, so that
 * scrolling back shows it at once. Its bytes were looked at where they came in (content/sticker.ts of the client).
 */
import type { ShownSticker } from "@teahouse/client/view/port/stickers.ts"
import type { ViewArgs } from "@teahouse/client/view/port.ts"
import { useEffect } from "react"
import { useView } from "../port/use-view.ts"
import { stickerBox } from "../screens/files/media-box.ts"

const KEEP = 300
const kept = new Map<string, string>()
const NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

type Props = {
  readonly of: ViewArgs<"sticker">
  readonly sticker: ShownSticker
  readonly alt: string
  /** Pixels of its longer side, at most. */
  readonly side: number
}

export function StickerPicture({ of, sticker, alt, side }: Props) {
  const name = "id" in of ? of.id : `${of.room} ${of.key}`
  const url = useView("sticker", of)?.url
  useEffect(() => {
    if (url === undefined) return
    kept.delete(name)
    kept.set(name, url)
    for (const oldest of kept.keys()) {
      if (kept.size <= KEEP) break
      kept.delete(oldest)
    }
  }, [name, url])
  const { width, height } = stickerBox(sticker, side)
  return (
    <img
      src={url ?? kept.get(name) ?? NOTHING}
      alt={alt}
      width={width}
      height={height}
      draggable={false}
      className="max-w-full object-contain"
    />
  )
}
