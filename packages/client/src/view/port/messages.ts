/** A chat's lines, and what one does with them. A message is named by `key` while it waits and by `seq` once it is in the log. */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { CommandError, Person } from "./basic.ts"
import type { ShownFile } from "./files.ts"
import type { ShownSticker } from "./stickers.ts"

/**
 * How a message of one's own stands. `refused` waits for the person: resend or delete. `sent`: the house has stored it.
 * `delivered` and `read`: every other person's device has it, every other person has read it; where people show that.
 */
export type Delivery = "waiting" | "sent" | "delivered" | "read" | "refused"

export type MessageViews = {
  timeline: {
    /** A window of at most `limit` items: the latest ones, those around the first unread, or those around a position. */
    args: { readonly room: Id; readonly around: "end" | "unread" | number; readonly limit: number }
    value: Timeline
  }
  composer: {
    args: { readonly room: Id }
    value: Draft
  }
  /**
   * What a chat holds besides words, in the order of the chat: pictures and films, other files, or messages with links. A
   * window like the timeline's, for the chat's details and for going from picture to picture.
   */
  media: {
    args: {
      readonly room: Id
      readonly what: "visual" | "file" | "link"
      readonly around: "end" | number
      readonly limit: number
    }
    value: {
      readonly items: readonly MessageItem[]
      readonly atStart: boolean
      readonly atEnd: boolean
    }
  }
  /** Who is typing now, oneself excepted. */
  typing: { args: { readonly room: Id }; value: { readonly people: readonly Person[] } }
  /** Who has got and who has read one's own message; groups show it as a list. */
  receipts: {
    args: { readonly room: Id; readonly seq: number }
    value: {
      readonly read: readonly Person[]
      readonly delivered: readonly Person[]
      readonly waiting: readonly Person[]
    }
  }
  /** Pinned messages of a chat, newest first; what is `blocked` comes without its words. */
  pins: { args: { readonly room: Id }; value: { readonly items: readonly MessageItem[] } }
  /** 收藏: kept by this person, from any chat, newest first. */
  favourites: { args: undefined; value: { readonly items: readonly Favourite[] } }
}

export type Draft = {
  readonly draft: string
  readonly mentions: readonly Mention[]
  /** What is being answered or edited; an edit has the text before it in `stashed`. */
  readonly reply?: Quote
  readonly edit?: { readonly seq: number; readonly stashed: string }
}

export type Timeline = {
  readonly room: Id
  readonly items: readonly TimelineItem[]
  /** The position (seq) of the first item, for asking further back; 0 where there is nothing. Imported lines have negative ones. */
  readonly first: number
  readonly last: number
  readonly atStart: boolean
  readonly atEnd: boolean
  /** The first unread seq when the window was opened; the "New" line stands before it. */
  readonly unreadFrom?: number
  readonly unread: number
}

export type TimelineItem = MessageItem | EventItem

export type MessageItem = {
  readonly type: "message"
  /** On this device the same over the life of the message, waiting or stored: what it was queued under, else `device:n`. */
  readonly key: string
  /** Absent while it waits. */
  readonly seq?: number
  readonly at: number
  readonly from: Person
  readonly mine: boolean
  /** In a group, of somebody on the black list: it is folded away until it is asked for, and nobody is told of it. */
  readonly blocked?: true
  /** The whole message as text: what is copied, announced and searched. */
  readonly text: string
  readonly mentions: readonly Mention[]
  readonly mentionsMe?: boolean
  /** What is shown besides or instead of the text. */
  readonly body:
    | { readonly kind: "text" }
    | { readonly kind: "file"; readonly file: ShownFile }
    | { readonly kind: "sticker"; readonly sticker: ShownSticker }
    | { readonly kind: "bundle"; readonly bundle: BundleShown }
    | { readonly kind: "poll"; readonly poll: PollShown }
  readonly reply?: Quote
  readonly forwarded?: boolean
  readonly edited?: boolean
  readonly reactions: readonly Reaction[]
  readonly pinned?: boolean
  readonly favourite?: boolean
  /** When it disappears (ms UTC). */
  readonly expiresAt?: number
  readonly delivery?: Delivery
  /** Something that this person did to it is shown, and not stored by the house yet. */
  readonly waiting?: true
  /** What this person did to it and was refused: it is as before. Said until it is discarded, by its key. */
  readonly undone?: readonly Undone[]
  /** In a group, of one's own: how many of the others have read it. */
  readonly readBy?: { readonly read: number; readonly of: number }
  readonly error?: CommandError
  /** From another program's export, and not verified: it is read and copied, and nothing else is done to it. */
  readonly imported?: true
  /** What this person may still do with it. */
  readonly may: { readonly edit: boolean; readonly recall: boolean; readonly pin: boolean }
  /**
   * A restored house has lost it: it can be read here, and nothing can be done with it. Its `seq`, and that of events there, is a
   * fraction between those of its neighbours, because its own position is another message's now.
   */
  readonly lost?: true
}

