/**
 * Somebody has another identity than before. Our own house has no door for that: a user id keeps its identity key for ever
 * (docs/decisions/37). So an operator takes the account out below the house, and puts the id back when somebody has registered with it.
 */
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { cheap } from "./person.ts"
import { execute } from "./rows.ts"

/**
 * The account is forgotten, with all that it alone had; friends, rooms and logs stay. What is returned puts the id back into the
 * rooms, when somebody has registered with it.
 */
export function forgetAccount(data: string, user: Id): () => void {
  const hex = Buffer.from(idBytes(user)).toString("hex")
  const aside = "ff".repeat(16)
  const tables = [
    "session",
    "key_package",
    "account_key",
    "key_log",
    "notebook",
    "profile",
    "history_account",
  ]
  const own = "SELECT id FROM room WHERE kind = 2 AND id IN (SELECT room_id FROM room_device WHERE user_id ="
  execute(
    data,
    [
      "BEGIN IMMEDIATE",
      `DELETE FROM key_package WHERE device_id IN (SELECT id FROM device WHERE user_id = x'${hex}')`,
      ...tables
        .filter((table) => table !== "key_package")
        .map((table) => `DELETE FROM ${table} WHERE user_id = x'${hex}'`),
      `DELETE FROM room_device WHERE user_id = x'${hex}' AND room_id IN (${own} x'${hex}'))`,
      `DELETE FROM device WHERE user_id = x'${hex}'`,
      `DELETE FROM name_look WHERE name IN (SELECT name FROM account WHERE id = x'${hex}')`,
      `DELETE FROM account WHERE id = x'${hex}'`,
      `UPDATE room_device SET user_id = x'${aside}' WHERE user_id = x'${hex}'`,
      "COMMIT",
    ].join(";"),
  )
  return () => execute(data, `UPDATE room_device SET user_id = x'${hex}' WHERE user_id = x'${aside}'`)
}
/** Somebody who registers with this gets this id, as the first of what is drawn. */
export const withId = (user: Id) => {
  const crypto = createCrypto(cheap)
  let first = true
  const randomBytes = (length: number) => {
    if (!first || length !== 16) return crypto.sealed.randomBytes(length)
    first = false
    return idBytes(user)
  }
  return { ...crypto, sealed: { ...crypto.sealed, randomBytes } }
}
