/**
 * The files of one signed-in account, put together: sending, reading, what is kept here, and the door through which the page's
 * service worker reads. What is open has an unguessable name that lives as long as this object and leads to nothing else.
 */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type Changes, topics } from "../changes.ts"
import { type AnyFile, type FileMessage, fileIn, type SealedFile } from "../content/file.ts"
import type { Crypto } from "../crypto/port.ts"
import { sealedSizeOf } from "../crypto/stream.ts"
import { contentOf } from "../history/content-of.ts"
import type { History } from "../history/history.ts"
import { SEGMENT } from "../history/history.ts"
import type { Call } from "../http.ts"
import { IMPORTED_INCARNATION, isImported, storedSeq } from "../imported/place.ts"
import type { Clock, Fetch, Jitter, Timers } from "../platform.ts"
import type { Problem } from "../problem.ts"
import type { Rooms } from "../room/rooms.ts"
import type { SealedStore } from "../store/sealed.ts"
import { draftLimits, type FileAt, type FileToSend } from "../view/port/files.ts"
import { blobHttp } from "./blob-http.ts"
import { openDrafts } from "./drafts.ts"
import { fileMessage } from "./message.ts"
import { cleanFileName } from "./name.ts"
import { openPieces } from "./pieces.ts"
import { isDrawable } from "./pixels.ts"
import { type FileReader, openReader } from "./reader.ts"
import { sniff } from "./sniff.ts"
import type { FileStage } from "./stage.ts"
import { createUploads } from "./uploads.ts"

export type FileParts = {
  readonly origin: string
  readonly fetch: Fetch
  readonly token: () => Uint8Array
  readonly call: Call
  readonly store: SealedStore
  readonly stage: FileStage
  readonly crypto: Crypto
  readonly history: History
  readonly rooms: Rooms
  readonly changes: Changes
  readonly clock: Clock
  readonly timers: Timers
  readonly jitter: Jitter
  /** Bytes of ciphertext that are kept for reading offline. */
  readonly keepBytes: number
  readonly onFailure: (error: unknown) => void
}

/** What the service worker may do: it has a name from a URL and wants bytes. */
export type FileDoor = {
  meta(name: string): OpenFile | undefined
  read(name: string, from: number, to: number): Promise<Uint8Array | undefined>
}
export type OpenFile = {
  readonly name: string
  readonly type: string
  readonly size: number
  readonly inline: boolean
}
export type Quota = { readonly file: number; readonly user: number; readonly used: number }

/** At most this much is read at once, however much is asked for. */
const READ_MAX = 1024 * 1024
/** What it is, and what it claims to be: a camera's words may stand before that. */
const HEAD = 256 * 1024
const QUOTA_MS = 3_000
export type Files = Awaited<ReturnType<typeof openFiles>>

