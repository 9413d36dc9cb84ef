/**
 * A group's card as content: what it is called and looks like, its announcement, and the secrets of its join links. `message.ts`
 * adds what every content carries.
 *
 * A card is always whole. `of` is the position of the change that this one repeats, for those who came after it; absent, it is
 * a change, and `what` says which part: only that one is taken from it, so that two admins who change different parts at the
 * same moment both succeed. The links' secrets are in here because whoever is in a group may pass its link on, as they may show
 * its QR code; that is why removing somebody revokes all links (SECURITY "Links").
 */
import { position, raw } from "@teahouse/protocol/fields.ts"
import { type Id, idRaw } from "@teahouse/protocol/ids.ts"
import { LINKS_MAX } from "@teahouse/protocol/policy.ts"
import * as z from "zod/mini"

export const PICTURE_MAX_BYTES = 24 * 1024
export const LINK_SECRET_BYTES = 16

const picture = raw(1, PICTURE_MAX_BYTES)
const link = z.object({ id: idRaw, secret: raw(LINK_SECRET_BYTES, LINK_SECRET_BYTES) })

export const cardFields = {
  kind: z.literal("card"),
  name: z.string().check(z.minLength(1), z.maxLength(64)),
  announcement: z.string().check(z.maxLength(4000)),
  /** WebP or JPEG, made anew by the page of whoever chose it. */
  picture: z.optional(picture),
  /** In a change of links only the new ones. */
  links: z.optional(z.array(link).check(z.maxLength(LINKS_MAX))),
  what: z.optional(z.enum(["created", "name", "announcement", "picture", "links"])),
  of: z.optional(position),
}

export type CardLink = { readonly id: Id; readonly secret: Uint8Array }
/** As it is kept: `seq` is where it was changed last, 0 where that is still to be said; `announced`, its announcement. */
export type Card = {
  readonly name: string
  readonly announcement: string
  readonly picture?: Uint8Array
  readonly links?: readonly CardLink[]
  readonly announced?: number
  readonly seq: number
}

/** What a stranger with the link sees: sealed under a key from the link's secret. */
export const preview = z.object({
  v: position,
  name: z.string().check(z.minLength(1), z.maxLength(64)),
  picture: z.optional(picture),
  /** Who made the link. */
  inviter: z.string().check(z.maxLength(64)),
})
export type Preview = z.infer<typeof preview>
