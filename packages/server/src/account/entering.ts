/** What keeps somebody out who has proved that the account is theirs: an administrator's doing (admin/writes.ts). */
import type { ErrorKind } from "@teahouse/protocol/error.ts"

export function objectionToEntering(
  account: { readonly disabled: number; readonly must_recover: number },
  byRecoveryCode: boolean,
): ErrorKind | undefined {
  if (account.disabled > 0) return "account_disabled"
  return account.must_recover === 1 && !byRecoveryCode ? "recovery_required" : undefined
}
