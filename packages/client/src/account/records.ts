/** What a signed-in device keeps of its account, sealed. Root, identity and vault private keys are never among it (R2). */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { VaultRecord } from "../content/notebook.ts"
import type { Amk, Device } from "../crypto/port.ts"

export const ACCOUNT = "account"

export type AccountRecord = {
  readonly user: Id
  readonly username: string
  /** The account's identity key, public. */
  readonly uik: Uint8Array
  readonly device: Device
  /** Account generation n of the certificate. */
  readonly generation: number
  /** One of each generation from the first on. */
  readonly amks: readonly Amk[]
  /** The newest vault that this device was opened by or knows of (vault.ts). */
  readonly vault?: VaultRecord
  /** Devices that were taken away: no account key is said where one of them is. */
  readonly lost?: readonly Id[]
  /** The account keys from this generation on are to be said to the account's other devices. */
  readonly owed?: number
  /**
   * The recovery code, until the person has said that it is saved. Without a session it may be one that the house has not
   * taken: signing in compares it with the vault.
   */
  readonly unconfirmed?: string
  /** Absent after signing out or when the house ended it. */
  readonly session?: { readonly id: Id; readonly token: Uint8Array; readonly expires: number }
}

/** Not sealed, one per slot: who was here last, and the house that is pinned. No secrets. */
export type LastRecord = { readonly user: Id; readonly username: string }
export type HousePin = {
  readonly house: Id
  readonly houseKey: Uint8Array
  readonly opaqueKey: string
  readonly incarnation: number
}
