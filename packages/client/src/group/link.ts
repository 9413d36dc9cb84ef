/**
 * Making and revoking a group's join links (SECURITY "Links"). The policy names the link first, by a commit; then the house
 * gets the sealed preview, and the group's card the secret, so that every member can pass the link on. Whatever is lost in
 * between costs a link that nobody knows and that expires.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import { LINK_USES_MAX, LINKS_MAX, roleOf } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { AnswerParts } from "../contact/answer.ts"
import { type Card, LINK_SECRET_BYTES, type Preview } from "../content/card.ts"
import type { LinkKeys } from "../crypto/port.ts"
import type { Problem } from "../problem.ts"
import { notAllowed, sayCard } from "./change.ts"
import { encodeFragment } from "./fragment.ts"
import { isUsable, linksOf, placeOf } from "./known-links.ts"
import { operate } from "./operate.ts"

const DAY_MS = 86_400_000
export const LINK_DAYS_MAX = 365

export async function createLink(
  parts: AnswerParts,
  room: Id,
  wanted: { readonly days: number; readonly approval: boolean },
): Promise<Result<{ readonly link: string }, Problem>> {
  const { crypto, me, clock } = parts
  const days = Math.min(LINK_DAYS_MAX, Math.max(1, Math.round(wanted.days)))
  const secret = crypto.sealed.randomBytes(LINK_SECRET_BYTES)
  const keys = crypto.link.keys(room, secret)
  const expires = clock() + days * DAY_MS
  const { approval } = wanted
  const link = { id: keys.id, key: keys.signature.publicKey, expires, uses: LINK_USES_MAX, approval }
  const made = await operate(parts, room, async (_, policy) => {
    if (policy.links.some((one) => one.id === keys.id)) return ok("reached")
    if (roleOf(policy, me.user) === "member") return notAllowed
    // Those that let nobody in any more make room.
    const links = policy.links.filter((one) => isUsable(one, clock())).slice(1 - LINKS_MAX)
    return ok({ policy: { ...policy, links: [...links, link] } })
  })
  if (!made.ok) return made
  const card = parts.rooms.get(room)?.state().meta.card
  if (!card) return err({ kind: "busy" })
  const shown = await writePreview(parts, room, keys, card)
  if (!shown.ok) return shown
  const said = await sayCard(parts, room, { links: [{ id: keys.id, secret }] })
  return said.ok ? ok({ link: encodeFragment({ room, secret }) }) : said
}

export function revokeLink(parts: AnswerParts, room: Id, id: Id): Promise<Result<null, Problem>> {
  return operate(parts, room, async (_, policy) => {
    if (policy.links.every((one) => one.id !== id)) return ok("reached")
    if (roleOf(policy, parts.me.user) === "member") return notAllowed
    return ok({ policy: { ...policy, links: policy.links.filter((one) => one.id !== id) } })
  })
}

/** After name or picture changed, by whoever changed it. What is lost here is an old picture on the page before joining. */
export async function renewPreviews(parts: AnswerParts, room: Id, card: Card): Promise<void> {
  const state = parts.rooms.get(room)?.state()
  for (const { secret } of state ? linksOf(state, parts.clock()) : [])
    await writePreview(parts, room, parts.crypto.link.keys(room, secret), card)
}

async function writePreview(
  { call, crypto, profile, people, me }: AnswerParts,
  room: Id,
  keys: LinkKeys,
  { name, picture }: Card,
): Promise<Result<unknown, Problem>> {
  const { nickname } = await profile()
  const inviter = nickname || people.person(me.user).username
  const content: Preview = { v: 1, name, inviter, ...(picture ? { picture } : {}) }
  const sealed = await crypto.sealed.seal(keys.preview, placeOf(room, keys), pack(content))
  return call("writeLink", { params: { room, link: keys.id }, request: { preview: sealed } })
}
