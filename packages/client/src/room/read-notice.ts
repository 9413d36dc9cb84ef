/**
 * What a notice in the log changes. It is signed by the acting device over the place where it stands; a revocation by the
 * account's identity key, for every place.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { decodeNotice } from "@teahouse/protocol/notice.ts"
import type { Crypto } from "../crypto/port.ts"
import type { HistoryItem } from "../history/entry.ts"
import type { Removal, RoomStanding } from "./records.ts"
import { removalOf } from "./removals.ts"
import type { RoomState } from "./state.ts"

export type NoticeRead = {
  readonly item: HistoryItem
  readonly standing?: RoomStanding
  /** Leaves that any member may remove now, with this notice as proof. */
  readonly removal?: Removal
  /** The device cannot come into the current generation. */
  readonly complaint?: true
}

const nothing: NoticeRead = { item: { type: "nothing" } }

export async function readNotice(
  state: RoomState,
  entry: Entry & { readonly body: Uint8Array },
  house: Id,
  crypto: Crypto,
): Promise<NoticeRead> {
  const notice = decodeNotice({ house, room: state.meta.room }, entry.body)
  if (!notice || !sameBytes(notice.after, state.meta.hash)) return nothing
  const leaf = state.group?.judged.leaves.find((l) => l.device === entry.device)
  // Without a roster the signer's key is not known; standing is then the server's word, which it can enforce anyway. With
  // one, who is not on it says nothing here.
  if (state.group && !leaf) return nothing
  const { change } = notice
  const key = change.kind === "device_revoked" ? leaf?.uik : leaf?.signatureKey
  if (key && !(await crypto.device.verify(key, notice.signed, notice.signature))) return nothing
  const own = leaf !== undefined && "user" in change && change.user === leaf.user
  const removal = own && state.group ? removalOf(state.group, change, entry.body) : undefined
  const goes = removal ? { removal } : {}
  switch (change.kind) {
    case "frozen":
      return { item: { type: "notice", notice: "frozen" }, standing: "frozen" }
    case "resumed": {
      const first = state.meta.standing === "pending" && state.meta.kind === "direct"
      return { item: { type: "notice", notice: first ? "friends" : "resumed" }, standing: "open" }
    }
    case "left":
      return { item: { type: "notice", notice: "left" }, ...goes }
    case "device_revoked":
      return { ...nothing, ...goes }
    case "complaint":
      return change.generation === state.meta.generation ? { ...nothing, complaint: true } : nothing
    default:
      return nothing
  }
}
