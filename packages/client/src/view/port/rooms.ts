/** The list of chats, and one chat's head. */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { CommandError, Member, Person, Role } from "./basic.ts"
import type { Delivery } from "./messages.ts"
import type { Level } from "./told.ts"

export type RoomViews = {
  /** Who waits to be let into this group; empty for whoever may not answer. */
  joinRequests: { args: { readonly room: Id }; value: { readonly requests: readonly JoinAsk[] } }
  /** Groups that one has asked to join. */
  joining: { args: undefined; value: { readonly rooms: readonly Joining[] } }
  roomList: {
    args: undefined
    /** `coming`: there are more, which this device is not in yet. */
    value: { readonly rooms: readonly RoomItem[]; readonly coming?: true }
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
          /** The other person of a private chat is here now, as far as they show it. */
          readonly online?: boolean
          /** Their safety number was compared. */
          readonly verified?: boolean
          /** They have another identity key than before: nothing is sent until the person has decided (view `safety`). */
          readonly changed?: boolean
          readonly members: readonly Member[]
          /** One's own; in a group it says what one may do. */
          readonly role: Role
          readonly announcement: string
          /** Whether this person has not seen it yet. */
          readonly announcementNew: boolean
          /** The version of the group's picture; `groupPicture` gives it. Absent where there is none. */
          readonly picture?: string
          /** One's own group nickname, empty where there is none. */
          readonly nick: string
          /** Who may add people: a group's rule. */
          readonly invite: "everyone" | "admins"
          /** Days of the past that are for those who come in; 0: nothing, 36,500: all. */
          readonly pastDays: number
          /** Links that let people in, for every member to pass on. */
          readonly links: readonly GroupLink[]
          /** Whether one may add people: a group's rules may leave that to its admins. */
          readonly mayInvite: boolean
          /** Seconds after which new messages disappear; 0: they stay. */
          readonly timer: number
          readonly writable: boolean
          /** Why not, where it is not writable. */
          readonly closed?: "pending" | "frozen" | "removed" | "joining"
          readonly habits: Habits
        }
  }
}

/** A person's own, the same on all their devices. */
export type Habits = {
  /** 置顶. */
  readonly pinned: boolean
  /** 免打扰: `none`. */
  readonly level: Level
  /** 标为未读, by hand. */
  readonly markedUnread: boolean
  /** Out of the list until something new is said. */
  readonly hidden: boolean
  /** The house keeps its history, sealed, for one's other devices. */
  readonly kept: boolean
}

export type GroupLink = {
  readonly id: Id
  /** What stands after `/join#`. */
  readonly link: string
  /** ms UTC */
  readonly expires: number
  readonly approval: boolean
}

/** Somebody who waits for an admin's answer. */
export type JoinAsk = { readonly id: Id; readonly person: Person; readonly at: number }

/** A group that one has asked to join by a link. */
export type Joining = {
  readonly room: Id
  readonly name: string
  readonly link: string
  /** Whether an admin has to say yes. */
  readonly approval: boolean
  /** Why it will not come about. */
  readonly problem?: CommandError["kind"]
}

/** What a link shows of its group before one joins. */
export type LinkLook = {
  readonly room: Id
  readonly name: string
  readonly inviter: string
  /** `data:` address */
  readonly picture?: string
  readonly members: number
  readonly approval: boolean
  /** One is in it already. */
  readonly member: boolean
  readonly asked?: "waiting" | "declined"
}

export type RoomItem = {
  readonly room: Id
  readonly kind: "direct" | "group" | "self"
  readonly title: string
  readonly peer?: Id
  /** Of a person: its name for the view `picture`. Of a group: its version; `groupPicture` gives it. */
  readonly picture?: string
  readonly habits: Habits
  /** The newest line, already cut; absent in an empty chat. */
  readonly last?: {
    readonly text: string
    /** It is a sticker: the screen says so in its own words. */
    readonly sticker?: true
    /** Several messages forwarded as one: `text` is its title, and the screen says what it is. */
    readonly bundle?: true
    readonly mine: boolean
    /** In a group, of somebody else. */
    readonly from?: string
    readonly at: number
    readonly delivery?: Delivery
    /** It was recalled: `text` is empty, and the screen says so in its own words. */
    readonly recalled?: boolean
    /** In a group, of somebody on the black list: `text` is empty, and the screen says so in its own words. */
    readonly blocked?: true
  }
  readonly unread: number
  /** Somebody named this person, or everybody, and it is not read yet. */
  readonly mentioned?: boolean
  readonly draft: string
  /** How many picked files wait in the dialog; absent where none do. */
  readonly draftFiles?: number
  /** Time of the last message, or of the chat's beginning. Pinned chats come first, then the newest. */
  readonly at: number
}

export type RoomCommands = {
  /** Members are friends, by user id. Everybody is in it at once. */
  createGroup: { args: { name: string; members: readonly Id[] }; value: { readonly room: Id } }
  inviteToGroup: { args: { room: Id; users: readonly Id[] }; value: null }
  removeFromGroup: { args: { room: Id; user: Id }; value: null }
  leaveGroup: { args: { room: Id }; value: null }
  renameGroup: { args: { room: Id; name: string }; value: null }
  setAnnouncement: { args: { room: Id; text: string }; value: null }
  setAdmin: { args: { room: Id; user: Id; on: boolean }; value: null }
  /** WebP or JPEG of at most 24 KiB, drawn anew by the screen; null takes it away. */
  setGroupPicture: { args: { room: Id; picture: Uint8Array | null }; value: null }
  /** Its `data:` address, or null where there is none that can be shown. */
  groupPicture: { args: { room: Id }; value: { readonly picture: string | null } }
  /** One's own name in this group; empty: none. */
  setGroupNick: { args: { room: Id; name: string }; value: null }
  setInviteRule: { args: { room: Id; invite: "everyone" | "admins" }; value: null }
  /** How much of the past is for those who come in from now on, in days; 0: nothing, 36,500: all. */
  setPastRule: { args: { room: Id; days: number }; value: null }
  /** The owner ends the group for everybody. */
  dissolveGroup: { args: { room: Id }; value: null }
  seeAnnouncement: { args: { room: Id }; value: null }
  /** `link` is what stands after `/join#`. */
  createLink: { args: { room: Id; days: number; approval: boolean }; value: { readonly link: string } }
  revokeLink: { args: { room: Id; link: Id }; value: null }
  /** `link`: a whole address, or what stands after its `#`. */
  lookAtLink: { args: { link: string }; value: LinkLook }
  askToJoin: { args: { link: string }; value: { readonly room: Id } }
  /** Takes back one's own request. */
  forgetJoining: { args: { room: Id }; value: null }
  answerJoin: { args: { request: Id; accept: boolean }; value: null }
  handOver: { args: { room: Id; user: Id }; value: null }
  setHabits: { args: { room: Id } & Partial<Habits>; value: null }
}
