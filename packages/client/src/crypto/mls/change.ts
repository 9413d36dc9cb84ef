import type { Advance } from "@teahouse/judge/commit.ts"
import type { Leaf } from "@teahouse/judge/state.ts"
import type { Change, Sender } from "../port.ts"

export const senderOf = ({ user, device, leaf }: Leaf): Sender => ({ user, device, leaf })

export const changeOf = (advance: Advance): Change => ({
  epoch: advance.next.epoch,
  by: senderOf(advance.by),
  external: advance.external,
  added: advance.added,
  removed: advance.removed,
  policyChanged: advance.policyChanged,
  data: advance.dataBytes,
})
