/**
 * Finds messages in the local history. Of all chats the one whose unread part may hold the newest message is read on by one
 * block, so that what is found first is the newest; between blocks the worker does whatever else waits. A block that cannot hold
 * what is looked for is passed over by its sign (history/signs.ts), then by its words (history/words.ts), which say where in the
 * block it may be; the block itself is read for what is shown. What was recalled or has disappeared is not in the history any
 * more, and what was edited is found as it is now.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { topics } from "../changes.ts"
import { contentOf } from "../history/content-of.ts"
import { SEGMENT } from "../history/history.ts"
import { type Match, matcher } from "../history/search.ts"
import { shelvesOf } from "../history/shelves.ts"
import { hasLink, kindOf, wordsIn } from "../history/words.ts"
import type { Home } from "../home.ts"
import { IMPORTED_INCARNATION } from "../imported/place.ts"
import type { RoomMeta } from "../room/records.ts"
import type { RoomState } from "../room/state.ts"
import type { MakeView } from "./context.ts"
import type { FoundMessage } from "./port/search.ts"
import type { ViewArgs } from "./port.ts"
import { titleOf } from "./room-list.ts"
import { firstOf, isOpen, lookFor, openEnd, type Place, wordsAt } from "./search-look.ts"

type Args = ViewArgs<"search">
const LIMIT_MAX = 500
/** Before results are told again (ms). */
const TELL_MS = 50
/** How long the worker may go on before it lets others have their turn (ms). */
const BREATH_MS = 8

/** `places`: nothing else in the block is looked at. */
async function scan(
  home: Home,
  place: Place,
  args: Args,
  match: (text: string) => Match | undefined,
  places: readonly number[] | undefined,
) {
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
  const inside = places && new Set(places)
  const found: FoundMessage[] = []
  for (const { entry, mark } of lines.toReversed()) {
    const { seq, time: at, user, item } = entry
    if (inside && !inside.has(seq % SEGMENT)) continue
    if (item.type !== "content" || !user || (args.sender && user !== args.sender)) continue
    if (at < (args.from ?? 0) || at >= (args.to ?? Number.POSITIVE_INFINITY)) continue
    const content = contentOf({ item })
    const said = content && wordsIn(content)
    if (said === undefined) continue
    const text = mark?.edit?.text ?? said
    const kind = kindOf(content)
    if (args.kind && args.kind !== kind && !(args.kind === "link" && kind === "text" && hasLink(text)))
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

async function placesIn(home: Home, { room: only, sender }: Args): Promise<Place[]> {
  const states = home.rooms
    .all()
    .map((actor) => actor.state())
    .filter(({ meta }) => meta.standing !== "pending" && (!only || meta.room === only))
  const lost = await Promise.all(states.map((state) => lostPlaces(home, state)))
  return states
    .map(({ meta }) => ({ meta, number: Math.floor(meta.seq / SEGMENT), newest: meta.at }))
    .flatMap((place): Omit<Place, "words" | "ahead">[] => [
      place,
      ...(sender ? [] : importedPlaces(home, place.meta)),
    ])
    .concat(lost.flat())
    .map((place) => ({ ...place, words: new Map(), ahead: 1 }))
}

/** Somebody is about to type: what every search begins with is brought. */
async function getReady(home: Home, args: Args, over: () => boolean): Promise<void> {
  const places = await placesIn(home, args)
  const look = await lookFor(home, args)
  const ahead = look.ahead(places, over)
  for (const place of places) {
    if (over()) break
    if (!place.head && !place.lost && isOpen(place, place.number)) await openEnd(home, look, place)
    await home.breathe()
  }
  await ahead
}

export const searchView: MakeView<"search"> = ({ home, changes }, args) => {
  const topic = `search/${Math.random()}`
  const limit = Math.max(1, Math.min(args.limit, LIMIT_MAX))
  const { room, sender, kind, from, to } = args
  const filtered = [room, sender, kind, from, to].some((filter) => filter !== undefined)
  const idle = args.query.trim() === "" && !filtered
  const match = matcher(args.query)
  let items: FoundMessage[] = []
  let state: "new" | "running" | "done" = "new"
  let more = false
  let stopped = false
  let failed: Home | undefined

  const run = async (here: Home) => {
    const release = shelvesOf(here.store).use(here.later)
    try {
      await (idle ? getReady(here, args, () => stopped) : through(here))
    } finally {
      release()
    }
  }

  const through = async (here: Home) => {
    const places = await placesIn(here, args)
    const look = await lookFor(here, args)
    look.ahead(places, () => stopped || state === "done").catch(here.failed)
    let told = Number.NEGATIVE_INFINITY
    let fresh = false
    let breathed = here.clock()
    while (!stopped) {
      const next = places.reduce<Place | undefined>((a, b) => (!a || b.newest > a.newest ? b : a), undefined)
      // Whatever is left is older than what fills the page.
      const last = items[limit - 1]
      if (!next || (last && next.newest < last.at)) break
      const known = next.lost ? undefined : look.sign(next, next.number)
      const sign = known instanceof Promise ? await known : known
      let oldest = sign?.oldest ?? 0
      if (!look.passes(next, sign)) {
        const words = next.lost ? undefined : await wordsAt(here, look, next)
        const within = look.places(next, words)
        if (within?.length !== 0) {
          const read = await scan(here, next, args, match, within)
          oldest = read.oldest
          if (read.found.length > 0) {
            items = [...items, ...read.found].sort((a, b) => b.at - a.at || b.seq - a.seq)
            fresh = true
          }
        } else oldest = words?.oldest ?? 0
      }
      next.number--
      next.newest = oldest
      const done = next.lost || next.number < firstOf(next) || oldest < (from ?? 0)
      if (done) places.splice(places.indexOf(next), 1)
      if (items.length > limit) more = true
      items = items.slice(0, limit)
      const now = here.clock()
      // The first ones at once.
      if (fresh && now - told >= TELL_MS) {
        told = now
        fresh = false
        changes.emit(topic)
      }
      if (now - breathed >= BREATH_MS) {
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
      if (here && failed && failed !== here) {
        // What was damaged is mended: it is looked for anew.
        failed = undefined
        items = []
        state = "new"
      }
      if (here && state === "new") {
        state = idle ? "done" : "running"
        run(here).catch((error: unknown) => {
          // What was found so far stands.
          state = "done"
          failed = here
          here.failed(error)
          changes.emit(topic)
        })
      }
      return { items, done: idle || state === "done", more }
    },
    dispose() {
      stopped = true
    },
  }
}
