/** Files on their way, what may be sent, and what lies on this device; and how a file stands in a chat. */
import { topics } from "../changes.ts"
import type { AnyFile } from "../content/file.ts"
import { cleanFileName } from "../file/name.ts"
import type { MakeView } from "./context.ts"
import type { ShownFile } from "./port/files.ts"
import { titleOf } from "./room-list.ts"

export function shownFile({
  name,
  type,
  size,
  caption,
  media,
}: AnyFile & { readonly caption?: string | undefined }): ShownFile {
  const { thumb, ...rest } = media ?? {}
  // What is absent is absent, and never undefined: it was unpacked.
  const measures = rest as Omit<NonNullable<ShownFile["media"]>, "kind" | "thumb">
  return {
    name: cleanFileName(name),
    type,
    size,
    ...(caption === undefined ? {} : { caption }),
    ...(media ? { media: { ...measures, kind: media.kind, thumb: thumb !== undefined } } : {}),
  }
}

export const transfersView: MakeView<"transfers"> = ({ home }) => ({
  topics: [topics.transfers, topics.rooms, topics.session],
  compute: async () => ({ transfers: home()?.files.uploads.transfers() ?? [] }),
})

export const draftFilesView: MakeView<"draftFiles"> = ({ home }, { room }) => ({
  topics: [topics.draft(room), topics.session],
  compute: async () => home()?.files.drafts.of(room) ?? { files: [], caption: "", original: false },
})

export const quotaView: MakeView<"quota"> = ({ home }) => {
  let asked = false
  return {
    topics: [topics.files, topics.session],
    async compute() {
      const files = home()?.files
      // The first look asks; the answer comes as a change.
      if (files && !asked) {
        asked = true
        void files.askQuota()
      }
      const quota = files?.quota()
      return quota ? { quota } : {}
    },
  }
}

export const storageView: MakeView<"storage"> = ({ home }) => ({
  topics: [topics.files, topics.session],
  async compute() {
    const here = home()
    if (!here) return { files: 0, filesMax: 0, rooms: [] }
    const byRoom = new Map<string, { files: number; bytes: number }>()
    let files = 0
    for (const { room, bytes } of [...here.files.pieces.all().values(), ...here.files.drafts.sizes()]) {
      const sum = byRoom.get(room) ?? { files: 0, bytes: 0 }
      byRoom.set(room, { files: sum.files + 1, bytes: sum.bytes + bytes })
      files += bytes
    }
    const rooms = here.rooms.all().flatMap((actor) => {
      const sum = byRoom.get(actor.room)
      return sum ? [{ room: actor.room, title: titleOf(here, actor.state().meta), ...sum }] : []
    })
    rooms.sort((a, b) => b.bytes - a.bytes)
    return { ...(await here.files.room()), files, filesMax: here.files.pieces.maxBytes, rooms }
  },
})
