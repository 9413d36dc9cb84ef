/** What a message in the log holds for this device. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { messageData } from "@teahouse/protocol/message-data.ts"
import { type Content, decodeContent } from "../content/message.ts"
import type { Crypto, Delta, Room } from "../crypto/port.ts"
import type { HistoryItem } from "../history/entry.ts"

export type MessageRead = {
  readonly item: HistoryItem
  /** Absent where nothing could be opened: the state stays as it was. */
  readonly group?: Room
  readonly delta?: Delta
  readonly user?: Id
  readonly content?: Content
}

const unreadable: HistoryItem = { type: "unreadable" }

/** Garbage costs its sender a line in the chat and nobody anything else (docs/contract.md 5). */
export async function readMessage(
  group: Room,
  entry: Entry & { readonly body: Uint8Array },
  crypto: Crypto,
): Promise<MessageRead> {
  const user = group.judged.leaves.find((leaf) => leaf.device === entry.device)?.user
  const named = user ? { user } : {}
  if (entry.generation !== group.generation) return { item: unreadable, ...named }
  const opened = await crypto.room.openMessage(group, entry.body)
  if (!opened.ok) return { item: unreadable, ...named }
  const { room, delta, sender, aad, content: bytes } = opened.value
  const after = { group: room, delta, user: sender.user }
  const expected = messageData(room.room, room.generation, entry.device, entry.n)
  if (sender.device !== entry.device || !sameBytes(aad, expected))
    return { ...after, item: unreadable, ...named }
  const content = decodeContent(bytes)
  return content ? { ...after, item: { type: "content", bytes }, content } : { ...after, item: unreadable }
}