export type EventItem = {
  readonly type: "event"
  readonly key: string
  readonly seq: number
  readonly at: number
  readonly event: RoomEvent
  /** A recall that the house has not stored yet. */
  readonly waiting?: true
  /** What this person did to a message that was recalled meanwhile. Said until it is discarded, by its key. */
  readonly undone?: readonly Undone[]
}

export type Undone = {
  readonly key: string
  readonly act: "edit" | "recall" | "reaction" | "pin" | "vote" | "pollEnd"
  readonly error: CommandError
}

export type Mention = {
  /** `all` is @所有人. */
  readonly user: Id | "all"
  /** UTF-16 code units of the text. */
  readonly from: number
  readonly length: number
}

/** A message that another one answers. `gone`: it was recalled, or is not on this device. */
export type Quote = {
  readonly seq: number
  readonly from: Person
  readonly text: string
  /** It is a sticker: the screen says so in its own words. */
  readonly sticker?: true
  /** Several messages forwarded as one: `text` is its title, and the screen says what it is. */
  readonly bundle?: true
  /** A thumbnail, where it is a picture. */
  readonly thumb?: string
  readonly gone?: boolean
  /** In a group, of somebody on the black list: not shown. */
  readonly blocked?: true
}

export type Reaction = { readonly emoji: string; readonly people: readonly Person[]; readonly mine: boolean }

export type PollShown = {
  readonly question: string
  readonly multiple: boolean
  readonly ended: boolean
  readonly options: readonly {
    readonly text: string
    readonly people: readonly Person[]
    readonly mine: boolean
  }[]
}

/** Several messages forwarded as one. */
export type BundleShown = {
  readonly title: string
  readonly items: readonly {
    readonly name: string
    readonly at: number
    readonly text: string
    /** It is a sticker: the screen says so in its own words. */
    readonly sticker?: true
    /** To be opened by the line's number. */
    readonly file?: ShownFile
  }[]
}

export type Favourite = {
  readonly id: string
  readonly room: Id
  readonly seq: number
  readonly chat: string
  readonly at: number
  readonly item: MessageItem
}

