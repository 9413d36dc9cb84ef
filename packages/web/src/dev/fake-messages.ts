/** The made-up house's messages: what people do with them behaves, for looking at and for the screens' tests. */
import type { Member, Person } from "@teahouse/client/view/port/basic.ts"
import type {
  Draft,
  Favourite,
  MessageItem,
  Quote,
  TimelineItem,
} from "@teahouse/client/view/port/messages.ts"
import type { FoundMessage } from "@teahouse/client/view/port/search.ts"
import type { ViewArgs, ViewValue } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"

const DAY = 86_400_000
const RECALL_MS = 120_000

export type FakeChat = {
  readonly room: Id
  items: TimelineItem[]
  readonly members: readonly Member[]
  readonly peer: Person
  readonly group?: string
  draft: string
  writing?: Omit<Draft, "draft">
  typing?: readonly Person[]
}

type Args = {
  readonly room?: Id
  readonly seq?: number
  readonly seqs?: readonly number[]
  readonly text?: string
  readonly emoji?: string
  readonly on?: boolean
  readonly to?: readonly Id[]
  readonly bundled?: boolean
  readonly line?: string
  readonly question?: string
  readonly options?: readonly string[]
  readonly multiple?: boolean
  readonly choices?: readonly number[]
  readonly seconds?: number
  readonly mentions?: MessageItem["mentions"]
  readonly reply?: number | null
  readonly edit?: number | null
}

export const plain = {
  type: "message",
  body: { kind: "text" },
  mentions: [],
  reactions: [],
  may: { edit: false, recall: false, pin: false },
} as const

const isMessage = (item: TimelineItem): item is MessageItem => item.type === "message"

/** The plain way, for a few hundred lines. */
export function search(chats: readonly FakeChat[], args: ViewArgs<"search">): ViewValue<"search"> {
  const { query, room, sender, kind, from = 0, to = Number.POSITIVE_INFINITY, limit } = args
  const idle = query === "" && !room && !sender && !kind && args.from === undefined && args.to === undefined
  const items = chats.flatMap((chat) =>
    chat.items.filter(isMessage).flatMap(({ seq, at, from: by, mine, text, body }): FoundMessage[] => {
      const place = text.toLowerCase().indexOf(query.toLowerCase())
      if (idle || seq === undefined || place < 0 || at < from || at >= to) return []
      if ((room && room !== chat.room) || (sender && sender !== by.user)) return []
      if (kind === "link" ? !/https?:/.test(text) : kind && kind !== body.kind) return []
      const match = query === "" ? {} : { match: { from: place, length: query.length } }
      const title = chat.group ?? chat.peer.name
      return [{ room: chat.room, title, seq, at, from: by, mine, text, ...match }]
    }),
  )
  items.sort((a, b) => b.at - a.at)
  return { items: items.slice(0, limit), done: true, more: items.length > limit }
}

export class FakeMessages {
  readonly #me: () => Person
  readonly #chats: () => readonly FakeChat[]
  #favourites: Favourite[] = []
  /** What begins so is not saved the first time: the worker died on it. */
  #dies = true
  /** Every command, for tests to look at. */
  readonly log: { name: string; args: unknown }[] = []

  constructor(me: () => Person, chats: () => readonly FakeChat[]) {
    this.#me = me
    this.#chats = chats
  }

