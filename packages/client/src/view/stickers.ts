/** One's own stickers, and the picture of one sticker. */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { topics } from "../changes.ts"
import { type Content, type Draft, decodeContent } from "../content/message.ts"
import { STICKERS_MAX } from "../content/notebook.ts"
import { stickerLook } from "../content/sticker.ts"
import type { Home } from "../home.ts"
import type { MakeView } from "./context.ts"
import { lookUp } from "./message-item.ts"
import type { FileAt } from "./port/files.ts"

const pictureOf = (content: Content | Draft | undefined): Uint8Array | undefined =>
  content?.kind === "sticker" ? content.picture : undefined

/** In a message, waiting or in the log, or in what this person kept of it. */
export async function stickerAt(home: Home, { room, key, seq }: FileAt): Promise<Uint8Array | undefined> {
  const state = home.rooms.get(room)?.state()
  if (seq === undefined) return pictureOf(state?.outbox.find((item) => item.key === key)?.draft)
  const found = state && pictureOf((await lookUp(home, state, seq))?.content)
  if (found) return found
  const kept = (await home.kept.favourites()).find(({ id }) => id === key)
  return kept && pictureOf(decodeContent(kept.copy.content))
}

export const stickersView: MakeView<"stickers"> = ({ home }) => ({
  topics: [topics.stickers, topics.session],
  async compute() {
    const all = home()?.stickers.all() ?? []
    return { stickers: all.map(({ id, width, height }) => ({ id, width, height })), max: STICKERS_MAX }
  },
})

export const stickerView: MakeView<"sticker"> = ({ home }, args) => ({
  topics: [...("id" in args ? [topics.stickers] : []), topics.session],
  async compute() {
    const here = home()
    if (!here) return {}
    const picture = "id" in args ? here.stickers.get(args.id)?.picture : await stickerAt(here, args)
    const look = picture && stickerLook(picture)
    if (!look) return {}
    return {
      url: `data:${look.type};base64,${toBase64url(picture).replaceAll("-", "+").replaceAll("_", "/")}`,
    }
  },
})
