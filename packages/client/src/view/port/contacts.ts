/** Friends, the requests that wait, and what is known and noted of a person. */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Person } from "./basic.ts"

export type ContactViews = {
  contacts: {
    args: undefined
    value: {
      readonly friends: readonly Friend[]
      readonly incoming: readonly {
        readonly id: Id
        readonly from: Person
        readonly line: string
        readonly at: number
      }[]
      readonly outgoing: readonly { readonly id: Id; readonly to: Person; readonly at: number }[]
      /** Every tag (标签) that a friend has. */
      readonly tags: readonly string[]
      /** 黑名单, newest first. */
      readonly blocked: readonly Person[]
    }
  }
  /** One person's page. */
  person: {
    args: { readonly user: Id }
    value: { readonly state: "absent" } | ({ readonly state: "here" } & PersonPage)
  }
  /** Whether this is really them. Absent for oneself, and for whom no key is known. */
  safety: {
    args: { readonly user: Id }
    value: { readonly state: "absent" } | ({ readonly state: "here" } & Safety)
  }
  /** A small square picture by the name that a person or a room has for it. */
  picture: {
    args: { readonly picture: string }
    /** A `data:` address; absent where it was replaced meanwhile. */
    value: { readonly url?: string }
  }
}

export type SafetyNumber = {
  /** Twelve groups of five digits, the same on both sides. */
  readonly number: string
  /** For a QR code: the friend's client reads it by `checkSafetyCode`. */
  readonly code: string
}
export type Safety = SafetyNumber & {
  /** ms UTC; absent: nobody has compared this number. */
  readonly verifiedAt?: number
  /**
   * They have another identity key now than the one that `number` and `verifiedAt` speak of: the new number. Nothing is
   * sent in the private chat until the person has decided.
   */
  readonly changed?: SafetyNumber
}

export type Friend = Person & {
  readonly room: Id
  /** 备注: only this person sees it. */
  readonly remark: string
  readonly nickname: string
  readonly tags: readonly string[]
}

export type PersonPage = Person & {
  readonly remark: string
  readonly nickname: string
  readonly status: string
  readonly tags: readonly string[]
  readonly relation: "self" | "friend" | "stranger"
  readonly blocked: boolean
  /** Their safety number was compared, and it is still theirs. */
  readonly verified: boolean
  /** The private chat, where there is one. */
  readonly room?: Id
  /** Groups in which both are. */
  readonly groups: readonly { readonly room: Id; readonly title: string }[]
}

export type ContactCommands = {
  /** Finds, makes the room, asks. Where the other one has asked already, accepts instead. */
  requestFriend: { args: { username: string; line: string }; value: { readonly accepted: boolean } }
  /** With a remark in the same step, where one wants. */
  acceptRequest: { args: { id: Id; remark?: string }; value: { readonly room: Id } }
  declineRequest: { args: { id: Id }; value: null }
  removeFriend: { args: { user: Id }; value: null }
  /** Empty: none. */
  setRemark: { args: { user: Id; remark: string }; value: null }
  setTags: { args: { user: Id; tags: readonly string[] }; value: null }
  /** The person compared the numbers, or takes that back. `number`: what they had before their eyes. */
  setVerified: { args: { user: Id; on: boolean; number: string }; value: null }
  /** The friend's code, scanned or pasted, or the digits. Right: verified, and gone on with. Else nothing changes. */
  checkSafetyCode: { args: { user: Id; payload: string }; value: null }
  /** To go on with a changed identity; `number`: the new one, as it was shown. It is not verified. */
  acceptIdentity: { args: { user: Id; number: string }; value: null }
  /** Ends a friendship too; the other one is not told why. */
  block: { args: { user: Id }; value: null }
  unblock: { args: { user: Id }; value: null }
}
