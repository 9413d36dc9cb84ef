/**
 * The one door between the client core and a screen, the same for the web page (over a MessagePort from its worker)
 * and the terminal (in its own process). A screen subscribes to views and gets whole, small snapshots, each newer than
 * the last; it changes things by commands. Everything is plain, structured-cloneable data. The screen holds only what
 * is being typed. Snapshots instead of patches: every view here is a window of bounded size, and a snapshot cannot
 * drift. Commands answer with a value; `error` is an error kind with its sentences in protocol/error.ts.
 */
import type { ErrorKind } from "@teahouse/protocol/error.ts"
import type { Id } from "@teahouse/protocol/ids.ts"

export type Language = "zh-CN" | "en"
export type Theme = "system" | "light" | "dark"

/** Reasons that arise on the client itself, beside the wire's. The screens have a sentence for each. */
export type LocalErrorKind =
  | "offline"
  | "signed_out"
  | "not_found"
  | "store_damaged"
  | "identity_changed"
  | "house_changed"
  | "in_use"
  | "busy"
  | "not_allowed"
  | "owner_leaves"
  | "bad_group_name"
  | "announcement_too_long"
export type CommandError = { readonly kind: ErrorKind | LocalErrorKind; readonly retryAfterMs?: number }
export type CommandResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: CommandError }

/** How a message of one's own stands. `refused` waits for the person: resend or delete. */
export type Delivery = "waiting" | "sent" | "refused"

export type Person = {
  readonly user: Id
  readonly username: string
  /** Remark, else nickname, else username. */
  readonly name: string
}

export type Role = "owner" | "admin" | "member"
export type Member = Person & { readonly role: Role }

export type Views = {
  /** Who is signed in in this slot. */
  session: {
    args: undefined
    value:
      | { readonly state: "starting" }
      | {
          readonly state: "signed_out"
          readonly username?: string
          readonly registration: "open" | "invite"
          readonly reason?: ErrorKind | LocalErrorKind
        }
      /** A new account whose recovery code was not confirmed yet: it is shown until then, also after a restart. */
      | { readonly state: "unconfirmed"; readonly username: string; readonly recoveryCode: string }
      | {
          readonly state: "signed_in"
          readonly user: Id
          readonly username: string
          readonly nickname: string
          readonly device: Id
        }
  }
  connection: {
    args: undefined
    value: {
      readonly state: "connected" | "connecting" | "offline"
      /** Since when it is not connected; absent while connected. */
      readonly since?: number
      /** When the next attempt is made. */
      readonly retryAt?: number
      /** Messages that wait to be sent. */
      readonly waiting: number
      /** Something the person must know of: the house broke a promise (SECURITY R5). Each is shown until dismissed. */
      readonly alarms: readonly Alarm[]
    }
  }
  roomList: {
    args: undefined
    value: { readonly rooms: readonly RoomItem[] }
  }
  /** One chat's head: title, members, whether one may write. */
  room: {
    args: { readonly room: Id }
    value:
      | { readonly state: "absent" }
      | {
          readonly state: "here"
          readonly room: Id
          readonly kind: "direct" | "group" | "self"
          readonly title: string
          readonly peer?: Person
          readonly members: readonly Member[]
          /** One's own; in a group it says what one may do. */
          readonly role: Role
          readonly announcement: string
          /** Whether one may add people: a group's rules may leave that to its admins. */
          readonly mayInvite: boolean
          readonly writable: boolean
          /** Why not, where it is not writable. */
          readonly closed?: "pending" | "frozen" | "removed" | "joining"
        }
  }
  timeline: {
    /** A window of at most `limit` items: the latest ones, those around the first unread, or those around a position. */
    args: { readonly room: Id; readonly around: "end" | "unread" | number; readonly limit: number }
    value: Timeline
  }
  contacts: {
    args: undefined
    value: {
      readonly friends: readonly (Person & { readonly room: Id })[]
      readonly incoming: readonly {
        readonly id: Id
        readonly from: Person
        readonly line: string
        readonly at: number
      }[]
      readonly outgoing: readonly { readonly id: Id; readonly to: Person; readonly at: number }[]
    }
  }
  composer: {
    args: { readonly room: Id }
    value: { readonly draft: string }
  }
  settings: {
    args: undefined
    value: Settings
  }
  /** Own devices, the present one first. */
  devices: {
    args: undefined
    value: { readonly devices: readonly { readonly device: Id; readonly current: boolean }[] }
  }
}

export type Settings = {
  readonly language: Language | "auto"
  readonly theme: Theme
  readonly enterSends: boolean
  readonly nickname: string
}

export type Alarm = {
  readonly id: string
  readonly kind: "forked" | "rolled_back" | "new_incarnation" | "bad_signature" | "house_changed"
  readonly room?: Id
  readonly at: number
}

