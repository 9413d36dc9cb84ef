/**
 * UX 9: files that were picked for a chat and not sent yet, with their caption. They lie in the stage like files on their way,
 * each sealed under a key of its own (prepare.ts), and nothing of them goes to the house. The record of a chat's draft names
 * whole files only and is written last: a crash in between leaves the draft from before, and pieces that nobody names are
 * thrown away at the next start. A record whose pieces did not reach the disk is dropped then too: there is no half draft.
 * Rejected: files as records of the store; a copied page would be open for as long as the whole file is written.
 */
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type Changes, topics } from "../changes.ts"
import type { SealedFile } from "../content/file.ts"
import type { Crypto } from "../crypto/port.ts"
import { sealedSizeOf } from "../crypto/stream.ts"
import { createLock, type Lock } from "../lock.ts"
import type { Problem } from "../problem.ts"
import { isFull } from "../store/full.ts"
import type { SealedStore } from "../store/sealed.ts"
import { draftLimits, type FileToKeep, type KeptDraft } from "../view/port/files.ts"
import { openReader } from "./reader.ts"
import { type FileStage, pieceSize, piecesOf } from "./stage.ts"

/** At most this much is read at once. */
const READ_MAX = 1024 * 1024
const ID_MAX = 64
const NAME_MAX = 1024
const TYPE_MAX = 256

type DraftFile = Omit<SealedFile, "token"> & Pick<FileToKeep, "id" | "name" | "type" | "modified">
type DraftRecord = Pick<KeptDraft, "caption" | "original"> & { readonly files: readonly DraftFile[] }

const PREFIX = "draft-files/"
const keyOf = (room: string) => PREFIX + room
const nothing: KeptDraft = { files: [], caption: "", original: false }

export type DraftsParts = {
  readonly store: SealedStore
  readonly stage: FileStage
  readonly crypto: Pick<Crypto, "file" | "sealed">
  readonly changes: Changes
}

export type Drafts = Awaited<ReturnType<typeof openDrafts>>

