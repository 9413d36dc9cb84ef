/**
 * Coming into a group by a link: a look at it, a request signed with the link's key, and then waiting until a member's device
 * commits. The key package's private half is stored before the request leaves, so that the welcome can be opened whenever it
 * comes; what one has asked for is kept, and looked at again when the house has news.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { joinToSign } from "@teahouse/protocol/join-proof.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { packageWrite } from "../account/key-packages.ts"
import { topics } from "../changes.ts"
import type { AnswerParts } from "../contact/answer.ts"
import type { LinkKeys } from "../crypto/port.ts"
import type { Problem } from "../problem.ts"
import { decodeFragment, type Fragment } from "./fragment.ts"
import { openPreview } from "./known-links.ts"
import { JOINING } from "./waiting.ts"

const keyOf = (room: Id) => JOINING + room
/** Clocks differ: a package is good from a day ago. */
const SKEW = 86_400_000

export type Joining = {
  readonly room: Id
  readonly name: string
  readonly link: string
  /** As the house calls it, once it has answered. */
  readonly request?: Id
  /** Why it will not be: a refusal of the house about the link, or of an admin. */
  readonly problem?: Problem["kind"]
  readonly approval: boolean
}

export type Look = {
  readonly room: Id
  readonly name: string
  readonly inviter: string
  readonly picture?: Uint8Array
  readonly members: number
  readonly approval: boolean
  readonly member: boolean
  readonly asked?: "waiting" | "declined"
}

const badLink: Result<never, Problem> = err({ kind: "unknown_link" })

function readLink(parts: AnswerParts, text: string): (Fragment & { readonly keys: LinkKeys }) | undefined {
  const fragment = decodeFragment(text)
  return fragment && { ...fragment, keys: parts.crypto.link.keys(fragment.room, fragment.secret) }
}

export async function lookAtLink(parts: AnswerParts, text: string): Promise<Result<Look, Problem>> {
  const link = readLink(parts, text)
  if (!link) return badLink
  const { room, keys } = link
  const found = await parts.call("readLink", { params: { room, link: keys.id } })
  if (!found.ok) return found
  const { preview, members, approval, member, asked } = found.value
  const shown = preview && (await openPreview(parts, room, keys, preview))
  // Not written yet, or not by somebody with the link.
  if (!shown) return err({ kind: preview ? "unknown_link" : "unavailable" })
  const { name, inviter, picture } = shown
  return ok({
    ...{ room, name, inviter, members, approval, member },
    ...(picture ? { picture } : {}),
    ...(asked ? { asked } : {}),
  })
}

export async function askToJoin(
  parts: AnswerParts,
  text: string,
): Promise<Result<{ readonly room: Id }, Problem>> {
  const link = readLink(parts, text)
  if (!link) return badLink
  const { room, keys } = link
  const look = await lookAtLink(parts, text)
  if (!look.ok) return look
  const { member, approval, name } = look.value
  // Whoever has left is still to be taken out by somebody.
  const left = parts.rooms.get(room)?.state().meta.standing === "removed"
  if (member) return left ? err({ kind: "busy" }) : ok({ room })
  const { store, crypto, me, call, clock, changes, people } = parts
  const uik = people.pinned(me.user)
  if (!uik) return err({ kind: "busy" })
  const notBefore = clock() - SKEW
  const lifetime = { notBefore, notAfter: notBefore + limits.keyPackageLifetime * 1000 }
  const made = await crypto.device.newKeyPackage(me, lifetime)
  const claim = { room, link: keys.id, user: me.user, uik, keyPackageRef: made.ref }
  const signature = await crypto.device.sign(keys.signature.privateKey, joinToSign(claim))
  const joining: Joining = { room, name, link: text, approval }
  await store.write(
    [packageWrite(made, clock(), lifetime.notAfter), { put: keyOf(room), value: joining }],
    "strict",
  )
  const request = { keyPackage: made.bytes, signature }
  const asked = await call("requestJoin", { params: { room, link: keys.id }, request })
  if (!asked.ok && asked.error.kind !== "already_member") {
    // Without an answer it may have arrived: then it is looked at again.
    if (asked.error.kind !== "offline") await store.write([{ drop: keyOf(room) }])
    return asked
  }
  if (asked.ok) await store.write([{ put: keyOf(room), value: { ...joining, request: asked.value.id } }])
  changes.emit(topics.joins)
  await parts.rooms.refresh()
  return ok({ room })
}

export const joinings = async ({ store }: Pick<AnswerParts, "store">): Promise<readonly Joining[]> =>
  (await store.range<Joining>(JOINING)).map((row) => row.value)

/** Those that have come in are done; of the others the house says how they stand. */
export async function refreshJoinings(parts: AnswerParts): Promise<void> {
  const { store, rooms, changes } = parts
  for (const joining of await joinings(parts)) {
    const { room, link } = joining
    const standing = rooms.get(room)?.state().meta.standing
    if (standing === "open") {
      await store.write([{ drop: keyOf(room) }])
      changes.emit(topics.joins)
      continue
    }
    const look = await lookAtLink(parts, link)
    const kind = look.ok ? (look.value.asked === "declined" ? "join_declined" : undefined) : look.error.kind
    const passing = kind === "offline" || kind === "rate_limited" || kind === "unavailable"
    if (passing || kind === joining.problem) continue
    const { problem: _, ...rest } = joining
    await store.write([{ put: keyOf(room), value: kind ? { ...rest, problem: kind } : rest }])
    changes.emit(topics.joins)
  }
}

/** Not wanted any more: then the house is told, lest somebody lets one in later. Or read why it did not come about. */
export async function forgetJoining(parts: AnswerParts, room: Id): Promise<Result<null, Problem>> {
  const joining = (await joinings(parts)).find((one) => one.room === room)
  const request = joining?.problem ? undefined : joining?.request
  const withdrawn = request && (await parts.call("declineJoin", { params: { request }, request: {} }))
  if (withdrawn && !withdrawn.ok && withdrawn.error.kind !== "unknown_join") return withdrawn
  await parts.store.write([{ drop: keyOf(room) }])
  parts.changes.emit(topics.joins)
  return ok(null)
}