  #chat = (room: Id | undefined) => this.#chats().find((each) => each.room === room)
  #find = (chat: FakeChat | undefined, seq: number | undefined) =>
    chat?.items.find((each): each is MessageItem => isMessage(each) && each.seq === seq)
  #put(chat: FakeChat, seq: number | undefined, change: (item: MessageItem) => TimelineItem) {
    chat.items = chat.items.map((each) => (isMessage(each) && each.seq === seq ? change(each) : each))
  }

  /** As a timeline shows it now. */
  shown(item: TimelineItem): TimelineItem {
    if (!isMessage(item) || item.seq === undefined) return item
    const age = Date.now() - item.at
    const mine = item.mine && item.body.kind === "text"
    return {
      ...item,
      favourite: this.#favourites.some((each) => each.item.key === item.key),
      may: { edit: mine && age < DAY, recall: item.mine && age < RECALL_MS, pin: true },
    }
  }

  quote(chat: FakeChat, seq: number): Quote {
    const item = this.#find(chat, seq)
    return item ? { seq, from: item.from, text: item.text } : { seq, from: this.#me(), text: "", gone: true }
  }

  post(chat: FakeChat, more: Partial<MessageItem>, by: Person = this.#me()): MessageItem {
    const seq = Math.max(0, ...chat.items.map((each) => each.seq ?? 0)) + 1
    const item: MessageItem = {
      ...plain,
      key: `mine:${Math.random()}`,
      seq,
      at: Date.now(),
      from: by,
      mine: by.user === this.#me().user,
      text: "",
      delivery: "sent",
      ...more,
    }
    chat.items = [...chat.items, item]
    return item
  }

  view(name: string, args: Args | undefined): unknown {
    const chat = this.#chat(args?.room)
    switch (name) {
      case "composer":
        return { draft: chat?.draft ?? "", mentions: [], ...chat?.writing }
      case "typing":
        return { people: chat?.typing ?? [] }
      case "pins":
        return { items: chat?.items.filter((each) => isMessage(each) && each.pinned).reverse() ?? [] }
      case "favourites":
        return { items: this.#favourites }
      case "receipts": {
        const others = chat?.members.filter(({ user }) => user !== this.#me().user) ?? []
        return { read: others.slice(0, 2), delivered: others.slice(2, 4), waiting: others.slice(4) }
      }
      default:
        return undefined
    }
  }

  /** The answer, or undefined where it is not a command of messages. */
  run(name: string, args: Args): unknown {
    const done = { ok: true, value: null }
    const chat = this.#chat(args.room)
    const { seq } = args
    this.log.push({ name, args })
    if (!chat) return undefined
    switch (name) {
      case "setDraft": {
        if (this.#dies && args.text?.startsWith("lost")) {
          this.#dies = false
          return { ok: false, error: { kind: "busy" } }
        }
        const before = chat.writing
        chat.draft = args.text ?? ""
        const edit = args.edit ?? undefined
        chat.writing = {
          mentions: args.mentions ?? [],
          ...(args.reply && { reply: this.quote(chat, args.reply) }),
          ...(edit && {
            edit: { seq: edit, stashed: before?.edit?.stashed ?? chat.draft },
          }),
        }
        return done
      }
      case "editMessage":
        this.#put(chat, seq, (item) => ({
          ...item,
          text: args.text ?? "",
          mentions: args.mentions ?? [],
          edited: true,
        }))
        return done
      case "recall":
        this.#put(chat, seq, ({ key, at, from, mine, text }) => ({
          type: "event",
          key: `${key}:recalled`,
          seq: seq ?? 0,
          at,
          event: { kind: "recalled", person: from, mine, text },
        }))
        return done
      case "deleteForMe":
        chat.items = chat.items.filter((each) => !args.seqs?.includes(each.seq ?? 0))
        return done
      case "react":
        this.#put(chat, seq, (item) => ({ ...item, reactions: this.#reacted(item, args) }))
        return done
      case "pin":
        this.#put(chat, seq, (item) => ({ ...item, pinned: args.on === true }))
        return done
      case "favourite": {
        const item = this.#find(chat, seq)
        if (!item) return { ok: false, error: { kind: "not_found" } }
        this.#favourites = this.#favourites.filter((each) => each.item.key !== item.key)
        const chatName = chat.members.map((each) => each.name).join(", ")
        if (args.on)
          this.#favourites = [
            { id: item.key, room: chat.room, seq: seq ?? 0, chat: chatName, at: Date.now(), item },
            ...this.#favourites,
          ]
        return done
      }
      case "forward": {
        const items = chat.items.filter(isMessage).filter((each) => args.seqs?.includes(each.seq ?? 0))
        for (const to of args.to ?? []) {
          const target = this.#chat(to)
          if (!target) continue
          if (args.bundled) {
            const lines = items.map((each) => ({ name: each.from.name, at: each.at, text: each.text }))
            const title = `${[...new Set(lines.map((each) => each.name))].join("、")}`
            const text = lines.map((each) => `${each.name}: ${each.text}`).join("\n")
            this.post(target, { text, body: { kind: "bundle", bundle: { title, items: lines } } })
          } else for (const { text } of items) this.post(target, { text, forwarded: true })
          if (args.line) this.post(target, { text: args.line })
        }
        return done
      }
      case "sendPoll": {
        const options = (args.options ?? []).map((text) => ({ text, people: [], mine: false }))
        const question = args.question ?? ""
        const poll = { question, multiple: args.multiple === true, ended: false, options }
        return {
          ok: true,
          value: { key: this.post(chat, { text: question, body: { kind: "poll", poll } }).key },
        }
      }
      case "vote":
      case "endPoll":
        this.#put(chat, seq, (item) => {
          if (item.body.kind !== "poll") return item
          const { poll } = item.body
          const me = this.#me()
          if (name === "endPoll") return { ...item, body: { kind: "poll", poll: { ...poll, ended: true } } }
          const options = poll.options.map((each, index) => {
            const mine = args.choices?.includes(index) === true
            const others = each.people.filter(({ user }) => user !== me.user)
            return { ...each, mine, people: mine ? [...others, me] : others }
          })
          return { ...item, body: { kind: "poll", poll: { ...poll, options } } }
        })
        return done
      case "setTimer":
        chat.items = [
          ...chat.items,
          {
            type: "event",
            key: `t${Math.random()}`,
            seq: Math.max(...chat.items.map((each) => each.seq ?? 0)) + 1,
            at: Date.now(),
            event: { kind: "timer", person: this.#me(), seconds: args.seconds ?? 0 },
          },
        ]
        return done
      case "setTyping":
        return done
      default:
        return undefined
    }
  }

  #reacted(item: MessageItem, { emoji = "", on }: Args): MessageItem["reactions"] {
    const me = this.#me()
    const known = item.reactions.some((each) => each.emoji === emoji)
    const all = known ? item.reactions : [...item.reactions, { emoji, people: [], mine: false }]
    return all
      .map((each) => {
        if (each.emoji !== emoji) return each
        const others = each.people.filter(({ user }) => user !== me.user)
        return { ...each, mine: on === true, people: on ? [...others, me] : others }
      })
      .filter((each) => each.people.length > 0)
  }
}
