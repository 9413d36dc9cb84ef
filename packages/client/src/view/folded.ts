/** Whose messages a chat folds away: in groups, those of the black list. */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Home } from "../home.ts"
import type { RoomMeta } from "../room/records.ts"
import { isSilent } from "../room/unread.ts"

/** In a chat of two the blocked one says nothing any more, and what was said before the quarrel stays. */
export const foldedAway = (home: Home, { kind }: RoomMeta, user: Id): boolean =>
  isSilent(home.contacts.isBlocked, kind, user)
