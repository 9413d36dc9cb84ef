/** Join links as whoever has them sees them: which let people in, and what one shows before joining. */
import { concat, utf8 } from "@teahouse/protocol/bytes.ts"
import type { JoinRequest } from "@teahouse/protocol/http/link.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { unpack } from "@teahouse/protocol/pack.ts"
import type { JoinLink, RoomPolicy } from "@teahouse/protocol/policy.ts"
import type { AnswerParts } from "../contact/answer.ts"
import { type Preview, preview } from "../content/card.ts"
import { cleanName } from "../content/name.ts"
import type { LinkKeys, Room } from "../crypto/port.ts"
import type { RoomState } from "../room/state.ts"

export const isUsable = (link: JoinLink, now: number): boolean => link.expires > now && link.uses > 0

/** By which somebody asks to come in, where it is in the group's policy and lets people in. */
export const linkOf = (group: Room, { link: id }: Pick<JoinRequest, "link">, now: number) =>
  group.judged.policy.links.find((link) => link.id === id && isUsable(link, now))

/** What a preview is bound to. */
export const placeOf = (room: Id, keys: LinkKeys) => concat(utf8("preview"), idBytes(room), idBytes(keys.id))

export type KnownLink = JoinLink & { readonly secret: Uint8Array }

/** Links that let people in, and whose secret this device knows. */
export function linksOf(
  { meta, group }: Pick<RoomState, "meta" | "group">,
  now: number,
): readonly KnownLink[] {
  const links: RoomPolicy["links"] = group?.judged.policy.links ?? []
  return links.flatMap((link) => {
    const secret = meta.card?.links?.find((one) => one.id === link.id)?.secret
    return secret && isUsable(link, now) ? [{ ...link, secret }] : []
  })
}

export async function openPreview(
  { crypto }: Pick<AnswerParts, "crypto">,
  room: Id,
  keys: LinkKeys,
  sealed: Uint8Array,
): Promise<Preview | undefined> {
  const opened = await crypto.sealed.open(keys.preview, placeOf(room, keys), sealed)
  const value = opened.ok ? unpack(opened.value, 64 * 1024) : undefined
  const parsed = value?.ok ? preview.safeParse(value.value) : undefined
  if (!parsed?.success) return undefined
  const { name, inviter } = parsed.data
  return { ...parsed.data, name: cleanName(name), inviter: cleanName(inviter) }
}
