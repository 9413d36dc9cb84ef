/**
 * Finds messages in the local history. Of all chats the one whose unread part may hold the newest message is read on by one
 * block, so that what is found first is the newest; between blocks the worker does whatever else waits. What was
 * recalled or has disappeared is not in the history any more, and what was edited is found as it is now.
 */
import { topics } from "../changes.ts"
import { type Content, decodeContent } from "../content/message.ts"
import { SEGMENT } from "../history/history.ts"
import { type Match, matcher } from "../history/search.ts"
import type { Home } from "../home.ts"
import { textOf } from "../room/preview.ts"
import { type RoomMeta, startOf } from "../room/records.ts"
import type { MakeView } from "./context.ts"
import type { FoundMessage, SearchKind } from "./port/search.ts"
import type { ViewArgs } from "./port.ts"
import { titleOf } from "./room-list.ts"

type Args = ViewArgs<"search">
const LIMIT_MAX = 500
/** Before results are told again (ms). */
const TELL_MS = 50
const link = /\b(?:https?:\/\/|www\.)\S/i

/** A chat, and how much of it is not read yet. */
type Place = { readonly meta: RoomMeta; number: number; newest: number }

const kinds: ReadonlySet<string> = new Set<SearchKind>(["text", "file", "sticker", "poll", "bundle"])

function kindOf(content: Content | undefined): SearchKind | undefined {
  return content && kinds.has(content.kind) ? (content.kind as SearchKind) : undefined
}

/** A sticker's line has no words to be found in: what stands in its place is a word of one language. */
const wordsOf = (content: Content): string | undefined =>
  textOf(
    content.kind === "bundle"
      ? { ...content, items: content.items.map((line) => (line.sticker ? { ...line, text: "" } : line)) }
      : content,
  )

async function scan(home: Home, place: Place, args: Args, match: (text: string) => Match | undefined) {
  const { meta, number } = place
  const { room, incarnation } = meta
  const [entries, marks] = await Promise.all([
    home.history.block(room, incarnation, number),
    home.marks.block(room, incarnation, number),
  ])
  const found: FoundMessage[] = []
  for (const { seq, time: at, user, item } of entries.toReversed()) {
    if (item.type !== "content" || !user || (args.sender && user !== args.sender)) continue
    if (at < (args.from ?? 0) || at >= (args.to ?? Number.POSITIVE_INFINITY)) continue
    const content = decodeContent(item.bytes)
    const said = content && wordsOf(content)
    if (said === undefined) continue
    const text = marks.get(seq)?.edit?.text ?? said
    const kind = kindOf(content)
    if (args.kind && args.kind !== kind && !(args.kind === "link" && kind === "text" && link.test(text)))
      continue
    const hit = match(text)
    if (!hit) continue
    const title = titleOf(home, meta)
    const from = home.people.person(user)
    const sticker = kind === "sticker" ? { sticker: true as const } : {}
    found.push({ room, title, seq, at, from, mine: user === home.account.user, ...hit, ...sticker })
  }
  const oldest = entries[0]?.time ?? 0
  return { found, oldest }
}

export const searchView: MakeView<"search"> = ({ home, changes }, args) => {
  const topic = `search/${Math.random()}`
  const limit = Math.max(1, Math.min(args.limit, LIMIT_MAX))
  const { room, sender, kind, from, to } = args
  const filtered = [room, sender, kind, from, to].some((filter) => filter !== undefined)
  const idle = args.query.trim() === "" && !filtered
  const match = matcher(args.query)
  let items: FoundMessage[] = []
  let state: "new" | "running" | "done" = idle ? "done" : "new"
  let more = false
  let stopped = false

  const run = async (here: Home) => {
    const places: Place[] = here.rooms
      .all()
      .map((actor) => actor.state().meta)
      .filter(({ room, standing }) => standing !== "pending" && (!args.room || room === args.room))
      .map((meta) => ({ meta, number: Math.floor(meta.seq / SEGMENT), newest: meta.at }))
    let told = here.clock()
    while (!stopped) {
      const next = places.reduce<Place | undefined>((a, b) => (!a || b.newest > a.newest ? b : a), undefined)
      // Whatever is left is older than what fills the page.
      const last = items[limit - 1]
      if (!next || (last && next.newest < last.at)) break
      const { found, oldest } = await scan(here, next, args, match)
      if (found.length > 0) items = [...items, ...found].sort((a, b) => b.at - a.at || b.seq - a.seq)
      next.number--
      next.newest = oldest
      const done = next.number < Math.floor(startOf(next.meta) / SEGMENT) || oldest < (args.from ?? 0)
      if (done) places.splice(places.indexOf(next), 1)
      if (items.length > limit) more = true
      items = items.slice(0, limit)
      if (here.clock() - told >= TELL_MS) {
        told = here.clock()
        changes.emit(topic)
      }
      await here.breathe()
    }
    state = "done"
    changes.emit(topic)
  }

  return {
    topics: [topic, topics.session],
    async compute() {
      const here = home()
      if (here && state === "new") {
        state = "running"
        run(here).catch(here.failed)
      }
      return { items, done: state === "done", more }
    },
    dispose() {
      stopped = true
    },
  }
}
