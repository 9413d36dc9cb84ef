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
  /** A small square picture by the name that a person or a room has for it. */
  picture: {
    args: { readonly picture: string }
    /** A `data:` address; absent where it was replaced meanwhile. */
    value: { readonly url?: string }
  }
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
  /** Ends a friendship too; the other one is not told why. */
  block: { args: { user: Id }; value: null }
  unblock: { args: { user: Id }; value: null }
}