export type RoomItem = {
  readonly room: Id
  readonly kind: "direct" | "group" | "self"
  readonly title: string
  readonly peer?: Id
  /** The newest line, already cut; absent in an empty chat. */
  readonly last?: {
    readonly text: string
    readonly mine: boolean
    /** In a group, of somebody else. */
    readonly from?: string
    readonly at: number
    readonly delivery?: Delivery
  }
  readonly unread: number
  readonly draft: string
  /** For sorting: time of the last message, or of the chat's beginning. Newest first. */
  readonly at: number
}

export type Timeline = {
  readonly room: Id
  readonly items: readonly TimelineItem[]
  /** The position (seq) of the first item, for asking further back; 0 where there is nothing. */
  readonly first: number
  readonly last: number
  readonly atStart: boolean
  readonly atEnd: boolean
  /** The first unread seq when the window was opened; the "New" line stands before it. */
  readonly unreadFrom?: number
  readonly unread: number
}

export type TimelineItem =
  | {
      readonly type: "message"
      /** Stable over the life of the message, waiting or stored: `device:n`. */
      readonly key: string
      /** Absent while it waits. */
      readonly seq?: number
      readonly at: number
      readonly from: Person
      readonly mine: boolean
      readonly text: string
      readonly delivery?: Delivery
      readonly error?: CommandError
    }
  | {
      readonly type: "event"
      readonly key: string
      readonly seq: number
      readonly at: number
      readonly event: RoomEvent
    }

/** Said as one centred line. */
export type RoomEvent =
  | { readonly kind: "friends"; readonly person: Person }
  | { readonly kind: "joined"; readonly person: Person }
  | { readonly kind: "left"; readonly person: Person }
  | { readonly kind: "new_device"; readonly person: Person }
  | { readonly kind: "created"; readonly person: Person; readonly name: string }
  | { readonly kind: "renamed"; readonly person: Person; readonly name: string }
  | { readonly kind: "announced"; readonly person: Person; readonly text: string }
  | { readonly kind: "frozen" }
  | { readonly kind: "resumed" }
  /** Somebody posted something that nobody can read; its sender is named, the chat goes on. */
  | { readonly kind: "unreadable"; readonly person: Person }
  | { readonly kind: "history_from_here" }
  | { readonly kind: "rejoined" }

export type Commands = {
  createAccount: {
    args: { username: string; password: string; invite?: string }
    value: { readonly recoveryCode: string }
  }
  /** After the person said that the code is saved; until then `session` is `unconfirmed`. */
  confirmRecoveryCode: { args: Record<never, never>; value: null }
  signIn: { args: { username: string; password: string }; value: null }
  signOut: { args: { forget: boolean }; value: null }
  /** Finds, makes the room, asks. Where the other one has asked already, accepts instead. */
  requestFriend: { args: { username: string; line: string }; value: { readonly accepted: boolean } }
  acceptRequest: { args: { id: Id }; value: { readonly room: Id } }
  declineRequest: { args: { id: Id }; value: null }
  removeFriend: { args: { user: Id }; value: null }
  /** Members are friends, by user id. Everybody is in it at once. */
  createGroup: { args: { name: string; members: readonly Id[] }; value: { readonly room: Id } }
  inviteToGroup: { args: { room: Id; users: readonly Id[] }; value: null }
  removeFromGroup: { args: { room: Id; user: Id }; value: null }
  leaveGroup: { args: { room: Id }; value: null }
  renameGroup: { args: { room: Id; name: string }; value: null }
  setAnnouncement: { args: { room: Id; text: string }; value: null }
  setAdmin: { args: { room: Id; user: Id; on: boolean }; value: null }
  handOver: { args: { room: Id; user: Id }; value: null }
  /** Stored before it answers; sending goes on by itself. */
  send: { args: { room: Id; text: string }; value: { readonly key: string } }
  resend: { args: { room: Id; key: string }; value: null }
  discard: { args: { room: Id; key: string }; value: null }
  markRead: { args: { room: Id; seq: number }; value: null }
  setDraft: { args: { room: Id; text: string }; value: null }
  setSettings: { args: Partial<Settings>; value: null }
  reconnect: { args: Record<never, never>; value: null }
  dismissAlarm: { args: { id: string }; value: null }
}

export type ViewName = keyof Views
export type CommandName = keyof Commands
export type ViewArgs<V extends ViewName> = Views[V]["args"]
export type ViewValue<V extends ViewName> = Views[V]["value"]
export type CommandArgs<C extends CommandName> = Commands[C]["args"]
export type CommandValue<C extends CommandName> = Commands[C]["value"]

export interface ClientPort {
  /** `listener` gets the present value at once (asynchronously) and each newer one. Returns how to stop. */
  subscribe<V extends ViewName>(
    view: V,
    args: ViewArgs<V>,
    listener: (value: ViewValue<V>) => void,
  ): () => void
  command<C extends CommandName>(name: C, args: CommandArgs<C>): Promise<CommandResult<CommandValue<C>>>
}
