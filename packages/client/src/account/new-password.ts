/** A password that is to be: in the form that is used from here on, or refused because it is easy to guess. */
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Crypto } from "../crypto/port.ts"
import type { Problem } from "../problem.ts"

export function newPassword({ password }: Crypto, text: string, username: string): Result<string, Problem> {
  const prepared = password.prepare(text)
  const good = prepared.ok && password.judge(prepared.value, [username]).ok
  return good ? ok(prepared.value) : err({ kind: "weak_password" })
}