/** Said as one centred line. */
export type RoomEvent =
  | { readonly kind: "friends"; readonly person: Person }
  | { readonly kind: "joined"; readonly person: Person }
  | { readonly kind: "left"; readonly person: Person }
  | { readonly kind: "new_device"; readonly person: Person }
  /** Under another identity key than before: a private chat waits for a decision, elsewhere this says it. */
  | { readonly kind: "new_identity"; readonly person: Person }
  /** The same of many at once: the first few by name, and how many they are together. */
  | {
      readonly kind: "many"
      readonly what: "joined" | "left" | "new_device"
      readonly people: readonly Person[]
      readonly count: number
    }
  | { readonly kind: "created"; readonly person: Person; readonly name: string }
  | { readonly kind: "renamed"; readonly person: Person; readonly name: string }
  | { readonly kind: "announced"; readonly person: Person; readonly text: string }
  | { readonly kind: "frozen" }
  | { readonly kind: "resumed" }
  /** 撤回. `text`: one's own, while it may be written anew. */
  | { readonly kind: "recalled"; readonly person: Person; readonly mine: boolean; readonly text?: string }
  | {
      readonly kind: "pinned"
      readonly person: Person
      readonly on: boolean
      readonly text: string
      /** It is a sticker: the screen says so in its own words. */
      readonly sticker?: true
      /** Several messages forwarded as one: `text` is its title. */
      readonly bundle?: true
      /** In a group, of somebody on the black list: `text` is empty. */
      readonly blocked?: true
      readonly of: number
    }
  /** Messages disappear after so many seconds; 0: they stay. */
  | { readonly kind: "timer"; readonly person: Person; readonly seconds: number }
  | { readonly kind: "picture"; readonly person: Person }
  /** Somebody posted something that nobody can read; its sender is named, the chat goes on. */
  | { readonly kind: "unreadable"; readonly person: Person }
  /** Who was there when this device came in: none of the account's devices had noted it before. The first few by name. */
  | { readonly kind: "present"; readonly people: readonly Person[]; readonly count: number }
  | { readonly kind: "history_from_here" }
  /** So many positions before this were said while nobody of this account was there. */
  | { readonly kind: "history_gap"; readonly count: number }
  /** So many days of the past are for those who come in from now on; 0: nothing, 36,500: all. */
  | { readonly kind: "past_rule"; readonly person: Person; readonly days: number }
  /** What follows was given by this person: no device of this account was there to see it said, or had the keys. */
  | { readonly kind: "given"; readonly person: Person }
  /** What follows is from another program's export: what stands in it is what that program said. `import` names it. */
  | {
      readonly kind: "imported"
      readonly source: "telegram" | "whatsapp"
      readonly title: string
      readonly import: Uint8Array
    }
  /** The house was restored from a backup and has lost so many messages, which follow; what came since stands below them. */
  | { readonly kind: "lost"; readonly count: number }
  | { readonly kind: "rejoined" }
  /** The room's encryption was set up anew, because some could follow the old one no more. */
  | { readonly kind: "renewed" }

export type MessageCommands = {
  /** Stored before it answers; sending goes on by itself. `reply`: the position of what it answers. */
  send: {
    args: { room: Id; text: string; mentions?: readonly Mention[]; reply?: number }
    value: { readonly key: string }
  }
  resend: { args: { room: Id; key: string }; value: null }
  discard: { args: { room: Id; key: string }; value: null }
  /** One's own text; `too_late` after a day. */
  editMessage: { args: { room: Id; seq: number; text: string; mentions?: readonly Mention[] }; value: null }
  /** Within the house's window. Nobody can force others' devices to forget, and the page says so. */
  recall: { args: { room: Id; seq: number }; value: null }
  /** On this person's devices only. */
  deleteForMe: { args: { room: Id; seqs: readonly number[] }; value: null }
  react: { args: { room: Id; seq: number; emoji: string; on: boolean }; value: null }
  pin: { args: { room: Id; seq: number; on: boolean }; value: null }
  favourite: { args: { room: Id; seq: number; on: boolean }; value: null }
  /** Each to each chat, or all of them as one bundle. */
  forward: {
    args: { room: Id; seqs: readonly number[]; to: readonly Id[]; bundled: boolean; line?: string }
    value: null
  }
  sendPoll: {
    args: { room: Id; question: string; options: readonly string[]; multiple: boolean }
    value: { readonly key: string }
  }
  vote: { args: { room: Id; seq: number; choices: readonly number[] }; value: null }
  endPoll: { args: { room: Id; seq: number }; value: null }
  /** Seconds from 30 to a year; 0 ends it. It holds for what is sent from then on. */
  setTimer: { args: { room: Id; seconds: number }; value: null }
  markRead: { args: { room: Id; seq: number }; value: null }
  setDraft: {
    args: {
      room: Id
      text: string
      mentions?: readonly Mention[]
      reply?: number | null
      edit?: number | null
    }
    value: null
  }
  /** Said while one types, off the log; nothing where the person does not show it. */
  setTyping: { args: { room: Id; on: boolean }; value: null }
}
