/** One's own stickers (表情), and stickers in messages. Pictures are asked for one by one, so that no timeline carries them. */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { FileAt } from "./files.ts"

/** Pixels, as its own bytes say. */
export type ShownSticker = { readonly width: number; readonly height: number }
export type OwnSticker = ShownSticker & { readonly id: Id }

export type StickerViews = {
  /** One's own, newest first; `max`: how many one can have. */
  stickers: {
    args: undefined
    value: { readonly stickers: readonly OwnSticker[]; readonly max: number }
  }
  /** Its `data:` address: of one's own by its id, or of the one in a message. Absent where there is none. */
  sticker: { args: { readonly id: Id } | FileAt; value: { readonly url?: string } }
}

export type StickerCommands = {
  /**
   * A still WebP or PNG, drawn anew by the screen, of at most 240 × 240 pixels and 40,000 bytes, else `bad_picture`; or the
   * sticker of a message as it is. One that is there already is no error: `added` is false. `too_many_stickers` where
   * there is no room.
   */
  addSticker: {
    args: { from: Uint8Array | FileAt }
    value: { readonly id: Id; readonly added: boolean }
  }
  removeSticker: { args: { id: Id }; value: null }
  /** The picture itself, of one's own or of the one in a message: to be written somewhere else. */
  readSticker: {
    args: { readonly id: Id } | FileAt
    value: { readonly picture: Uint8Array; readonly type: "image/webp" | "image/png" }
  }
  /** One of one's own, as a message. `reply`: the position of what it answers. */
  sendSticker: { args: { room: Id; id: Id; reply?: number }; value: { readonly key: string } }
}
