/** What is private to a person and the same on all devices, and the profile that friends may open: sealed, versioned. */
import * as z from "zod/mini"
import { base64, hash32, position, time } from "../fields.ts"
import { limits } from "../limits.ts"
import { route } from "./route.ts"

export const notebookRecord = z.strictObject({
  /** HMAC of the record's name under a subkey: the server does not learn what it is. */
  id: hash32,
  version: position,
  /** Of the account master key that seals it. */
  generation: position,
  sealed: base64(1, limits.notebookRecordBytes),
})
export type NotebookRecord = z.infer<typeof notebookRecord>

/**
 * Records changed after `since`, a cursor that an earlier answer gave (0: all). A house that has lost changes since then answers
 * with the lower cursor that it has.
 */
export const readNotebook = route({
  method: "GET",
  path: "/notebook",
  access: "device",
  request: z.strictObject({ since: z.coerce.number().check(z.int(), z.nonnegative()) }),
  response: z.strictObject({
    records: z.array(notebookRecord).check(z.maxLength(500)),
    cursor: position,
    more: z.boolean(),
  }),
})

/**
 * Compare-and-set: `version` is one more than the stored one (1 for a new record), else `version_conflict`. Where the house has
 * lost what it once took (docs/decisions/37), `over` names the version that it has now (0: none), and `version` is any higher one.
 */
export const writeNotebook = route({
  method: "PUT",
  path: "/notebook",
  access: "device",
  request: z.extend(notebookRecord, { over: z.optional(position) }),
  response: z.strictObject({ cursor: position }),
})

export const writeProfile = route({
  method: "PUT",
  path: "/profile",
  access: "device",
  request: z.strictObject({ version: position, sealed: base64(1, limits.profileBytes) }),
  response: z.strictObject({}),
  maxBytes: 2 * limits.profileBytes,
})

/** Of oneself, a friend, or somebody in a common room; `unknown_record` if there is none. */
export const readProfile = route({
  method: "GET",
  path: "/users/:user/profile",
  access: "device",
  request: undefined,
  response: z.strictObject({ version: position, sealed: base64(1, limits.profileBytes), time }),
})
