import type { ShownSticker } from "@teahouse/client/view/port/stickers.ts"
import { StickerPicture } from "../../../stickers/picture.tsx"
import { useText } from "../../../text/use-text.ts"
import type { At } from "../../files/previews.ts"

/** Pixels of its longer side in a chat. */
export const STICKER_SHOWN = 160

export function StickerBody({ at, sticker }: { readonly at: At; readonly sticker: ShownSticker }) {
  const text = useText()
  return <StickerPicture of={at} sticker={sticker} alt={text.sticker} side={STICKER_SHOWN} />
}
