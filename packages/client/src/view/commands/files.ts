/** Sending, fetching and clearing files. */
import { err, ok } from "@teahouse/protocol/result.ts"
import { captionFits } from "../../file/message.ts"
import { isSmallPicture } from "../../file/pixels.ts"
import type { FileCommands } from "../port/files.ts"
import { done, type Handlers, notFound } from "./handler.ts"
import { replyTo, writable } from "./writing.ts"

export const fileCommands: Handlers<keyof FileCommands> = {
  async sendFiles(home, { room, files, reply }) {
    const where = writable(home, room)
    if (!where.ok) return where
    if (!files.every(({ caption }) => captionFits(caption))) return err({ kind: "caption_too_long" })
    const answers = reply === undefined ? undefined : await replyTo(home, where.value.state, reply)
    return reply !== undefined && !answers ? notFound : home.files.send(room, files, answers)
  },
  async keepDraftFiles(home, { room, files, caption, original }) {
    if (!home.rooms.get(room)) return notFound
    if (!captionFits(caption)) return err({ kind: "caption_too_long" })
    return home.files.drafts.keep(room, { files, caption, original })
  },
  async dropDraftFiles(home, { room }) {
    await home.files.drafts.drop(room)
    return done
  },
  readDraftFile: (home, { room, id, from }) => home.files.drafts.read(room, id, from),
  async pauseUpload(home, { room, key }) {
    return (await home.files.uploads.pause(room, key, true)) ? done : notFound
  },
  async resumeUpload(home, { room, key }) {
    return (await home.files.uploads.pause(room, key, false)) ? done : notFound
  },
  async cancelUpload(home, { room, key }) {
    return (await home.files.uploads.cancel(room, key)) ? done : notFound
  },
  async filePreview(home, at) {
    const file = await home.files.find(at)
    if (!file) return notFound
    const thumb = file.media?.thumb
    return ok({ thumb: thumb && isSmallPicture(thumb) ? thumb : null })
  },
  async openFile(home, at) {
    const opened = await home.files.openFile(at)
    if (!opened.ok) return opened
    const { id, ...file } = opened.value
    return ok({ url: `/${home.profile}/files/${id}`, ...file })
  },
  async closeFile(home, { url }) {
    home.files.close(url.split("/").at(-1) ?? "")
    return done
  },
  async clearFiles(home, { room }) {
    await home.files.pieces.clear(room)
    return done
  },
}
