/** Accepting, declining and removing: each is a signed notice in the room, or its end. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type Change, encodeChange, encodeNotice, noticeToSign } from "@teahouse/protocol/notice.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Problem } from "../problem.ts"
import type { Contacts } from "./contacts.ts"
import { told } from "./introduce.ts"
import type { RequestParts } from "./request.ts"

const ATTEMPTS = 6

export type AnswerParts = RequestParts & {
  readonly contacts: Contacts
  readonly pause: (ms: number) => Promise<void>
  /** For what goes on by itself. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Says `resumed` in the room, by which the request is accepted, then comes in by the welcome that waited and tells the
 * other side this person's profile.
 */
export async function acceptRequest(
  parts: AnswerParts,
  id: Id,
): Promise<Result<{ readonly room: Id }, Problem>> {
  const { contacts, people, rooms } = parts
  if (!contacts.request(id)) await contacts.refresh()
  const request = contacts.request(id)
  if (request?.direction !== "in") return err({ kind: "unknown_request" })
  const { user, room, opened, uik } = request
  const pinned = people.pinned(user)
  if (uik && pinned && !sameBytes(uik, pinned)) return err({ kind: "identity_changed" })
  await people.learn(user, {
    username: request.username,
    ...(uik ? { uik } : {}),
    ...(request.certified === undefined ? {} : { certified: request.certified }),
    ...(opened ? { profileKey: opened.key, nickname: opened.nickname, profileVersion: 0 } : {}),
  })

  // A device that is newer than the request has no leaf in its room, and speaks only with one.
  const outside = await rooms.enter(room)
  if (outside) return err(outside)
  const accepted = await sayInRoom(parts, room, { kind: "resumed" }, (n, notice) =>
    parts.call("acceptRequest", { params: { request: id }, request: { n, notice } }),
  )
  if (!accepted.ok) return accepted
  await people.share(user)
  await rooms.refresh()
  await contacts.refresh()
  const { nickname, key } = await parts.profile()
  await rooms.get(room)?.post({ kind: "profile", nickname, key, version: 0 })
  await told(parts, room)
  return ok({ room })
}

export async function declineRequest(parts: AnswerParts, id: Id): Promise<Result<null, Problem>> {
  const declined = await parts.call("declineRequest", { params: { request: id }, request: {} })
  if (!declined.ok) return declined
  await parts.contacts.refresh()
  await parts.rooms.refresh()
  return ok(null)
}

export async function removeFriend(parts: AnswerParts, user: Id): Promise<Result<null, Problem>> {
  const contact = parts.contacts.friends().find((one) => one.user === user)
  if (!contact) return err({ kind: "not_friends" })
  const removed = await sayInRoom(parts, contact.room, { kind: "frozen" }, (n, notice) =>
    parts.call("removeContact", { params: { user }, request: { n, notice } }),
  )
  if (!removed.ok) return removed
  await parts.contacts.refresh()
  return ok(null)
}

/** A notice names the room's last hash: when somebody is faster it is signed again over the new one. */
export async function sayInRoom<T>(
  parts: AnswerParts,
  room: Id,
  change: Change,
  post: (n: number, notice: Uint8Array) => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  let said: Result<T, Problem> = err({ kind: "unknown_room" })
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await parts.pause(100 * 2 ** attempt)
    const actor = parts.rooms.get(room)
    said = actor ? await actor.notice(change, post) : await sayFromOutside(parts, room, change, post)
    if (said.ok || said.error.kind !== "stale_head") return said
    actor?.subscribe()
  }
  return said
}

/** Before this device is in the room, its head is the house's word; the chain shows later whether it was true. */
async function sayFromOutside<T>(
  { call, crypto, me }: AnswerParts,
  room: Id,
  change: Change,
  post: (n: number, notice: Uint8Array) => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  const listed = await call("listRooms", {})
  if (!listed.ok) return listed
  const summary = listed.value.rooms.find((one) => one.room === room)
  if (!summary) return err({ kind: "unknown_room" })
  const last = await call("lastNumber", { params: { room } })
  const bytes = encodeChange(change)
  const signed = noticeToSign(room, summary.hash, bytes)
  const signature = await crypto.device.sign(me.signature.privateKey, signed)
  return post((last.ok ? last.value.n : 0) + 1, encodeNotice(bytes, summary.hash, signature))
}
