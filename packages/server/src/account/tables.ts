/** The rows of db/migrations/0001-accounts.ts and people.ts as Kysely sees them. Bytes come back as Uint8Array, numbers as number. */
import type { Generated } from "kysely"

type Bytes = Uint8Array

export type AccountTables = {
  account: {
    id: Bytes
    /** UTF-8 of the normal form. */
    name: Bytes
    /** 0 person, 1 bot. */
    kind: number
    admin: number
    uik: Bytes
    generation: number
    /** OPAQUE registration record, its base64url text as bytes. */
    record: Bytes
    stretch_memory: number
    stretch_iterations: number
    stretch_parallelism: number
    vault_version: number
    vault_key: Bytes
    vault_key_signature: Bytes
    root_by_password: Bytes
    root_by_recovery: Bytes
    recovery_key: Bytes
    vault_keys: Bytes
    notebook_cursor: number
    created: number
    /** Since when it may not be used (ms UTC); 0: it may. */
    disabled: Generated<number>
    /** 1: the password opens nothing until the recovery code has set a new one. */
    must_recover: Generated<number>
    /** Bytes of ciphertext; null: what the configuration says. */
    file_quota: Generated<number | null>
  }
  account_key: { user_id: Bytes; generation: number; sealed: Bytes }
  device: {
    id: Bytes
    user_id: Bytes
    certificate: Bytes
    signature_key: Bytes
    created: number
    /** When its socket last came or went; 0: never. */
    seen: Generated<number>
    /** Present: it is the account's no more. */
    revocation: Generated<Bytes | null>
  }
  session: {
    id: Bytes
    token_hash: Bytes
    user_id: Bytes
    device_id: Bytes | null
    created: number
    fresh_until: number
    expires: number
    /** 1: by the recovery code, and no new password is set yet. */
    recovering: number
  }
  invite: {
    token_hash: Bytes
    admin: number
    created: number
    used_by: Bytes | null
    /** How many accounts it makes, and has made. */
    uses: Generated<number>
    used: Generated<number>
    /** ms UTC; 0: never. */
    expires: Generated<number>
    revoked: Generated<number>
  }
  key_package: {
    device_id: Bytes
    hash: Bytes
    last_resort: number
    body: Bytes | null
    expires: number
    created: number
  }
  contact: {
    user_id: Bytes
    peer_id: Bytes
    /** 0 removed, 1 friend. */
    state: number
    room_id: Bytes
    since: number
  }
  friend_request: {
    id: Bytes
    /** The lower and the higher user id while the request waits; NULL once answered. */
    open_pair: Bytes | null
    from_user: Bytes
    from_device: Bytes
    to_user: Bytes
    room_id: Bytes
    /** 1 where the room was made for this request and goes with it. */
    new_room: number
    created: number
  }
  first_line: { request_id: Bytes; device_id: Bytes; sealed: Bytes }
  profile: { user_id: Bytes; version: number; sealed: Bytes; time: number }
  notebook: {
    user_id: Bytes
    id: Bytes
    version: number
    generation: number
    sealed: Bytes
    position: number
  }
  block: { user_id: Bytes; peer_id: Bytes; since: number }
  /** Logins between their two requests (logins.ts). */
  pending_login: { id: Bytes; sealed: Bytes; expires: number }
  departed: { name: Bytes; time: number }
  name_look: { look: Bytes; name: Bytes }
}
