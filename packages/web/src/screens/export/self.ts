/**
 * What there is of a person besides chats, in a folder of its own: profile and settings, contacts with what was noted of them, what
 * was kept (收藏), and their stickers; each as a page to read and as data. What was kept and the stickers are read one by one and
 * never held together.
 */
import type { PictureToExport, SelfToExport } from "@teahouse/client/view/port/export.ts"
import type { Favourite } from "@teahouse/client/view/port/messages.ts"
import { exactTime } from "@teahouse/client/words/time.ts"
import { exportMedia, exportSticker, writeOnce } from "./media.ts"
import { address, article, escaped, pageAround } from "./page.ts"
import { type Missing, type Parts, Refused } from "./parts.ts"
import { type FileOut, type FilesOut, recordOf } from "./record.ts"
import { contactLines, profileLines } from "./self-page.ts"
import { bytesOf, type ChatFolder } from "./sink.ts"

type Lost = Omit<Missing, "chat">

const iso = (at: number) => new Date(at).toISOString()

/** Answers with what could not be had. */
export async function exportSelf(parts: Parts, title: string): Promise<readonly Lost[]> {
  const { port, pass, sink, style, signal } = parts
  const answer = await port.command("exportSelf", { pass })
  if (!answer.ok) throw new Refused(answer.error)
  const self = answer.value
  const folder = await sink.folder(title, self.profile.user)
  const write = async (
    name: string,
    heading: string,
    lines: AsyncIterable<string>,
    data: AsyncIterable<string>,
  ) => {
    signal.throwIfAborted()
    await folder.write(`${name}.html`, bytesOf(pageAround(heading, style, lines)))
    await folder.write(`${name}.json`, bytesOf(data))
  }
  const { profile, settings, contacts, requests } = self
  const { picture, ...plain } = profile
  const drawn = picture && (await writePicture(folder, "picture", picture))
  const told = { ...plain, ...(drawn === undefined ? {} : { picture: drawn }) }
  await write(
    "profile",
    title,
    profileLines(self, drawn, style),
    whole({ format: "teahouse-profile", version: 1, profile: told, settings }),
  )
  const pictures = await exportPictures(parts, folder, contacts)
  const known = contacts.map(({ picture: _, since, ...one }) => ({
    ...one,
    ...(since === undefined ? {} : { since: iso(since) }),
    ...(pictures.has(one.user) ? { picture: pictures.get(one.user) } : {}),
  }))
  const asked = requests.map(({ at, person: { name, username, user }, ...one }) => ({
    ...one,
    person: { user, username, name },
    time: iso(at),
  }))
  await write(
    "contacts",
    style.text.contacts,
    contactLines(self, pictures, style),
    whole({ format: "teahouse-contacts", version: 1, contacts: known, requests: asked }),
  )
  const lost = await exportStickers(parts, folder, self, write)
  return [...lost, ...(await exportFavourites(parts, folder, self, write))]
}

/** `path`: without its ending. */
const writePicture = (folder: ChatFolder, path: string, { bytes, type }: PictureToExport) =>
  writeOnce(folder, `${path}.${type === "image/jpeg" ? "jpg" : "webp"}`, new Uint8Array(bytes))

/** By user: where it lies. One that is not on this device is in nobody's list of what is missing: it comes when they are seen again. */
async function exportPictures(
  { port, pass, signal }: Parts,
  folder: ChatFolder,
  contacts: SelfToExport["contacts"],
): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>()
  for (const { user, picture } of contacts) {
    if (picture === undefined) continue
    signal.throwIfAborted()
    const one = await port.command("exportPicture", { pass, picture })
    if (one.ok) paths.set(user, await writePicture(folder, `pictures/${user}`, one.value))
    else if (one.error.kind !== "not_found") throw new Refused(one.error)
  }
  return paths
}

type Write = (
  name: string,
  heading: string,
  lines: AsyncIterable<string>,
  data: AsyncIterable<string>,
) => Promise<void>

async function exportStickers(
  parts: Parts,
  folder: ChatFolder,
  { stickers }: SelfToExport,
  write: Write,
): Promise<readonly Lost[]> {
  const { text } = parts.style
  const lost: Lost[] = []
  const outs = new Map<string, FileOut>()
  for (const { id } of stickers) {
    parts.signal.throwIfAborted()
    const out = await exportSticker(parts, folder, { id }, `stickers/${id}`)
    outs.set(id, out)
    if ("missing" in out) lost.push({ name: text.sticker, why: out.missing })
  }
  async function* lines() {
    for (const [at, { id }] of stickers.entries()) {
      const out = outs.get(id)
      if (!out || "missing" in out) continue
      const name = escaped(text.stickerNamed(at + 1))
      yield `<figure><img class="sticker" src="${address(out.path)}" alt="${name}" loading="lazy"></figure>\n`
    }
  }
  const all = stickers.map((one) => ({ ...one, ...outs.get(one.id) }))
  await write(
    "stickers",
    text.stickers,
    lines(),
    whole({ format: "teahouse-stickers", version: 1, stickers: all }),
  )
  return lost
}

async function exportFavourites(
  parts: Parts,
  folder: ChatFolder,
  { favourites }: SelfToExport,
  write: Write,
): Promise<readonly Lost[]> {
  const { style } = parts
  const lost: Lost[] = []
  const files = new Map<string, FileOut>()
  for await (const { room, seq, item } of keptOf(parts, favourites)) {
    // A position says which only within its chat.
    const made = await exportMedia(parts, folder, room, item, `${room.slice(0, 8)}-${seq}`)
    for (const { key, name, out } of made) {
      files.set(key, out)
      if ("missing" in out) lost.push({ name, why: out.missing })
    }
  }
  async function* lines() {
    for await (const { chat, item } of keptOf(parts, favourites))
      yield article(item, files, style, `${chat} · ${exactTime(item.at, style.time)}`)
  }
  async function* data() {
    yield '{"format":"teahouse-favourites","version":1,"favourites":['
    let before = "\n"
    for await (const one of keptOf(parts, favourites)) {
      yield before + JSON.stringify(keptRecord(one, files, parts))
      before = ",\n"
    }
    yield "\n]}\n"
  }
  await write("favourites", style.text.savedMessages, lines(), data())
  return lost
}

const keptRecord = ({ room, chat, at, item }: Favourite, files: FilesOut, { style }: Parts) => ({
  chat,
  room,
  kept: iso(at),
  ...recordOf(item, files, style.text),
})

/** One that was taken away meanwhile is left out. */
async function* keptOf({ port, pass, signal }: Parts, ids: readonly string[]): AsyncIterable<Favourite> {
  for (const id of ids) {
    signal.throwIfAborted()
    const one = await port.command("exportFavourite", { pass, id })
    if (one.ok) yield one.value
    else if (one.error.kind !== "not_found") throw new Refused(one.error)
  }
}

async function* whole(data: object): AsyncIterable<string> {
  yield `${JSON.stringify(data, null, 1)}\n`
}
