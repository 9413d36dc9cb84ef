/** What a notice in the log changes. It is signed by the acting device over the place where it stands. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import { decodeNotice } from "@teahouse/protocol/notice.ts"
import type { Crypto } from "../crypto/port.ts"
import type { HistoryItem } from "../history/entry.ts"
import type { Removal, RoomStanding } from "./records.ts"
import type { RoomState } from "./state.ts"

export type NoticeRead = {
  readonly item: HistoryItem
  readonly standing?: RoomStanding
  /** Leaves that any member may remove now, with this notice as proof. */
  readonly removal?: Removal
}

const nothing: NoticeRead = { item: { type: "nothing" } }

export async function readNotice(
  state: RoomState,
  entry: Entry & { readonly body: Uint8Array },
  crypto: Crypto,
): Promise<NoticeRead> {
  const notice = decodeNotice(state.meta.room, entry.body)
  if (!notice || !sameBytes(notice.after, state.meta.hash)) return nothing
  const leaf = state.group?.judged.leaves.find((l) => l.device === entry.device)
  // Without a roster the signer's key is not known; standing is then the server's word, which it can enforce anyway. With
  // one, who is not on it says nothing here.
  if (state.group && !leaf) return nothing
  if (leaf && !(await crypto.device.verify(leaf.signatureKey, notice.signed, notice.signature)))
    return nothing
  const { change } = notice
  const own = leaf !== undefined && "user" in change && change.user === leaf.user
  switch (change.kind) {
    case "frozen":
      return { item: { type: "notice", notice: "frozen" }, standing: "frozen" }
    case "resumed": {
      const first = state.meta.standing === "pending" && state.meta.kind === "direct"
      return { item: { type: "notice", notice: first ? "friends" : "resumed" }, standing: "open" }
    }
    case "left":
      return own
        ? {
            item: { type: "notice", notice: "left" },
            removal: { user: leaf.user, leaves: change.leaves, proof: entry.body },
          }
        : { item: { type: "notice", notice: "left" } }
    case "device_revoked":
      return own
        ? {
            ...nothing,
            removal: { user: leaf.user, device: change.device, leaves: [change.leaf], proof: entry.body },
          }
        : nothing
    default:
      return nothing
  }
}
