/** A line of a chat as data: what it says, under names that another program can read in ten years. */
import type { ShownFile } from "@teahouse/client/view/port/files.ts"
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { said } from "@teahouse/client/words/said.ts"
import type { Text } from "../../text/en.ts"

/** What became of a file: where it lies beside the page, or why it does not. */
export type FileOut =
  | { readonly path: string; readonly shows?: "image" | "video" | "audio" }
  | { readonly missing: string }
/** By the message's key; of several that were forwarded as one by `lineKey`. */
export type FilesOut = ReadonlyMap<string, FileOut>
export const lineKey = (key: string, line: number): string => `${key} ${line}`

const person = ({ name, username }: { readonly name: string; readonly username: string }) => ({
  name,
  username,
})
const fileRecord = ({ name, type, size, caption }: ShownFile, out: FileOut | undefined) => ({
  ...{ name, type, size, caption },
  ...out,
})
const time = (at: number) => new Date(at).toISOString()

export function recordOf(item: TimelineItem, files: FilesOut, words: Text): Record<string, unknown> {
  const head = { position: item.seq, time: time(item.at) }
  if (item.type === "event") {
    const { kind, ...more } = item.event
    const named = "person" in more ? { person: person(more.person) } : {}
    const text =
      "text" in more && more.text !== undefined ? { text: said({ ...more, text: more.text }, words) } : {}
    return { ...head, event: kind, ...more, ...named, ...text }
  }
  const { from, body, reply, reactions } = item
  return {
    ...head,
    from: person(from),
    ...(item.mine ? { mine: true } : {}),
    text: said(item, words),
    ...(item.edited ? { edited: true } : {}),
    ...(item.lost ? { lost: true } : {}),
    ...(item.forwarded ? { forwarded: true } : {}),
    ...(item.pinned ? { pinned: true } : {}),
    ...(item.expiresAt === undefined ? {} : { disappears: time(item.expiresAt) }),
    ...(reply
      ? {
          reply: {
            position: reply.seq,
            from: person(reply.from),
            text: said(reply, words),
            gone: reply.gone,
          },
        }
      : {}),
    ...(reactions.length > 0
      ? { reactions: reactions.map(({ emoji, people }) => ({ emoji, people: people.map(person) })) }
      : {}),
    ...(body.kind === "file" ? { file: fileRecord(body.file, files.get(item.key)) } : {}),
    ...(body.kind === "sticker" ? { sticker: { ...body.sticker, ...files.get(item.key) } } : {}),
    ...(body.kind === "poll"
      ? {
          poll: {
            question: body.poll.question,
            multiple: body.poll.multiple,
            ended: body.poll.ended,
            options: body.poll.options.map((one) => ({ text: one.text, people: one.people.map(person) })),
          },
        }
      : {}),
    ...(body.kind === "bundle"
      ? {
          bundle: {
            title: body.bundle.title,
            items: body.bundle.items.map(({ name, at, sticker, file, ...one }, line) => ({
              name,
              time: time(at),
              text: said(sticker ? { ...one, sticker } : one, words),
              ...(sticker ? { sticker: true } : {}),
              ...(file ? { file: fileRecord(file, files.get(lineKey(item.key, line))) } : {}),
            })),
          },
        }
      : {}),
  }
}
