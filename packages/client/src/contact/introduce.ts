/**
 * Telling people one's profile: its key goes to a room once, and again when it is another one. In a private room of friends
 * that is at once; in a group it is before one speaks, and only where no blocked person would read it, because a profile says
 * more than a username and the key must be of no use to whom it was taken from. Who has said nothing in a group since
 * somebody came is called by the username there.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Contacts } from "./contacts.ts"
import type { RequestParts } from "./request.ts"

/** To whom which key and version was told in a room, by this device. */
type Told = { readonly key: Uint8Array; readonly version: number; readonly users: readonly Id[] }
const keyOf = (room: Id) => `told/${room}`

export type IntroduceParts = Pick<RequestParts, "store" | "rooms" | "profile" | "me"> & {
  readonly contacts: Contacts
}

/** True where something was said. */
export async function introduce(parts: IntroduceParts, room: Id): Promise<boolean> {
  const { store, rooms, contacts, me } = parts
  const actor = rooms.get(room)
  const meta = actor?.state().meta
  if (!actor || !meta || meta.standing !== "open" || meta.kind === "self") return false
  const others = meta.users.filter((user) => user !== me.user)
  if (others.some(contacts.isBlocked)) return false
  const { nickname, key, version } = await parts.profile()
  const told = await store.get<Told>(keyOf(room))
  const sameKey = told !== undefined && sameBytes(told.key, key)
  if (meta.kind === "direct") {
    if (sameKey) return false
  } else {
    // An empty profile says no more than the username.
    if (version === 0) return false
    if (sameKey && told.version === version && others.every((user) => told.users.includes(user))) return false
  }
  await actor.post({ kind: "profile", nickname, key, version })
  await store.write([{ put: keyOf(room), value: { key, version, users: others } satisfies Told }])
  return true
}

/** What was told on accepting or asking, so that it is not said twice. */
export async function told(parts: IntroduceParts, room: Id): Promise<void> {
  const { key, version } = await parts.profile()
  const users = parts.rooms.get(room)?.state().meta.users ?? []
  await parts.store.write([{ put: keyOf(room), value: { key, version, users } satisfies Told }])
}

/** After the key has changed. */
export async function introduceToFriends(parts: IntroduceParts): Promise<void> {
  for (const { room } of parts.contacts.friends()) await introduce(parts, room)
}
