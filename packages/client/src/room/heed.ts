/** What contents and rosters mean outside of their room. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { People } from "../contact/people.ts"
import type { Content } from "../content/message.ts"
import { shownName } from "../content/name.ts"
import type { CommandError } from "../view/port/basic.ts"
import type { RoomState } from "./state.ts"

export async function heedContent(people: People, from: Id, content: Content): Promise<void> {
  if (content.kind !== "profile") return
  const { key, version } = content
  const nickname = shownName(content.nickname)
  const known = people.get(from)
  const sameKey = known?.profileKey !== undefined && sameBytes(known.profileKey, key)
  // What was fetched is newer than what was said before it.
  if (sameKey && (known.nickname === nickname || (known.profileVersion ?? 0) > version)) return
  // Under another key the profile is to be fetched again, whatever version is known.
  await people.learn(from, { nickname, profileKey: key, ...(sameKey ? {} : { profileVersion: 0 }) })
  await people.share(from)
}

/**
 * Pins never decide what a room accepts, only whether we send where a pinned person has another key (SECURITY R1). `waits`: the person has
 * gone on with another identity, and who was left behind is still in the room; the commit that replaces them is on its way (returning.ts),
 * and nothing is sealed before it.
 */
export function objectionTo(
  { meta, group }: RoomState,
  { pinned, offered, isFormer }: Pick<People, "pinned" | "offered" | "isFormer">,
): CommandError | "waits" | undefined {
  if (meta.kind !== "direct" || !group) return undefined
  const changed: CommandError = { kind: "identity_changed" }
  if (meta.peer && offered(meta.peer)) return changed
  let waits = false
  for (const { user, uik } of group.judged.leaves) {
    const pin = pinned(user)
    if (!pin || sameBytes(pin, uik)) continue
    if (!isFormer(user, uik)) return changed
    waits = true
  }
  return waits ? "waits" : undefined
}
