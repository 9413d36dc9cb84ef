/** What a person is to be told of. Whether it rings, shows or stays silent is the page's decision: it knows who is looking. */
import type { Id } from "@teahouse/protocol/ids.ts"

/** Of one chat: everything, only what names me (@), nothing (免打扰). */
export type Level = "all" | "mentions" | "none"

export type ToldViews = {
  /**
   * Messages of others that came since this view was opened and that were not read on any device; of each chat the newest
   * few, in order. One that is read elsewhere, or recalled, is gone from the next value.
   */
  news: { args: undefined; value: { readonly items: readonly NewsItem[] } }
}

export type NewsItem = {
  readonly room: Id
  readonly kind: "direct" | "group" | "self"
  readonly title: string
  readonly seq: number
  /** ms UTC, of the house. */
  readonly at: number
  /** Who said it, as this person calls them. */
  readonly from: string
  /** Already cut. */
  readonly text: string
  /** It is a sticker: the screen says so in its own words. */
  readonly sticker?: true
  /** Several messages forwarded as one: `text` is its title, and the screen says what it is. */
  readonly bundle?: true
  readonly mentionsMe: boolean
}

export type ToldCommands = {
  /** By which key the browser's push service is to know the house. */
  pushKey: { args: Record<never, never>; value: { readonly key: Uint8Array } }
  /** Where this device is woken while it is closed; null: nowhere. `push_refused` where the house does not send there. */
  setPush: { args: { endpoint: string | null }; value: null }
}

/** Do not disturb, and what a notification may show; the same on all devices. */
export type ToldSettings = {
  readonly quiet: "off" | "on" | "hours"
  /** Minutes of the day, local time; `to` is not included, and the night may lie between. */
  readonly quietFrom: number
  readonly quietTo: number
  readonly hideContent: boolean
}
