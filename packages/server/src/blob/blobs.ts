/**
 * Blobs, for the endpoints and the socket: uploads that go on where they stopped, reading by token, what refers to what, and
 * the janitor. The database's `stored` is the truth about an upload; bytes that a crash has left behind it are written over.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { sealedLimit } from "@teahouse/protocol/http/blob.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import type { Limits } from "@teahouse/protocol/limits.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Database } from "../db/port.ts"
import { type BlobStore, isAway } from "./port.ts"

export type BlobParts = {
  readonly db: Database
  readonly store: BlobStore
  readonly limits: Limits
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

export type Upload = {
  readonly blob: Id
  readonly size: number
  readonly stored: number
  /** When the janitor may take it, as it is now (ms UTC). */
  readonly expires: number
}
export type Blobs = ReturnType<typeof createBlobs>

const SWEEP_MS = 10 * 60_000
/** Bytes whose rows are gone are looked for at the start and once a day: another node may have stopped in between. */
const ORPHANS_MS = 24 * 3_600_000
const problems = { full: "storage_full", away: "unavailable", too_long: "too_large" } as const
const none: Result<never, Refusal> = err(refuse("unknown_blob"))

export function createBlobs({ db, store, limits, now, onError }: BlobParts) {
  /** Uploads that are being written to: the newest attempt ends the one before, whose line may hang for minutes. */
  const writing = new Map<Id, { readonly end: () => void; readonly ended: Promise<void> }>()
  /** What was to be removed while a backup was being taken, or while the storage was away. */
  const later = new Set<Id>()
  let stopped = false
  const failed = (error: unknown) => {
    // What is away the store has said itself.
    if (!isAway(error)) onError(error)
  }

  const rowOf = (blob: Id) =>
    db.read.selectFrom("blob_file").selectAll().where("id", "=", idBytes(blob)).executeTakeFirst()

  async function find(blob: Id, user: Id): Promise<Result<Upload, Refusal>> {
    const row = await rowOf(blob)
    if (!row || !sameBytes(row.user_id, idBytes(user))) return none
    return ok({ blob, size: row.size, stored: row.stored, expires: row.loose + limits.looseBlobMs })
  }

  /**
   * Asked after a row is gone and before its bytes go: a backup that is not seen here has yet to read the rows, and will not
   * find that one.
   */
  const isHeld = async () =>
    (await db.read.selectFrom("backup").select("id").where("until", ">", now()).executeTakeFirst()) !==
    undefined

  async function remove(blobs: readonly Id[]): Promise<void> {
    if (blobs.length === 0) return
    const held = await isHeld()
    for (const blob of blobs) {
      writing.get(blob)?.end()
      if (held) later.add(blob)
      else await removeBytes(blob)
    }
  }

  /** Its row is gone, so nobody reads it any more: what cannot go now goes later. */
  async function removeBytes(blob: Id): Promise<void> {
    try {
      await store.remove(blob)
    } catch (error) {
      later.add(blob)
      failed(error)
    }
  }

  async function removeOrphan(blob: Id): Promise<void> {
    if ((await rowOf(blob)) || writing.has(blob)) return
    if (await isHeld()) later.add(blob)
    else await removeBytes(blob)
  }

  async function receive(
    blob: Id,
    user: Id,
    offset: number,
    source: AsyncIterable<Uint8Array>,
    end: () => void,
  ): Promise<Result<Upload, Refusal>> {
    for (let other = writing.get(blob); other; other = writing.get(blob)) {
      other.end()
      await other.ended
    }
    let ended = () => {}
    writing.set(blob, { end, ended: new Promise((done) => (ended = done)) })
    try {
      const found = await find(blob, user)
      if (!found.ok) return found
      const { size, stored } = found.value
      if (offset !== stored) return err(refuse("wrong_offset", { detail: { offset: stored } }))
      const { written, problem } = await store.append(blob, stored, source, size - stored)
      const to = stored + written
      if (written > 0) {
        const moved = await db.write("blob.advance", { blob, from: stored, to, now: now() })
        if (!moved.ok) return moved
      }
      if (problem) return err(refuse(problems[problem]))
      return ok({ ...found.value, stored: to })
    } finally {
      writing.delete(blob)
      ended()
    }
  }

  async function sweep(): Promise<void> {
    for (let more = true; more && !stopped; ) {
      const at = now()
      const swept = await db.write("blob.sweep", { before: at - limits.looseBlobMs, now: at })
      if (!swept.ok) return
      await remove(swept.value.blobs)
      more = swept.value.more
    }
    const due = [...later]
    later.clear()
    for (const blob of due) await removeOrphan(blob)
  }

  /** Files whose rows are gone: the house stopped between the one and the other. */
  async function sweepOrphans(): Promise<void> {
    for await (const blob of store.list()) {
      if (stopped) return
      await removeOrphan(blob)
    }
  }

  const timer = setInterval(() => void sweep().catch(onError), SWEEP_MS)
  timer.unref()
  const daily = setInterval(() => void sweepOrphans().catch(failed), ORPHANS_MS)
  daily.unref()
  void sweep().then(sweepOrphans).catch(failed)

  return {
    async create(blob: Id, user: Id, tokenHash: Uint8Array, size: number): Promise<Result<Upload, Refusal>> {
      if (size > sealedLimit(limits.fileBytes)) return err(refuse("file_too_large"))
      const { userFileBytes: userBytes, openUploads } = limits
      const made = await db.write("blob.create", {
        ...{ blob, user, tokenHash, size, userBytes, openUploads },
        now: now(),
      })
      return made.ok
        ? ok({ blob, size, stored: made.value.stored, expires: now() + limits.looseBlobMs })
        : made
    },
    find,
    /** `end` makes the source end: another attempt has come, or the upload is gone. */
    receive,
    async drop(blob: Id, user: Id): Promise<Result<null, Refusal>> {
      const dropped = await db.write("blob.drop", { blob, user })
      if (dropped.ok) await remove([blob])
      return dropped
    },
    /** A finished blob, for whoever knows its token. */
    async open(blob: Id, token: Uint8Array): Promise<Result<{ readonly size: number }, Refusal>> {
      const row = await rowOf(blob)
      if (!row || row.stored !== row.size || !sameBytes(row.token_hash, sha256(token))) return none
      return ok({ size: row.size })
    },
    read: store.read,
    /** The bytes of blobs whose rows are gone. */
    remove,
    async quota(user: Id): Promise<{ readonly file: number; readonly user: number; readonly used: number }> {
      const row = await db.read
        .selectFrom("blob_file")
        .select((e) => e.fn.sum<number>("size").as("bytes"))
        .where("user_id", "=", idBytes(user))
        .executeTakeFirst()
      const own = await db.read
        .selectFrom("account")
        .select("file_quota")
        .where("id", "=", idBytes(user))
        .executeTakeFirst()
      return {
        file: limits.fileBytes,
        user: own?.file_quota ?? limits.userFileBytes,
        used: Number(row?.bytes ?? 0),
      }
    },
    /** Messages of one's own, emptied: what they referred to goes with them. */
    async empty(
      room: Id,
      user: Id,
      seqs: readonly number[],
      reason: "recall" | "expire",
    ): Promise<Result<null, Refusal>> {
      const since = reason === "recall" ? now() - limits.recallWindowMs - limits.recallGraceMs : 0
      const emptied = await db.write("blob.empty", { room, user, seqs, since })
      if (!emptied.ok) return emptied
      await remove(emptied.value.blobs)
      return ok(null)
    },
    sweep,
    stop() {
      stopped = true
      clearInterval(timer)
      clearInterval(daily)
      for (const { end } of writing.values()) end()
    },
  }
}
