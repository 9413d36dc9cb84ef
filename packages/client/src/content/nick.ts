/**
 * Group nicknames (群昵称) as content. `nick` is said by whoever it belongs to; an empty one takes it back. `nicks` tells
 * newcomers those that are there: by whoever repeats the card, in one quiet message.
 *
 * Rejected: each member's device says its own again whenever somebody comes. Nobody could then be wrong about another's name,
 * but a newcomer would see the right names only once everybody has been online, and in a group of 500 one joining would be
 * followed by 500 messages. So a repetition only fills in what one has not heard first-hand, of the time before one's own
 * joining (room/nicks.ts): whoever lies in it misleads a newcomer about a name until its owner speaks, and nobody else.
 */
import { position } from "@teahouse/protocol/fields.ts"
import { type Id, idRaw } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import * as z from "zod/mini"

export const NICK_MAX = 32
const name = z.string().check(z.maxLength(NICK_MAX))

/** As a room keeps them. `seq`: where its owner said it. */
export type Nicks = Readonly<Record<Id, { readonly name: string; readonly seq: number }>>

export const nickFields = { kind: z.literal("nick"), name }
export const nicksFields = {
  kind: z.literal("nicks"),
  names: z
    .array(z.object({ user: idRaw, name, seq: position }))
    .check(z.minLength(1), z.maxLength(limits.roomDevices)),
}
