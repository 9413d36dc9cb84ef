/** A line of a chat as data: what it says, under names that another program can read in ten years. */
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { Text } from "../../text/en.ts"
import { said } from "../../text/said.ts"

/** What became of a file: where it lies beside the page, or why it does not. */
export type FileOut =
  | { readonly path: string; readonly shows?: "image" | "video" | "audio" }
  | { readonly missing: string }
export type FilesOut = ReadonlyMap<string, FileOut>

const person = ({ name, username }: { readonly name: string; readonly username: string }) => ({
  name,
  username,
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
    ...(body.kind === "file"
      ? {
          file: {
            name: body.file.name,
            type: body.file.type,
            size: body.file.size,
            caption: body.file.caption,
            ...files.get(item.key),
          },
        }
      : {}),
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
            items: body.bundle.items.map((one) => ({
              name: one.name,
              time: time(one.at),
              text: said(one, words),
              ...(one.sticker ? { sticker: true } : {}),
            })),
          },
        }
      : {}),
  }
}
