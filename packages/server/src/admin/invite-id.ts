/** What names an invitation and opens nothing: the first half of its token's hash. */
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"

export const inviteId = (hash: Uint8Array): Id => idFrom(hash.subarray(0, 16))
