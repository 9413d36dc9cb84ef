/** Keeping pictures as stickers, and sending them. */
import { ok } from "@teahouse/protocol/result.ts"
import { introduce } from "../../contact/introduce.ts"
import { STICKER_TEXT, stickerLook } from "../../content/sticker.ts"
import type { StickerCommands } from "../port/stickers.ts"
import { stickerAt } from "../stickers.ts"
import { done, type Handlers, notFound } from "./handler.ts"
import { post, replyTo, writable } from "./writing.ts"

export const stickerCommands: Handlers<keyof StickerCommands> = {
  async addSticker(home, { from }) {
    const picture = from instanceof Uint8Array ? from : await stickerAt(home, from)
    if (!picture) return notFound
    const added = await home.stickers.add(picture)
    if (added.ok && added.value.added) home.flush()
    return added
  },
  async removeSticker(home, { id }) {
    if (!(await home.stickers.remove(id))) return notFound
    home.flush()
    return done
  },
  async readSticker(home, at) {
    const picture = "id" in at ? home.stickers.get(at.id)?.picture : await stickerAt(home, at)
    const look = picture && stickerLook(picture)
    return look ? ok({ picture, type: look.type }) : notFound
  },
  async sendSticker(home, { room, id, reply }) {
    const where = writable(home, room)
    if (!where.ok) return where
    const own = home.stickers.get(id)
    if (!own) return notFound
    const { actor, state } = where.value
    const answers = reply === undefined ? undefined : await replyTo(home, state, reply)
    if (reply !== undefined && !answers) return notFound
    if (state.meta.kind === "group") await introduce(home.answerParts, room)
    const { picture } = own
    return post(actor, {
      kind: "sticker",
      alt: STICKER_TEXT,
      picture,
      ...(answers ? { reply: answers } : {}),
    })
  },
}
