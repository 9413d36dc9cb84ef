/** Who is signed in, the connection, one's settings and devices. */
import type { ErrorKind } from "@teahouse/protocol/error.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { CommandError, Language, LocalErrorKind, Theme } from "./basic.ts"
import type { ToldSettings } from "./told.ts"

export type AccountViews = {
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
          readonly picture?: string
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
      /** The house speaks another version of the protocol: this client has to be another one, and goes on asking meanwhile. */
      readonly otherVersion?: true
      /** Messages that wait to be sent. */
      readonly waiting: number
      /** Something the person must know of: the house broke a promise (SECURITY R5). Each is shown until dismissed. */
      readonly alarms: readonly Alarm[]
      /** What the person must know of too, and is nobody's breach: `device_added`. Dismissed in the same way; absent: none. */
      readonly notices?: readonly Alarm[]
    }
  }
  settings: {
    args: undefined
    value: Settings
  }
  /** The history that the house keeps, sealed, for one's other devices. */
  safekeeping: {
    args: undefined
    value: {
      /** Blocks of at most 256 lines that are not in the house yet. */
      readonly unsafe: number
      /** Bytes in the house, and how many there may be (0: not known yet). */
      readonly used: number
      readonly quota: number
      /** Blocks that are still on their way to this device. */
      readonly restoring?: { readonly left: number; readonly total: number }
      readonly error?: CommandError
    }
  }
  /** Own devices: the present one first, then by when they were last here. */
  devices: {
    args: undefined
    value: { readonly devices: readonly OwnDevice[] }
  }
}

export type OwnDevice = {
  readonly device: Id
  readonly current: boolean
  /** Empty: it was given none. */
  readonly name: string
  readonly addedAt: number
  /** null: it is here now. 0: it never was. */
  readonly lastSeen: number | null
}

export type Settings = {
  readonly language: Language | "auto"
  readonly theme: Theme
  readonly enterSends: boolean
  readonly nickname: string
  /** One line that friends see. */
  readonly status: string
  /** Names one's picture, for the view `picture`; it is changed by `setPicture`. */
  readonly picture?: string
  /** Per cent, 100 to 200. */
  readonly textSize: number
  readonly told: ToldSettings
  /** Mutual: who does not show what they have read does not see what others have read. */
  readonly readReceipts: boolean
  /** Mutual too: typing and being here. */
  readonly showTyping: boolean
}

/** What is to be otherwise; of `told` too only that, so that two changes at once both stay. */
export type SettingsChange = Partial<Omit<Settings, "told">> & { readonly told?: Partial<ToldSettings> }

export type Alarm = {
  readonly id: string
  readonly kind:
    | "forked"
    | "rolled_back"
    | "new_incarnation"
    | "restored_again"
    | "bad_signature"
    | "house_changed"
    | "history_damaged"
    | "past_refused"
    /** What this device had stored of a chat and not sent yet could not be read any more. */
    | "unsent_damaged"
    | "account_rolled_back"
    /** A restored house has forgotten that a device was taken away, and the account key that began then. */
    | "keys_lost"
    | "other_identity"
    | "key_log_changed"
    | "key_log_unlisted"
    | "device_added"
  readonly room?: Id
  /** Whom it is about, by name; empty: oneself. */
  readonly who?: string
  readonly at: number
}

export type AccountCommands = {
  createAccount: {
    /** `bot`: the house's part of a bot's token (bot/token.ts); the account is a bot's then. */
    args: { username: string; password: string; invite?: string; bot?: Uint8Array }
    value: { readonly recoveryCode: string }
  }
  /** After the person said that the code is saved; until then `session` is `unconfirmed`. */
  confirmRecoveryCode: { args: Record<never, never>; value: null }
  signIn: { args: { username: string; password: string }; value: null }
  /**
   * With the recovery code in place of the password. The code is used up by it: the new one is shown as for a new account. Every
   * other device is signed out.
   */
  recover: {
    args: { username: string; code: string; password: string }
    value: { readonly recoveryCode: string }
  }
  signOut: { args: { forget: boolean }; value: null }
  /** What it is called, for this person alone; `name_too_long`. */
  nameDevice: { args: { device: Id; name: string }; value: null }
  /**
   * Signs another device out for good, and out of every chat: nothing is said there before it has gone. `not_allowed` for the
   * present one.
   */
  revokeDevice: { args: { device: Id; password: string }; value: null }
  /** Every other device is signed out, and keeps what it has; or each of them is taken away as by `revokeDevice`. */
  changePassword: { args: { current: string; password: string; others?: "stay" | "go" }; value: null }
  /**
   * For good: leaves every group (one's own goes to the oldest admin, else to a member), ends every friendship, deletes what the
   * house has of the account, then what this device has. Asks for the password; offline it changes nothing here.
   */
  deleteAccount: { args: { password: string }; value: null }
  /** A name or status that is too long is refused: `name_too_long`. */
  setSettings: { args: SettingsChange; value: null }
  /** JPEG or WebP of at most 24 KiB, else `bad_picture`; null: none. */
  setPicture: { args: { picture: Uint8Array | null }; value: null }
  reconnect: { args: Record<never, never>; value: null }
  dismissAlarm: { args: { id: string }; value: null }
}
