/** A session for who has proved the password or the recovery code, and everything that it opens. */
import { type ErrorKind, type Refusal, refuse } from "@teahouse/protocol/error.ts"
import type { ResponseOf } from "@teahouse/protocol/http/route.ts"
import type { Routes } from "@teahouse/protocol/http.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { objectionToEntering, ownersState } from "../../account/entering.ts"
import { accountById, nameOf, vaultOf } from "../../account/find.ts"
import { newSession } from "../../account/session.ts"
import type { HouseParts } from "../parts.ts"

type Proof = {
  readonly user: Id
  /** Of the vault that the proof was made against. */
  readonly version: number
  readonly recovering: boolean
  /** The refusal where the account or that vault is no more. */
  readonly wrong: ErrorKind
}

export async function enter(
  house: HouseParts,
  { user, version, recovering, wrong }: Proof,
): Promise<Result<ResponseOf<Routes["loginFinish"]>, Refusal>> {
  const account = await accountById(house.db, user)
  if (!account || account.vault_version !== version) return err(refuse(wrong))
  // Only who has just proved that it is theirs is told.
  const owner = await ownersState(house.db.read, idBytes(user))
  const closed = objectionToEntering(account, recovering, owner)
  if (closed) return err(refuse(closed))
  const accountKeys = await house.db.read
    .selectFrom("account_key")
    .select(["generation", "sealed"])
    .where("user_id", "=", idBytes(user))
    .orderBy("generation", "desc")
    .limit(1000)
    .execute()
  const { session, row } = newSession(user, null, house)
  const opened = await house.db.write("session.open", {
    session: { ...row, recovering: recovering ? 1 : 0 },
    version,
  })
  if (!opened.ok) return opened
  if (!opened.value.opened) return err(refuse(wrong))
  return ok({
    session,
    user,
    username: nameOf(account),
    kind: account.kind === 1 ? "bot" : "person",
    generation: account.generation,
    vault: vaultOf(account),
    accountKeys: accountKeys.reverse(),
  })
}
