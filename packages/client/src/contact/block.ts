/**
 * The black list. Blocking ends a friendship with the same signed notice as removing a friend does, so that the other one
 * cannot tell the two apart; the house keeps the list, because it is the house that refuses their requests. Then the profile
 * gets a new key, which only those who are still friends hear: that is a job that goes on after a crash.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Problem } from "../problem.ts"
import type { Settings } from "../settings.ts"
import { type AnswerParts, sayInRoom } from "./answer.ts"
import { introduceToFriends } from "./introduce.ts"
import { ROTATE, rotationWaits } from "./waiting.ts"

export type BlockParts = AnswerParts & { readonly settings: Pick<Settings, "rotate"> }

export async function block(parts: BlockParts, user: Id): Promise<Result<null, Problem>> {
  const { call, contacts, store, me } = parts
  if (user === me.user) return err({ kind: "not_allowed" })
  const friend = contacts.friends().find((one) => one.user === user)
  await store.write([{ put: ROTATE, value: true }])
  const params = { user }
  const blocked = friend
    ? await sayInRoom(parts, friend.room, { kind: "frozen" }, (n, notice) =>
        call("blockUser", { params, request: { frozen: { n, notice } } }),
      )
    : await call("blockUser", { params, request: {} })
  if (!blocked.ok) {
    // Without an answer it may have happened: then a new key costs nothing.
    if (blocked.error.kind !== "offline") await store.write([{ drop: ROTATE }])
    return blocked
  }
  await contacts.refresh()
  await resumeRotation(parts)
  return ok(null)
}

export async function unblock({ call, contacts }: BlockParts, user: Id): Promise<Result<null, Problem>> {
  const done = await call("unblockUser", { params: { user }, request: {} })
  if (!done.ok) return done
  await contacts.refresh()
  return ok(null)
}

export async function resumeRotation(parts: BlockParts): Promise<void> {
  const { store, settings } = parts
  if (!(await rotationWaits(store))) return
  if (!(await settings.rotate()).ok) return
  await introduceToFriends(parts)
  await store.write([{ drop: ROTATE }])
}
