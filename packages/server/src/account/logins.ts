/**
 * Logins between their two requests, in the database: the second request may come to another node. A login is taken out when
 * it is finished, rightly or wrongly, so that one start allows one guess; it lives long enough for a slow telephone to stretch a
 * password and no longer.
 *
 * Sealed (AES-256-GCM under a key derived from the house's own), because whoever reads a running login could finish it. The
 * house's key is not in the database. Rejected: handing the sealed state to the client, which could then guess twice with it.
 */
import { createCipheriv, createDecipheriv } from "node:crypto"
import { utf8 } from "@teahouse/protocol/bytes.ts"
import type { Refusal } from "@teahouse/protocol/error.ts"
import { count, raw, text } from "@teahouse/protocol/fields.ts"
import { type Id, idBytes, idRaw } from "@teahouse/protocol/ids.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import type { Result } from "@teahouse/protocol/result.ts"
import * as z from "zod/mini"
import type { Database } from "../db/port.ts"

const begun = {
  user: idRaw,
  /** Of the vault when it began: who begins with a password that is changed meanwhile does not get in with it. */
  version: count,
  /** False where the name is nobody's: the finish then fails like a wrong password. */
  known: z.boolean(),
}
export const pendingLogin = z.strictObject({ ...begun, state: text(1, 3072) })
/** Signing in with the recovery code; for a stranger `key` is anybody's. */
export const pendingRecovery = z.strictObject({ ...begun, nonce: raw(32, 32), key: raw(32, 32) })

const LIFE_MS = 2 * 60_000
const SEALED_BYTES = 4096
const NONCE = 12
const TAG = 16

export type Logins<P> = {
  put(login: Id, pending: P): Promise<Result<null, Refusal>>
  take(login: Id): Promise<P | undefined>
}

export type LoginParts = {
  readonly db: Pick<Database, "write">
  /** 32 bytes, of the house. */
  readonly key: Uint8Array
  readonly now: () => number
  readonly random: (length: number) => Uint8Array
}

/** `kind` keeps what was begun in one way from being finished in another. */
export function createLogins<S extends typeof pendingLogin | typeof pendingRecovery>(
  kind: "login" | "recovery",
  schema: S,
  { db, key, now, random }: LoginParts,
): Logins<z.output<S>> {
  const about = (login: Id) => utf8(`${kind} ${login}`)

  function seal(login: Id, pending: z.output<S>): Uint8Array {
    const nonce = random(NONCE)
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(about(login))
    const body = cipher.update(pack(z.encode(schema, pending as never)))
    return Uint8Array.from(Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]))
  }

  /** undefined: begun in another way, or by a house with other keys. */
  function open(login: Id, sealed: Uint8Array): z.output<S> | undefined {
    try {
      const opener = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE), { authTagLength: TAG })
      opener.setAAD(about(login)).setAuthTag(sealed.subarray(-TAG))
      const body = Buffer.concat([opener.update(sealed.subarray(NONCE, -TAG)), opener.final()])
      const value = unpack(new Uint8Array(body), SEALED_BYTES)
      const parsed = value.ok ? z.safeDecode(schema, value.value as never) : undefined
      return parsed?.success ? (parsed.data as z.output<S>) : undefined
    } catch {
      return undefined
    }
  }

  return {
    put: (login, pending) =>
      db.write("login.put", {
        ...{ id: idBytes(login), sealed: seal(login, pending) },
        ...{ now: now(), expires: now() + LIFE_MS },
      }),
    async take(login) {
      const taken = await db.write("login.take", { id: idBytes(login), now: now() })
      return taken.ok && taken.value.sealed ? open(login, taken.value.sealed) : undefined
    },
  }
}
