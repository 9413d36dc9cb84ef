/**
 * Messages that refer to blobs, on their way to the log: the reference is on stable storage before the message is, and is let
 * go where the message is refused. A detour for those messages only; all others go straight on.
 */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, type Result } from "@teahouse/protocol/result.ts"
import type { Send } from "@teahouse/protocol/up.ts"
import type { Database } from "../db/port.ts"
import type { AppendResult } from "../room/log.ts"
import type { Reply, Sender } from "../room/send.ts"

export type ReferenceParts = {
  readonly db: Pick<Database, "write">
  readonly sender: Sender
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

export function withReferences({ db, sender, now, onError }: ReferenceParts): Sender {
  async function hold(device: Id, { room, items }: Send): Promise<Result<null, Refusal>> {
    const held = items.flatMap(({ n, blobs }) =>
      blobs ? [{ n, blobs: blobs.map(({ blob, token }) => ({ blob, tokenHash: sha256(token) })) }] : [],
    )
    return db.write("blob.hold", { room, device, items: held, now: now() })
  }

  async function settle(device: Id, { room, items }: Send, result: AppendResult): Promise<void> {
    const numbers = items.flatMap(({ n, blobs }) => (blobs ? [n] : []))
    if (!result.ok) {
      await db.write("blob.letGo", { room, device, numbers, now: now() })
      return
    }
    const placed = items.flatMap(({ n, blobs }, i) => {
      const seq = result.value.positions[i]?.seq
      return blobs && seq !== undefined ? [{ n, seq }] : []
    })
    await db.write("blob.settle", { room, device, items: placed })
  }

  return {
    ...sender,
    send(device: Id, frame: Send, reply: Reply): void {
      if (!frame.items.some((item) => item.blobs)) {
        sender.send(device, frame, reply)
        return
      }
      const refused = (error: Refusal) => reply(err(error), { ...frame, device })
      hold(device, frame).then(
        (held) => {
          if (!held.ok) return refused(held.error)
          sender.send(device, frame, (result, request) => {
            reply(result, request)
            settle(device, frame, result).catch(onError)
          })
        },
        (error) => {
          onError(error)
          refused(refuse("unavailable"))
        },
      )
    },
  }
}
