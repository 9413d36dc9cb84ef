/** What people did with messages: who types, who has read, what is pinned and kept. */
import { topics } from "../changes.ts"
import { decodeContent } from "../content/message.ts"
import type { Home } from "../home.ts"
import type { KeptCopy } from "../kept.ts"
import { aheadOf } from "./ahead.ts"
import type { MakeView } from "./context.ts"
import { reachedBy } from "./delivery.ts"
import { lookUp, messageBody, messageItem } from "./message-item.ts"
import type { Person } from "./port/basic.ts"
import type { Favourite, MessageItem } from "./port/messages.ts"

export const typingView: MakeView<"typing"> = ({ home }, { room }) => ({
  topics: [topics.typing(room), topics.contacts, topics.settings, topics.session],
  async compute() {
    const here = home()
    return { people: (here?.presence.typing(room) ?? []).map((user) => here?.people.person(user) as Person) }
  },
})

export const receiptsView: MakeView<"receipts"> = ({ home }, { room, seq }) => ({
  topics: [topics.room(room), topics.contacts, topics.settings, topics.session],
  async compute() {
    const here = home()
    const meta = here?.rooms.get(room)?.state().meta
    if (!here || !meta) return { read: [], delivered: [], waiting: [] }
    const { read, delivered, waiting } = reachedBy(here, meta, seq)
    const people = (users: typeof read) => users.map((user) => here.people.person(user))
    return { read: people(read), delivered: people(delivered), waiting: people(waiting) }
  },
})

/** A list of what is pinned shows nothing that has to be asked for first: of the black list not a word goes into it. */
function withoutWords({ reply: _, mentionsMe: __, forwarded: ___, ...item }: MessageItem): MessageItem {
  return { ...item, text: "", mentions: [], body: { kind: "text" } }
}

export const pinsView: MakeView<"pins"> = ({ home }, { room }) => ({
  topics: [topics.room(room), topics.contacts, topics.session],
  async compute() {
    const here = home()
    const state = here?.rooms.get(room)?.state()
    const items: MessageItem[] = []
    if (!here || !state) return { items }
    for (const seq of (await aheadOf(here, state)).meta.pins?.toReversed() ?? []) {
      const found = await lookUp(here, state, seq)
      const item = found?.content && (await messageItem(here, state, found.entry, found.content, found.mark))
      if (item) items.push(item.blocked ? withoutWords(item) : item)
    }
    return { items }
  },
})

/** undefined where it says nothing that this program can show. */
export async function favouriteOf(home: Home, { id, at, copy }: KeptCopy): Promise<Favourite | undefined> {
  const { room, seq, chat, user, time, text } = copy
  const content = decodeContent(copy.content)
  const mark = text === undefined ? {} : { edit: { text } }
  const body = content && (await messageBody(home, undefined, content, mark))
  if (!body) return undefined
  const item: MessageItem = {
    type: "message",
    key: id,
    seq,
    at: time,
    from: home.people.person(user),
    mine: user === home.account.user,
    ...body,
    favourite: true,
    reactions: [],
    may: { edit: false, recall: false, pin: false },
  }
  return { id, room, seq, chat, at, item }
}

export const favouritesView: MakeView<"favourites"> = ({ home }) => ({
  topics: [topics.favourites, topics.contacts, topics.session],
  async compute() {
    const here = home()
    const items: Favourite[] = []
    for (const one of (await here?.kept.favourites()) ?? []) {
      const shown = here && (await favouriteOf(here, one))
      if (shown) items.push(shown)
    }
    return { items }
  },
})
