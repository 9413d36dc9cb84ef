/** A person's key log as the house gives it out, checked (protocol/key-log.ts). Loaded when somebody looks at one. */
import type { Id } from "@teahouse/protocol/ids.ts"
import {
  emptyKeyLog,
  KEY_LOG_MAX,
  type KeyLog,
  type KeyLogReason,
  readUpTo,
  verifyKeyLogHead,
} from "@teahouse/protocol/key-log.ts"
import type { KeyLogHead } from "@teahouse/protocol/key-log-head.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { HousePin } from "../account/records.ts"
import type { Call, CallError } from "../http.ts"

export type KeyLogHouse = Pick<HousePin, "house" | "houseKey">
export type KeyLogRead = {
  readonly head: KeyLogHead
  /** Up to the head, or why it is not believed. The head is signed by the house in either case. */
  readonly log: Result<KeyLog, KeyLogReason>
}

/** `from`: what is known already. A head without the house's signature is an answer of nobody: `unsigned`. */
export async function readKeyLog(
  call: Call,
  { house, houseKey }: KeyLogHouse,
  user: Id,
  from: KeyLog = emptyKeyLog(house, user),
): Promise<Result<KeyLogRead, CallError | { readonly kind: "unsigned" }>> {
  const all: Uint8Array[] = []
  for (;;) {
    const after = from.hashes.length + all.length
    const answer = await call("readKeyLog", { params: { user }, request: { after } })
    if (!answer.ok) return answer
    const { entries, head } = answer.value
    all.push(...entries)
    const more = entries.length > 0 && head.position > after + entries.length
    // Beyond that it is believed as little, however much there is.
    if (more && after + entries.length <= KEY_LOG_MAX) continue
    if (!(await verifyKeyLogHead(houseKey, house, user, head))) return err({ kind: "unsigned" })
    return ok({ head, log: await readUpTo(head, from, all) })
  }
}