export async function openDrafts({ store, stage, crypto, changes }: DraftsParts) {
  const drafts = new Map<string, DraftRecord>()
  const locks = new Map<string, Lock>()
  /** Of a room: what was asked for before it was dropped is not wanted any more. */
  const turns = new Map<string, number>()
  /** Of a room: what is being encrypted to be sent. It is kept, is shown no more, and nobody's change takes it out. */
  const going = new Map<string, ReadonlySet<string>>()
  let stopped = false
  const isGoing = (room: string, { id }: Pick<DraftFile, "id">) => going.get(room)?.has(id) === true

  for (const { key, value } of await store.range<DraftRecord>(PREFIX)) {
    if (await whole(stage, value)) drafts.set(key.slice(PREFIX.length), value)
    else await store.write([{ drop: key }])
  }

  const locked = <T>(room: Id, task: () => Promise<T>): Promise<T> => {
    const lock = locks.get(room) ?? createLock()
    locks.set(room, lock)
    return lock(task)
  }
  /** The record first: pieces that it does not name would go at the next start anyway. `stored`: it stands. */
  const put = async (room: Id, next: DraftRecord | undefined, stored = () => {}) => {
    const before = drafts.get(room)
    if (!next && !before) return
    await store.write([next ? { put: keyOf(room), value: next } : { drop: keyOf(room) }])
    if (next) drafts.set(room, next)
    else drafts.delete(room)
    stored()
    changes.emit(topics.draft(room), topics.rooms, topics.files)
    const named = new Set(next?.files.map(({ blob }) => blob))
    for (const { blob } of before?.files ?? []) if (!named.has(blob)) await stage.remove(blob)
  }

  /** Without the files that `leaves` names; undefined where nothing is left. */
  const without = (room: string, leaves: (file: DraftFile) => boolean): DraftRecord | undefined => {
    const draft = drafts.get(room)
    const files = draft?.files.filter((file) => !leaves(file)) ?? []
    return draft && files.length > 0 ? { ...draft, files } : undefined
  }
  const setGoing = (room: Id, ids: ReadonlySet<string>) => {
    going.set(room, ids)
    changes.emit(topics.draft(room), topics.rooms)
  }

  const holds = (room: string, id: string): boolean =>
    drafts.get(room)?.files.some((file) => file.id === id) ?? false

  const seal = async (
    { source, id, name, type, modified }: FileToKeep,
    wanted: () => boolean,
  ): Promise<DraftFile | "full" | "gone" | "stopped"> => {
    const { size } = source
    const blob = idFrom(crypto.sealed.randomBytes(16))
    const sealed = { ...crypto.file.newKey(), blob, size, sealedSize: sealedSizeOf(size) }
    const parts = { crypto: crypto.file, stage, wanted, progress: () => {} }
    const { prepare } = await import("./prepare.ts")
    const made = await prepare(parts, sealed, source)
    if (made.ok)
      return {
        ...sealed,
        sha256: made.sha256,
        id,
        name: cut(name, NAME_MAX),
        type: cut(type, TYPE_MAX),
        modified,
      }
    await stage.remove(blob)
    return made.why
  }

  return {
    of(room: Id): KeptDraft {
      const draft = without(room, (file) => isGoing(room, file))
      if (!draft) return nothing
      const { caption, original, files } = draft
      const shown = files.map(({ id, name, type, modified, size }) => ({ id, name, type, modified, size }))
      return { caption, original, files: shown }
    },
    /** Whether a file of the stage belongs to a draft. */
    has: (blob: string): boolean =>
      [...drafts.values()].some(({ files }) => files.some((file) => file.blob === blob)),
    /** Bytes of ciphertext by room, a number for each file. */
    sizes: (): { readonly room: string; readonly bytes: number }[] =>
      [...drafts].flatMap(([room, { files }]) =>
        files.map(({ sealedSize }) => ({ room, bytes: sealedSize })),
      ),
    /**
     * The draft as it is from now on. A file whose id is kept already is not sealed again. Where the device is full, all that is
     * kept already stays, and so does the caption.
     */
    keep(
      room: Id,
      { files, caption, original }: { readonly files: readonly FileToKeep[] } & Omit<KeptDraft, "files">,
    ): Promise<Result<{ readonly kept: string[] }, Problem>> {
      const turn = turns.get(room) ?? 0
      const wanted = () => !stopped && (turns.get(room) ?? 0) === turn
      return locked(room, async () => {
        const known = drafts.get(room)?.files ?? []
        const before = new Map(known.map((file) => [file.id, file]))
        const stays = known.filter((file) => isGoing(room, file))
        const next = new Map(stays.map((file) => [file.id, file]))
        let full = false
        let bytes = stays.reduce((sum, { size }) => sum + size, 0)
        /** Sealed now, and named by no record yet. */
        let fresh: Id[] = []
        try {
          for (const file of files) {
            const { id, source } = file
            if (next.has(id) || id.length > ID_MAX || next.size >= draftLimits.files) continue
            if (bytes + source.size > draftLimits.bytes) continue
            const same = before.get(id)
            const made = same?.size === source.size ? same : await seal(file, wanted)
            if (!wanted()) break
            if (made === "full") full = true
            if (typeof made === "string") continue
            next.set(id, made)
            if (made !== same) fresh.push(made.blob)
            bytes += source.size
          }
          if (!wanted()) {
            for (const blob of fresh) await stage.remove(blob)
            return ok({ kept: [] })
          }
          const kept = [...next.values()]
          await put(room, kept.length > 0 ? { caption, original, files: kept } : undefined, () => {
            fresh = []
          })
        } catch (error) {
          for (const blob of fresh) await stage.remove(blob)
          if (!isFull(error)) throw error
          full = true
        }
        const kept = [...next.keys()].filter((id) => files.some((file) => file.id === id))
        return full ? err({ kind: "device_full" }) : ok({ kept })
      })
    },
    /** What is being kept at this moment goes too. */
    drop(room: Id): Promise<void> {
      turns.set(room, (turns.get(room) ?? 0) + 1)
      return locked(room, () =>
        put(
          room,
          without(room, (file) => !isGoing(room, file)),
        ),
      )
    },
    /** These are being encrypted to be sent. */
    sending(room: Id, ids: readonly string[]): void {
      if (ids.length > 0) setGoing(room, new Set([...(going.get(room) ?? []), ...ids]))
    },
    /** It needs the draft no more. */
    sent(room: Id, id: string): Promise<void> {
      return locked(room, async () => {
        if (stopped) return
        const left = new Set(going.get(room))
        if (holds(room, id))
          await put(
            room,
            without(room, (file) => file.id === id),
          )
        if (left.delete(id)) setGoing(room, left)
      })
    },
    holds,
    async read(
      room: Id,
      id: string,
      from: number,
    ): Promise<Result<{ readonly bytes: Uint8Array; readonly next?: number }, Problem>> {
      const file = drafts.get(room)?.files.find((one) => one.id === id)
      if (!file) return err({ kind: "not_found" })
      const reader = await openReader(crypto.file, stagedOnly(stage), file)
      if (!reader) return err({ kind: "file_damaged" })
      const part = await reader.range(Math.max(0, from), from + READ_MAX)
      if (!part.ok) return part
      const next = from + part.value.length
      return ok({ bytes: part.value, ...(next < file.size ? { next } : {}) })
    },
    /** Of chats in which nobody can write any more. */
    async tidy(writable: (room: Id) => boolean): Promise<void> {
      for (const room of [...drafts.keys()] as Id[])
        if (!writable(room)) await locked(room, () => put(room, undefined))
    },
    async stop(): Promise<void> {
      stopped = true
      for (const lock of locks.values()) await lock(async () => {})
    },
  }
}

const cut = (text: string, max: number): string => text.slice(0, max)

/** The house has nothing of it: what is not here is nowhere. */
const stagedOnly = (stage: FileStage) => ({
  async read(
    { blob }: DraftFile,
    piece: number,
    from: number,
    to: number,
  ): Promise<Result<Uint8Array, Problem>> {
    const bytes = await stage.read(blob, piece, from, to)
    return bytes?.length === to - from ? ok(bytes) : err({ kind: "file_damaged" })
  },
  forget: async () => {},
})

/** Looks at the last byte of each piece: a piece is there as a whole, or it was cut off. */
async function whole(stage: FileStage, { files }: DraftRecord): Promise<boolean> {
  for (const { blob, sealedSize } of files)
    for (let piece = 0; piece < piecesOf(sealedSize); piece++) {
      const size = pieceSize(sealedSize, piece)
      if (!(await stage.read(blob, piece, size - 1, size))) return false
    }
  return true
}
