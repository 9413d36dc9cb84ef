/**
 * What ACME leaves on the disk, in a folder of its own beside the house's keys, for its owner only (0600, 0700): the account's key,
 * the chain and its key in one file (so that no one ever sees a half of a pair), why the last try failed, and the answers that the CA
 * looks for. Where several nodes have the folder of keys in common, they have these in common: any of them may be asked by the CA, each
 * takes over what one of them has ordered, and an exclusive lock of SQLite lets one order at a time; the system drops it with
 * the process, as in ops/data-folder.ts.
 */
import { chmodSync, mkdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { exportJWK, generateKeyPair, importJWK } from "jose"
import * as z from "zod/mini"
import { writePrivate } from "../write-private.ts"
import type { Issued } from "../x509.ts"
import { failureSchema } from "./failure.ts"
import type { Account } from "./order.ts"
import type { Attempt } from "./schedule.ts"
import { json } from "./wire.ts"

const jwkSchema = z.strictObject({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: z.string(),
  y: z.string(),
  d: z.string(),
})
const attemptSchema = z.strictObject({
  failures: z.number(),
  at: z.number(),
  next: z.number(),
  failure: failureSchema,
})

export const ACME_FOLDER = "acme"
const TOKEN = /^[A-Za-z0-9_-]{16,512}$/

export type AcmeFiles = ReturnType<typeof acmeFiles>

/** `keys`: the folder of the house's keys. Nothing is made before something is written. */
export function acmeFiles(keys: string) {
  const folder = join(keys, ACME_FOLDER)
  const at = (name: string) => join(folder, name)
  const challenges = at("challenges")
  const certificate = at("certificate.pem")

  const text = (path: string): string | undefined => {
    try {
      return readFileSync(path, "utf8")
    } catch {
      return undefined
    }
  }

  return {
    folder,
    /** The chain and its key. */
    certificate,
    keep: ({ cert, key }: Issued) => writePrivate(certificate, `${cert.trimEnd()}\n${key}`),

    /** The account's key; a new one where there is none. Without it, or with a damaged one, an account costs nothing. */
    async account(): Promise<Account> {
      const read = z.safeParse(jwkSchema, json(text(at("account.json")) ?? ""))
      const jwk = read.success ? read.data : await newKey()
      if (!read.success) writePrivate(at("account.json"), JSON.stringify(jwk))
      const key = await importJWK(jwk, "ES256")
      if (key instanceof Uint8Array) throw new Error("no key of an account")
      const { kty, crv, x, y } = jwk
      return { key, jwk: { kty, crv, x, y } }
    },

    /** undefined: the last one went well, or there was none. */
    attempt(): Attempt | undefined {
      const read = z.safeParse(attemptSchema, json(text(at("failed.json")) ?? ""))
      return read.success ? (read.data as Attempt) : undefined
    },
    failed: (attempt: Attempt) => writePrivate(at("failed.json"), JSON.stringify(attempt)),
    succeeded: () => rmSync(at("failed.json"), { force: true }),

    challenges: {
      put: (token: string, answer: string) => writePrivate(join(challenges, token), answer),
      remove: (token: string) => rmSync(join(challenges, token), { force: true }),
      /** What the CA gets for a token; the token may be anything that somebody has typed. */
      answer: (token: string) => (TOKEN.test(token) ? text(join(challenges, token)) : undefined),
    },

    /** undefined: another node is at it. */
    takeTurn(): (() => void) | undefined {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      let lock: DatabaseSync | undefined
      try {
        lock = new DatabaseSync(at("order.lock"), { timeout: 0 })
        chmodSync(at("order.lock"), 0o600)
        lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE")
        const held = lock
        return () => held.close()
      } catch (error) {
        lock?.close()
        if (/locked/.test(String(error))) return undefined
        throw error
      }
    },
  }
}

async function newKey() {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true })
  return z.parse(jwkSchema, await exportJWK(privateKey))
}
