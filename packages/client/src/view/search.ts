/**
 * Finds messages in the local history. A block that cannot hold what is looked for is passed over by its words (history/words.ts). Of all chats the one whose unread part may hold the newest message is read on by one
 * block, so that what is found first is the newest; between blocks the worker does whatever else waits. What was
 * recalled or has disappeared is not in the history any more, and what was edited is found as it is now.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { topics } from "../changes.ts"
import type { Content } from "../content/message.ts"
import { contentOf } from "../history/content-of.ts"
import { SEGMENT } from "../history/history.ts"
import { folded, type Match, matcher } from "../history/search.ts"
import { wordsKey, wordsPrefix } from "../history/wordless.ts"
import { type Words, wordsIn } from "../history/words.ts"
import type { Home } from "../home.ts"
import type { ImportHead } from "../imported/imports.ts"
import { IMPORTED_INCARNATION } from "../imported/place.ts"
import { type RoomMeta, startOf } from "../room/records.ts"
import type { RoomState } from "../room/state.ts"
import type { MakeView } from "./context.ts"
import type { lostEntries } from "./lost-lines.ts"
import type { FoundMessage, SearchKind } from "./port/search.ts"
import type { ViewArgs } from "./port.ts"
import { titleOf } from "./room-list.ts"

type Args = ViewArgs<"search">
const LIMIT_MAX = 500
/** Before results are told again (ms). */
const TELL_MS = 50
const link = /\b(?:https?:\/\/|www\.)\S/i

/** A chat, and how much of it is not read yet. */
type Place = {
  readonly meta: RoomMeta
  /** What was imported into it is a place of its own, and `meta` says where it lies. */
  readonly head?: ImportHead
  /** What a restored house has lost of it is one, too. */
  readonly lost?: Awaited<ReturnType<typeof lostEntries>>
  number: number
  newest: number
  /** What was read ahead: the words of the blocks from here on. */
  readonly words: Map<string, Words>
  wordsFrom: number
}

const kinds: ReadonlySet<string> = new Set<SearchKind>(["text", "file", "sticker", "poll", "bundle"])

function kindOf(content: Content | undefined): SearchKind | undefined {
  return content && kinds.has(content.kind) ? (content.kind as SearchKind) : undefined
}

/** Blocks whose words are read in one go. */
const AHEAD = 32
/** How long the worker may go on before it lets others have their turn (ms). */
const BREATH_MS = 8

/** A complete block's words; undefined where it has none, and has to be read itself. */
async function wordsAt(home: Home, place: Place): Promise<Words | undefined> {
  const { meta, number, words } = place
  if (number < place.wordsFrom) {
    words.clear()
    place.wordsFrom = Math.max(0, number - AHEAD + 1)
    const prefix = wordsPrefix(meta.room, meta.incarnation)
    const from = wordsKey(meta.room, meta.incarnation, place.wordsFrom)
    for (const { key, value } of await home.store.range<Words>(prefix, { from, limit: AHEAD }))
      words.set(key, value)
  }
  return words.get(wordsKey(meta.room, meta.incarnation, number))
}

