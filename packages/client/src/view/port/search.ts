/** Looking for what was said, in what this device has. */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Person } from "./basic.ts"

/** `link`: a text with an address of the web in it. */
export type SearchKind = "text" | "link" | "file" | "sticker" | "poll" | "bundle"

export type SearchViews = {
  /**
   * Any part of a text, of one character or more, in any writing; upper and lower case, full and half width are the same. Newest
   * first. Results come while it goes on (`done` is false until it is over); a new word is a new subscription. An empty
   * query finds everything that the filters let through, and nothing without a filter: who looks at that is about to type, and
   * what a search begins with is brought meanwhile.
   */
  search: {
    args: {
      readonly query: string
      readonly room?: Id
      readonly sender?: Id
      readonly kind?: SearchKind
      /** ms UTC; from the first on, before the second. */
      readonly from?: number
      readonly to?: number
      readonly limit: number
    }
    value: {
      readonly items: readonly FoundMessage[]
      readonly done: boolean
      /** There are more than `limit`. */
      readonly more: boolean
    }
  }
}

export type FoundMessage = {
  readonly room: Id
  /** Of the chat. */
  readonly title: string
  /** For a timeline around it. */
  readonly seq: number
  readonly at: number
  readonly from: Person
  readonly mine: boolean
  /** Around the place where it was found, on one line. */
  readonly text: string
  /** It is a sticker: the screen says so in its own words. */
  readonly sticker?: true
  /** Where in `text`; absent where only filters were asked. */
  readonly match?: { readonly from: number; readonly length: number }
}
