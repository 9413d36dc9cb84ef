/**
 * Files' ciphertexts, called blobs. They come in by the core of tus 1.0 (tus.io) with creation, expiration and termination,
 * below `/api/uploads`, and are read below `/api/blobs`; neither is JSON, so neither is in the route table:
 *
 *   POST   /uploads         Upload-Length, mandatory: reserves the quota. Upload-Metadata: `blob` (the id, 16 random bytes),
 *                           `token` (SHA-256 of the read token). The same again by the same account gets the same answer.
 *   HEAD   /uploads/:blob   Upload-Offset: what is on the house's disk.
 *   PATCH  /uploads/:blob   bytes from Upload-Offset on; what came before a cut line stays.
 *   DELETE /uploads/:blob   while no entry refers to it.
 *   GET    /blobs/:blob     Range; X-Read-Token: the token itself, which only the message tells.
 *
 * HEAD, PATCH and DELETE are for the account that began the upload; to others, as without the right token, there is no such
 * blob. The id is the client's choice so that an answer that was lost reserves nothing twice. The token is a header because
 * addresses are logged. A blob lives as long as an entry refers to it (`send` names them), else for a day.
 */

import * as z from "zod/mini"
import { count, position } from "../fields.ts"
import { route } from "./route.ts"

export const UPLOADS_PATH = "/uploads"
export const BLOBS_PATH = "/blobs"
export const TUS_VERSION = "1.0.0"
export const UPLOAD_TYPE = "application/offset+octet-stream"
export const READ_TOKEN_HEADER = "x-read-token"
export const READ_TOKEN_BYTES = 16
/** No house takes more, however it is set up. */
export const FILE_MAX_BYTES = 2 * 1024 ** 3

/**
 * A limit is said of the file; its ciphertext is longer, because its size is padded by up to an eighth and each chunk has a
 * tag. What the house counts against an account are bytes of ciphertext.
 */
export const sealedLimit = (fileBytes: number): number =>
  Math.min(fileBytes, FILE_MAX_BYTES) + Math.ceil(fileBytes / 8) + 64 * 1024

/** What one may upload: asked before anything is. */
export const quota = route({
  method: "GET",
  path: "/quota",
  access: "session",
  request: undefined,
  response: z.strictObject({
    /** Bytes that one file may have. */
    file: count,
    /** Bytes of ciphertext that an account may have in the house, and how many it has; begun uploads count as a whole. */
    user: count,
    used: count,
  }),
})

/**
 * Empties message entries of one's own, sent by any of one's devices: the body goes, its hash stays for the chain, the blobs
 * that it referred to are let go. `recall` is within the house's window; `expire` at any time, for messages that disappear.
 * All or none; what is empty already counts as done.
 */
export const emptyEntries = route({
  method: "POST",
  path: "/rooms/:room/recall",
  access: "device",
  request: z.strictObject({
    seqs: z.array(position).check(z.minLength(1), z.maxLength(100)),
    reason: z.enum(["recall", "expire"]),
  }),
  response: z.strictObject({}),
})
