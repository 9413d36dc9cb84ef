/**
 * Every expected refusal and what a client should do about it; what a person reads of it is in error-sentence.ts.
 * `retry`: `never` — the same request will always be refused; `later` — after `retryAfterMs` or a back-off, unchanged;
 * `refresh` — after reading the state again (the log, a session, a list), as a new request.
 */
import * as z from "zod/mini"

export type Retry = "never" | "later" | "refresh"
type Row = { readonly status: number; readonly retry: Retry }

export const errors = {
  malformed: { status: 400, retry: "never" },
  too_large: { status: 413, retry: "never" },
  unknown_route: { status: 404, retry: "never" },
  unsupported_version: { status: 426, retry: "never" },
  wrong_host: { status: 421, retry: "never" },
  wrong_origin: { status: 403, retry: "never" },
  rate_limited: { status: 429, retry: "later" },
  unavailable: { status: 503, retry: "later" },
  storage_full: { status: 507, retry: "later" },
  internal: { status: 500, retry: "later" },
  not_signed_in: { status: 401, retry: "refresh" },
  session_expired: { status: 401, retry: "refresh" },
  not_fresh: { status: 403, retry: "refresh" },
  no_device: { status: 403, retry: "refresh" },
  wrong_credentials: { status: 401, retry: "never" },
  wrong_recovery_code: { status: 401, retry: "never" },
  account_disabled: { status: 403, retry: "never" },
  recovery_required: { status: 403, retry: "never" },
  not_admin: { status: 403, retry: "never" },
  protected_account: { status: 403, retry: "never" },
  login_expired: { status: 410, retry: "refresh" },
  username_taken: { status: 409, retry: "never" },
  username_alike: { status: 409, retry: "never" },
  invalid_username: { status: 400, retry: "never" },
  weak_password: { status: 400, retry: "never" },
  weak_stretching: { status: 400, retry: "never" },
  registration_closed: { status: 403, retry: "never" },
  invalid_invite: { status: 403, retry: "never" },
  invite_used_up: { status: 410, retry: "never" },
  invite_expired: { status: 410, retry: "never" },
  invalid_bot_token: { status: 403, retry: "never" },
  too_many_bots: { status: 403, retry: "never" },
  not_for_bots: { status: 403, retry: "never" },
  bot_of_another: { status: 403, retry: "never" },
  id_taken: { status: 409, retry: "refresh" },
  invalid_certificate: { status: 400, retry: "never" },
  invalid_key_log: { status: 422, retry: "never" },
  too_many_devices: { status: 403, retry: "never" },
  unknown_device: { status: 404, retry: "refresh" },
  device_revoked: { status: 403, retry: "never" },
  invalid_key_package: { status: 400, retry: "never" },
  no_key_package: { status: 409, retry: "later" },
  unknown_user: { status: 404, retry: "never" },
  request_to_self: { status: 400, retry: "never" },
  already_friends: { status: 409, retry: "never" },
  already_requested: { status: 409, retry: "never" },
  request_waiting: { status: 409, retry: "refresh" },
  unknown_request: { status: 404, retry: "refresh" },
  already_answered: { status: 409, retry: "refresh" },
  not_friends: { status: 403, retry: "refresh" },
  blocked: { status: 403, retry: "never" },
  blocking: { status: 409, retry: "never" },
  unknown_room: { status: 404, retry: "refresh" },
  not_a_member: { status: 403, retry: "refresh" },
  room_frozen: { status: 409, retry: "refresh" },
  room_full: { status: 403, retry: "never" },
  unknown_link: { status: 404, retry: "never" },
  link_revoked: { status: 410, retry: "never" },
  link_expired: { status: 410, retry: "never" },
  link_used_up: { status: 410, retry: "never" },
  banned: { status: 403, retry: "never" },
  already_member: { status: 409, retry: "refresh" },
  join_declined: { status: 403, retry: "never" },
  unknown_join: { status: 404, retry: "refresh" },
  bad_join: { status: 422, retry: "never" },
  too_many_joins: { status: 429, retry: "later" },
  stale_epoch: { status: 409, retry: "refresh" },
  stale_head: { status: 409, retry: "refresh" },
  already_sent: { status: 409, retry: "never" },
  commit_refused: { status: 422, retry: "never" },
  invalid_message: { status: 422, retry: "never" },
  text_too_long: { status: 413, retry: "never" },
  file_too_large: { status: 413, retry: "never" },
  quota_exceeded: { status: 413, retry: "never" },
  too_many_uploads: { status: 429, retry: "later" },
  unknown_blob: { status: 404, retry: "never" },
  wrong_offset: { status: 409, retry: "refresh" },
  too_late_to_recall: { status: 409, retry: "never" },
  push_refused: { status: 400, retry: "never" },
  version_conflict: { status: 409, retry: "refresh" },
  unknown_record: { status: 404, retry: "refresh" },
} as const satisfies Record<string, Row>

export type ErrorKind = keyof typeof errors
export const errorKinds = Object.keys(errors) as [ErrorKind, ...ErrorKind[]]

/** The session is over, and signing in again is what can be done. */
export const endsSession = (kind: string): boolean =>
  kind === "session_expired" || kind === "not_signed_in" || kind === "device_revoked"

/** As it travels, over HTTP and in frames. `detail` never carries content, names or tokens. */
export const refusal = z.strictObject({
  kind: z.enum(errorKinds),
  retryAfterMs: z.optional(z.int().check(z.nonnegative())),
  detail: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
})
export type Refusal = z.infer<typeof refusal>

export const refuse = (kind: ErrorKind, more: Omit<Refusal, "kind"> = {}): Refusal => ({ kind, ...more })
