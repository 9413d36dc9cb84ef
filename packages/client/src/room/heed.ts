/** What contents and rosters mean outside of their room. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { People } from "../contact/people.ts"
import type { Content } from "../content/message.ts"
import type { CommandError } from "../view/port.ts"
import type { RoomState } from "./state.ts"

export async function heedContent(people: People, from: Id, content: Content): Promise<void> {
  if (content.kind !== "profile") return
  const known = people.get(from)
  if (known?.profileKey && sameBytes(known.profileKey, content.key) && known.nickname === content.nickname)
    return
  await people.learn(from, {
    nickname: content.nickname,
    profileKey: content.key,
    profileVersion: content.version,
  })
  await people.share(from)
}

/** Pins never decide what a room accepts, only whether we send where a pinned person has another key (SECURITY R1). */
export function objectionTo(
  { meta, group }: RoomState,
  pinned: (user: Id) => Uint8Array | undefined,
): CommandError | undefined {
  if (meta.kind !== "direct" || !group) return undefined
  const changed = group.judged.leaves.some((leaf) => {
    const pin = pinned(leaf.user)
    return pin !== undefined && !sameBytes(pin, leaf.uik)
  })
  return changed ? { kind: "identity_changed" } : undefined
}