export async function openFiles(parts: FileParts) {
  const { store, stage, crypto, history, rooms, changes, clock, call } = parts
  const http = blobHttp(parts)
  const changed = () => changes.emit(topics.files)
  const drafts = await openDrafts({ store, stage, crypto, changes })
  const pieces = await openPieces({
    ...{ store, stage, http, clock, maxBytes: parts.keepBytes, onChange: changed },
    foreign: drafts.has,
  })
  const uploads = createUploads({ ...parts, http, pieces, crypto: crypto.file, drafts })
  const open = new Map<string, OpenFile & { readonly reader: FileReader }>()
  const readers = new Map<Id, Promise<FileReader | undefined>>()
  let quota: Quota | undefined

  const askQuota = async (): Promise<Quota | undefined> => {
    const answer = await call("quota", {})
    if (answer.ok) {
      quota = answer.value
      changed()
    }
    return quota
  }

  /** What a message speaks of, waiting or in the log. */
  async function find({ room, seq, key, line }: FileAt): Promise<AnyFile | undefined> {
    const state = rooms.get(room)?.state()
    if (!state) return undefined
    if (seq === undefined) {
      const draft = state.outbox.find((one) => one.key === key)?.draft
      return draft && fileIn(draft, line)
    }
    const [incarnation, at] = isImported(seq)
      ? [IMPORTED_INCARNATION, storedSeq(seq)]
      : [state.meta.incarnation, seq]
    const block = await history.block(room, incarnation, Math.floor(at / SEGMENT))
    const entry = block.find((one) => one.seq === at)
    const content = entry && contentOf(entry)
    return content && fileIn(content, line)
  }

  function readerOf(room: Id, file: SealedFile): Promise<FileReader | undefined> {
    pieces.belongs(file.blob, room)
    const known = readers.get(file.blob)
    if (known !== undefined) return known
    const made = openReader(crypto.file, pieces, file)
    readers.set(file.blob, made)
    return made
  }

  async function openFile(at: FileAt): Promise<Result<OpenFile & { readonly id: string }, Problem>> {
    const file = await find(at)
    if (!file) return err({ kind: "not_found" })
    const reader = await readerOf(at.room, file)
    if (!reader) return err({ kind: "file_damaged" })
    const first = await reader.range(0, Math.min(HEAD, file.size))
    if (!first.ok) return first
    const type = sniff(first.value)
    const sniffed = type?.startsWith("image/") && !isDrawable(first.value) ? undefined : type
    const id = toBase64url(crypto.sealed.randomBytes(16))
    const shown = {
      name: cleanFileName(file.name),
      type: sniffed ?? "application/octet-stream",
      size: file.size,
      inline: sniffed !== undefined,
    }
    open.set(id, { ...shown, reader })
    return ok({ ...shown, id })
  }

  const door: FileDoor = {
    meta: (id) => open.get(id),
    async read(id, from, to) {
      const part = await open.get(id)?.reader.range(from, Math.min(to, from + READ_MAX))
      return part?.ok ? part.value : undefined
    },
  }

  return {
    http,
    drafts,
    pieces,
    uploads,
    door,
    quota: () => quota,
    askQuota,
    room: () => stage.room(),
    find,
    readerOf,
    openFile,
    close: (id: string) => void open.delete(id),
    /** Checked together before any of them stands in the chat. */
    async send(
      room: Id,
      files: readonly FileToSend[],
      reply?: FileMessage["reply"],
    ): Promise<Result<{ readonly keys: string[] }, Problem>> {
      const actor = rooms.get(room)
      if (!actor) return err({ kind: "not_found" })
      // A line that hangs must not keep anybody from writing: the house checks again anyway.
      const patience = new Promise<undefined>((done) => void parts.timers(QUOTA_MS, () => done(undefined)))
      const allowed = (await Promise.race([askQuota(), patience])) ?? quota
      if (allowed) {
        if (files.some(({ source }) => source.size > allowed.file)) return err({ kind: "file_too_large" })
        const sum = files.reduce((bytes, { source }) => bytes + sealedSizeOf(source.size), 0)
        if (allowed.used + sum > allowed.user) return err({ kind: "quota_exceeded" })
      }
      const sent: string[] = []
      const together = toBase64url(crypto.sealed.randomBytes(9))
      drafts.sending(
        room,
        files.flatMap(({ draft }) => (draft === undefined ? [] : [draft])),
      )
      for (const file of files) {
        const random = crypto.sealed.randomBytes
        const draft = fileMessage(file, {
          ...crypto.file.newKey(),
          blob: idFrom(random(16)),
          token: random(16),
        })
        const { key } = await actor.post(reply && sent.length === 0 ? { ...draft, reply } : draft, {
          upload: {
            ...{ prepared: false, paused: false },
            ...(file.draft === undefined ? {} : { draft: file.draft }),
          },
          together,
          before: (key) => uploads.source(key, file.source),
        })
        sent.push(key)
      }
      changes.emit(topics.transfers)
      // Until then a draft is what a reload leaves of them; what is too large for one is not waited for.
      const bytes = files.reduce((sum, { source }) => sum + source.size, 0)
      if (bytes <= draftLimits.bytes) await uploads.sealed(sent)
      return ok({ keys: sent })
    },
    async stop() {
      await uploads.stop()
      await drafts.stop()
      open.clear()
    },
  }
}