async function scan(home: Home, place: Place, args: Args, match: (text: string) => Match | undefined) {
  const { meta, number, head } = place
  if (head)
    return (await import("./search-imported.ts")).scanImported(
      home,
      head,
      number,
      titleOf(home, meta),
      args,
      match,
    )
  const { room, incarnation } = meta
  const lines = place.lost ?? (await linesAt(home, room, incarnation, number))
  const found: FoundMessage[] = []
  for (const { entry, mark } of lines.toReversed()) {
    const { seq, time: at, user, item } = entry
    if (item.type !== "content" || !user || (args.sender && user !== args.sender)) continue
    if (at < (args.from ?? 0) || at >= (args.to ?? Number.POSITIVE_INFINITY)) continue
    const content = contentOf({ item })
    const said = content && wordsIn(content)
    if (said === undefined) continue
    const text = mark?.edit?.text ?? said
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
  const oldest = place.lost ? 0 : (lines[0]?.entry.time ?? 0)
  return { found, oldest }
}

async function linesAt(home: Home, room: Id, incarnation: number, number: number) {
  const [entries, marks] = await Promise.all([
    home.history.block(room, incarnation, number),
    home.marks.block(room, incarnation, number),
  ])
  return entries.map((entry) => ({ entry, mark: marks.get(entry.seq) }))
}

/** All of it at once: it is what was said between a backup and its restoration. */
async function lostPlaces(home: Home, state: RoomState) {
  const { meta } = state
  if (!meta.behind) return []
  const lost = await (await import("./lost-lines.ts")).lostEntries(home, state)
  return [{ meta, lost, number: 0, newest: Math.max(0, ...lost.map(({ entry }) => entry.time)) }]
}

const importedPlaces = (home: Home, meta: RoomMeta) =>
  home.imports.of(meta.room).map((head) => {
    const [first, last] = [head.base * SEGMENT, head.base * SEGMENT + head.lines - 1]
    const where = {
      ...meta,
      incarnation: IMPORTED_INCARNATION,
      seq: last,
      joined: { ...meta.joined, seq: first },
    }
    const { from: _, ...at } = where
    return { meta: at, head, number: Math.floor(last / SEGMENT), newest: head.last }
  })

export const searchView: MakeView<"search"> = ({ home, changes }, args) => {
  const topic = `search/${Math.random()}`
  const limit = Math.max(1, Math.min(args.limit, LIMIT_MAX))
  const { room, sender, kind, from, to } = args
  const filtered = [room, sender, kind, from, to].some((filter) => filter !== undefined)
  const idle = args.query.trim() === "" && !filtered
  const match = matcher(args.query)
  const wanted = folded(args.query.trim())
  let items: FoundMessage[] = []
  let state: "new" | "running" | "done" = idle ? "done" : "new"
  let more = false
  let stopped = false

  const run = async (here: Home) => {
    const states = here.rooms
      .all()
      .map((actor) => actor.state())
      .filter(({ meta }) => meta.standing !== "pending" && (!args.room || meta.room === args.room))
    const lost = await Promise.all(states.map((state) => lostPlaces(here, state)))
    const places: Place[] = states
      .map(({ meta }) => ({ meta, number: Math.floor(meta.seq / SEGMENT), newest: meta.at }))
      .flatMap((place): Omit<Place, "words" | "wordsFrom">[] => [place, ...importedPlaces(here, place.meta)])
      .concat(lost.flat())
      .map((place) => ({ ...place, words: new Map(), wordsFrom: Number.POSITIVE_INFINITY }))
    let told = here.clock()
    let breathed = told
    while (!stopped) {
      const next = places.reduce<Place | undefined>((a, b) => (!a || b.newest > a.newest ? b : a), undefined)
      // Whatever is left is older than what fills the page.
      const last = items[limit - 1]
      if (!next || (last && next.newest < last.at)) break
      const words = wanted === "" || next.lost ? undefined : await wordsAt(here, next)
      const passed = words && !words.text.includes(wanted)
      const { found, oldest } = passed ? { found: [], ...words } : await scan(here, next, args, match)
      if (found.length > 0) items = [...items, ...found].sort((a, b) => b.at - a.at || b.seq - a.seq)
      next.number--
      next.newest = oldest
      const done =
        next.lost || next.number < Math.floor(startOf(next.meta) / SEGMENT) || oldest < (args.from ?? 0)
      if (done) places.splice(places.indexOf(next), 1)
      if (items.length > limit) more = true
      items = items.slice(0, limit)
      if (here.clock() - told >= TELL_MS) {
        told = here.clock()
        changes.emit(topic)
      }
      if (here.clock() - breathed >= BREATH_MS) {
        await here.breathe()
        breathed = here.clock()
      }
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
