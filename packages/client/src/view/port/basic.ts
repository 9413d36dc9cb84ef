/** What every part of the port speaks of: people, roles, results. */
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
  | "bad_nickname"
  | "bad_picture"
  | "not_yours"
  | "too_late"
  | "bad_poll"
  | "file_gone"
  | "file_damaged"
  | "device_full"
  /** The house takes no more of one's history. */
  | "history_full"
  | "caption_too_long"
  | "name_too_long"
  | "too_many_tags"
  | "too_many_stickers"
  | "password_needed"
  | "damaged"
  | "safety_differs"
  | "safety_own"
  | "safety_unreadable"
  | "vault_rolled_back"
export type CommandError = { readonly kind: ErrorKind | LocalErrorKind; readonly retryAfterMs?: number }
export type CommandResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: CommandError }

export type Person = {
  readonly user: Id
  readonly username: string
  /** Remark, else group nickname (in a group), else nickname, else username. */
  readonly name: string
  /** Names the profile picture, for the view `picture`; another picture has another name. */
  readonly picture?: string
  /** A program speaks, not a person: what their certificate says. */
  readonly bot?: true
}

export type Role = "owner" | "admin" | "member"
export type Member = Person & {
  readonly role: Role
  /** The name that everybody in the chat may read: `name` without one's remark. For text that leaves the device. */
  readonly publicName: string
}
