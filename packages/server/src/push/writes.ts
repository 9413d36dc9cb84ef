/** Which devices want to be woken, and where. */
import type { Refusal } from "@teahouse/protocol/error.ts"
import { ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../db/schema.ts"

type Done = Promise<Result<null, Refusal>>

export const pushWrites = {
  async "push.subscribe"(
    db: WriteDb,
    args: { device: Uint8Array; user: Uint8Array; endpoint: Uint8Array; now: number },
  ): Done {
    await db.deleteFrom("push_subscription").where("device_id", "=", args.device).execute()
    await db
      .insertInto("push_subscription")
      .values({ device_id: args.device, user_id: args.user, endpoint: args.endpoint, created: args.now })
      .execute()
    return ok(null)
  },

  /** `endpoint`: only where it is still this one. */
  async "push.end"(db: WriteDb, args: { device: Uint8Array; endpoint?: Uint8Array }): Done {
    let gone = db.deleteFrom("push_subscription").where("device_id", "=", args.device)
    if (args.endpoint) gone = gone.where("endpoint", "=", args.endpoint)
    await gone.execute()
    return ok(null)
  },
} as const
