/**
 * One position of a room as this device keeps it: what the log said (so that the chain can be compared later), who sent
 * it according to the encryption, and what it held. Facts, not sentences: a view makes the sentence.
 */
import type { EntryKind } from "@teahouse/protocol/entry.ts"
import type { Id } from "@teahouse/protocol/ids.ts"

export type HistoryEntry = {
  readonly seq: number
  readonly generation: number
  readonly kind: EntryKind
  readonly device: Id
  readonly n: number
  readonly time: number
  readonly hash: Uint8Array
  /** The sender's user; absent where it is not known. */
  readonly user?: Id
  /** A name that the view knew it by while it waited; own messages only. */
  readonly key?: string
  readonly item: HistoryItem
  /** By whom it was given; absent: this account's own devices were there. `at`: the position of that answer. */
  readonly given?: { readonly user: Id; readonly at: number }
}

/** `repeated`: a restored house had lost it, and it stands in the log again, further on. */
export type Gone = "recalled" | "expired" | "deleted" | "emptied" | "repeated"

/** Who is there now and was not, with other devices, or under another identity, when one of the account's devices was there last. */
export type Present = {
  readonly joined: readonly Id[]
  readonly newDevice: readonly Id[]
  readonly newIdentity: readonly Id[]
  /** None of its devices has noted who was there: all that are there are in `joined`. */
  readonly all?: true
}

export type HistoryItem =
  /** Content bytes as they were sealed: a newer client may understand more of them. */
  | { readonly type: "content"; readonly bytes: Uint8Array }
  | {
      readonly type: "members"
      /** Users who were not there before, who are gone, and who came with one more device. */
      readonly joined: readonly Id[]
      readonly left: readonly Id[]
      readonly newDevice: readonly Id[]
      /** Who is there under another identity key than before; absent where nobody is. */
      readonly newIdentity?: readonly Id[]
      /**
       * How much of the past is for those who come in (days; 0: nothing). Said where somebody came, and anything is, and where
       * it was `changed`.
       */
      readonly past?: { readonly days: number; readonly changed?: true }
    }
  | { readonly type: "notice"; readonly notice: "friends" | "frozen" | "resumed" | "left" | "renewed" }
  | { readonly type: "unreadable" }
  /**
   * What was said here is not kept any more. `emptied`: the house had let its bytes go before they were read here.
   * A tombstone outranks what was said, wherever the two meet (docs/security.md R5).
   */
  | { readonly type: "gone"; readonly why: Gone }
  /** This device came in here (`first`), or came back after losing its place. `present`: whom it did not know of. */
  | { readonly type: "here"; readonly first: boolean; readonly present?: Present }
  /** Nothing to show; kept for the chain. */
  | { readonly type: "nothing" }
