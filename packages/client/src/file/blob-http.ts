/** Blobs over HTTP (http/blob.ts of the protocol): a page of tus, and ranges. An answer that no house gives is `offline`. */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { refusal } from "@teahouse/protocol/error.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import {
  BLOBS_PATH,
  READ_TOKEN_HEADER,
  TUS_VERSION,
  UPLOAD_TYPE,
  UPLOADS_PATH,
} from "@teahouse/protocol/http/blob.ts"
import { API } from "@teahouse/protocol/http.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import * as z from "zod/mini"
import type { SealedFile } from "../content/file.ts"
import type { Fetch, FetchAnswer } from "../platform.ts"
import type { Problem } from "../problem.ts"

export type BlobHttp = ReturnType<typeof blobHttp>
export type BlobHttpParts = {
  readonly origin: string
  readonly fetch: Fetch
  readonly token: () => Uint8Array
  readonly timeoutMs?: number
}

/** For a piece of 4 MiB: 35 kB/s are enough. */
const TIMEOUT_MS = 120_000
const offline: Result<never, Problem> = err({ kind: "offline" })

export function blobHttp({ origin, fetch, token, timeoutMs = TIMEOUT_MS }: BlobHttpParts) {
  const at = (path: string) => `${origin}${API}${path}`
  const headers = () => ({ authorization: `Bearer ${toBase64url(token())}` })
  const tus = () => ({ ...headers(), "tus-resumable": TUS_VERSION })

  async function ask(
    url: string,
    init: Omit<Parameters<Fetch>[1], "signal">,
    signal?: AbortSignal,
  ): Promise<FetchAnswer | undefined> {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      return await fetch(url, { ...init, signal: signal ? AbortSignal.any([signal, timeout]) : timeout })
    } catch {
      return undefined
    }
  }

  async function refused(answer: FetchAnswer): Promise<Result<never, Problem>> {
    const parsed = z.safeParse(refusal, await answer.text().then(JSON.parse, () => undefined))
    return parsed.success ? err(parsed.data) : offline
  }

  const offsetOf = (answer: FetchAnswer): Result<number, Problem> => {
    const text = answer.headers.get("upload-offset")
    return text !== null && /^\d{1,15}$/.test(text) ? ok(Number(text)) : offline
  }

  return {
    /** Begins it, or finds it again: the house's answer is where it stands. */
    async create(
      file: Pick<SealedFile, "blob" | "token" | "sealedSize">,
      signal?: AbortSignal,
    ): Promise<Result<number, Problem>> {
      const about = `blob ${base64(idBytes(file.blob))},token ${base64(sha256(file.token))}`
      const more = { "upload-length": String(file.sealedSize), "upload-metadata": about }
      const answer = await ask(at(UPLOADS_PATH), { method: "POST", headers: { ...tus(), ...more } }, signal)
      if (!answer) return offline
      return answer.status === 201 ? offsetOf(answer) : refused(answer)
    },
    /** Returns where the upload stands after it. */
    async send(
      blob: Id,
      offset: number,
      bytes: Uint8Array,
      signal?: AbortSignal,
    ): Promise<Result<number, Problem>> {
      const more = { "upload-offset": String(offset), "content-type": UPLOAD_TYPE }
      const body = bytes as Uint8Array<ArrayBuffer>
      const init = { method: "PATCH", headers: { ...tus(), ...more }, body }
      const answer = await ask(at(`${UPLOADS_PATH}/${blob}`), init, signal)
      if (!answer) return offline
      return answer.status === 204 ? offsetOf(answer) : refused(answer)
    },
    async drop(blob: Id): Promise<void> {
      await ask(at(`${UPLOADS_PATH}/${blob}`), { method: "DELETE", headers: tus() })
    },
    /** Exactly these bytes of the ciphertext. */
    async read(
      file: Pick<SealedFile, "blob" | "token">,
      from: number,
      to: number,
    ): Promise<Result<Uint8Array, Problem>> {
      const answer = await ask(at(`${BLOBS_PATH}/${file.blob}`), {
        method: "GET",
        headers: {
          ...headers(),
          [READ_TOKEN_HEADER]: toBase64url(file.token),
          range: `bytes=${from}-${to - 1}`,
        },
      })
      if (!answer) return offline
      // A blob of another length than the message says is not the one that was sent.
      if (answer.status === 416) return err({ kind: "unknown_blob" })
      if (answer.status !== 206) return answer.status < 300 ? offline : refused(answer)
      const bytes = await answer.arrayBuffer().then(
        (buffer) => new Uint8Array(buffer),
        () => undefined,
      )
      if (!bytes) return offline
      return bytes.length === to - from ? ok(bytes) : err({ kind: "unknown_blob" })
    },
  }
}

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
