/**
 * Taking what is one's own out of here. It begins with a fresh proof of the password (account/export-passes.ts), and each step shows
 * the pass that it got; without one it is `password_needed`. A chat is read window by window, from its beginning on this device to its end, and what
 * comes is what the person can read in it: edits as they are now, what was recalled as recalled. Files come by `openFile`,
 * under the `FileAt` of their message. What still waits to be sent is in no chat yet.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Settings } from "./account.ts"
import type { Person, Role } from "./basic.ts"
import type { Favourite, TimelineItem } from "./messages.ts"
import type { Habits } from "./rooms.ts"
import type { OwnSticker } from "./stickers.ts"

export type ExportCommands = {
  /**
   * Proves the password with the house, which needs a connection. Without one, a proof at most five minutes old is used again;
   * `password_needed` where there is none.
   */
  beginExport: { args: { password?: string }; value: { readonly pass: string } }
  endExport: { args: { pass: string }; value: null }
  /** What there is of a person besides chats. What can be large is named here and fetched one by one. */
  exportSelf: { args: { pass: string }; value: SelfToExport }
  /** A contact's picture by its name; `not_found` where it is not on this device, or was replaced meanwhile. */
  exportPicture: { args: { pass: string; picture: string }; value: PictureToExport }
  /** One of what was kept (收藏); `readSticker` reads one's own stickers. */
  exportFavourite: { args: { pass: string; id: string }; value: Favourite }
  /** All chats, hidden ones too, in the order in which they began. */
  exportChats: {
    args: { pass: string }
    value: { readonly chats: readonly ChatToExport[] }
  }
  /**
   * What follows position `after`; 0 is before everything, also before what was imported. About `limit` lines: those of one position are not parted. Go on
   * with `next` until it is absent.
   */
  exportPage: {
    args: { pass: string; room: Id; after: number; limit: number }
    value: { readonly items: readonly TimelineItem[]; readonly next?: number }
  }
}

export type ChatToExport = {
  readonly room: Id
  readonly kind: "direct" | "group" | "self"
  readonly title: string
  readonly habits: Habits
  /** What was begun to be written; absent where nothing was. */
  readonly draft?: string
  /** Of a group. `nick`: their name in it, empty where there is none. */
  readonly members?: readonly (Person & { readonly role: Role; readonly nick: string })[]
}

export type PictureToExport = { readonly bytes: Uint8Array; readonly type: "image/jpeg" | "image/webp" }

export type SelfToExport = {
  readonly profile: {
    readonly user: Id
    readonly username: string
    readonly nickname: string
    readonly status: string
    readonly picture?: PictureToExport
  }
  readonly settings: Omit<Settings, "nickname" | "status" | "picture">
  /** By name; with whoever was a friend once, and whoever is blocked. */
  readonly contacts: readonly ContactToExport[]
  readonly requests: readonly {
    readonly direction: "in" | "out"
    readonly person: Person
    readonly at: number
    readonly line: string
  }[]
  /** Newest first, both. */
  readonly stickers: readonly OwnSticker[]
  readonly favourites: readonly string[]
}

export type ContactToExport = Person & {
  readonly relation: "friend" | "removed" | "stranger"
  /** ms UTC; of strangers nobody noted it. */
  readonly since?: number
  readonly remark: string
  readonly nickname: string
  readonly status: string
  readonly tags: readonly string[]
  readonly blocked: boolean
}
