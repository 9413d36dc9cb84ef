/** What of an account's key log stands in requests and answers. The log itself is in key-log.ts, apart: few ever read one. */
import * as z from "zod/mini"
import { base64, hash32, position, signature64 } from "./fields.ts"

/** Of one entry, in bytes. */
export const KEY_LOG_ENTRY_MAX = 182
/** Entries of one answer, and of one request. */
export const KEY_LOG_PAGE = 256
export const KEY_LOG_APPEND_MAX = 2_048

const entry = base64(1, KEY_LOG_ENTRY_MAX)
export const keyLogPage = z.array(entry).check(z.maxLength(KEY_LOG_PAGE))
/** What the identity key says in it; absent from a client that knows of no key logs. */
export const keyLogEntries = z.array(entry).check(z.minLength(1), z.maxLength(KEY_LOG_APPEND_MAX))

/** Where a log stands. At position 0 the house says that there is none; the hash is zeros then. */
export const keyLogHead = z.strictObject({
  /** In which life of the house it was signed: a restored one may have lost what came after its backup. */
  incarnation: position,
  position,
  hash: hash32,
  /** By the house, over `keyLogHeadToSign`. */
  signature: signature64,
})
export type KeyLogHead = z.infer<typeof keyLogHead>
