/**
 * One's own files on their way: picked → encrypted into the stage (prepare.ts) → uploaded piece by piece → the message goes.
 * The queue is the rooms' outboxes themselves, so there is nothing to keep in step: an item with `upload` waits for its file and
 * is passed by, what was written after it is sent before, and it takes its place as soon as its file is there. What is stored
 * is whether it is prepared and whether it is paused; where an upload stands only the house knows, and it is asked.
 * A few at a time, oldest first. What the house refuses for good turns the message `refused`, for the person to decide.
 */
import { errors } from "@teahouse/protocol/error.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { backoff } from "../backoff.ts"
import { type Changes, topics } from "../changes.ts"
import type { FileMessage } from "../content/file.ts"
import type { FileCrypto } from "../crypto/port.ts"
import type { Jitter, Timers } from "../platform.ts"
import type { Problem } from "../problem.ts"
import { keys, type OutboxItem } from "../room/records.ts"
import type { Rooms } from "../room/rooms.ts"
import type { FileSource, Transfer } from "../view/port/files.ts"
import type { BlobHttp } from "./blob-http.ts"
import type { Drafts } from "./drafts.ts"
import type { Pieces } from "./pieces.ts"
import { type FileStage, PIECE, pieceSize } from "./stage.ts"

const LANES = 2
const PAUSE = { firstMs: 1_000, maxMs: 60_000 }

export type UploadParts = {
  readonly rooms: Rooms
  readonly stage: FileStage
  readonly pieces: Pieces
  readonly http: BlobHttp
  readonly crypto: FileCrypto
  readonly changes: Changes
  readonly timers: Timers
  readonly jitter: Jitter
  readonly onFailure: (error: unknown) => void
  readonly drafts: Pick<Drafts, "holds" | "sent">
}

type Waiting = { readonly room: Id; readonly item: OutboxItem; readonly file: FileMessage }
type Live = { state: Transfer["state"]; progress: number; readonly stop: AbortController }
type Outcome = "done" | "stopped" | { readonly later: number } | { readonly refused: Problem }

export function createUploads(parts: UploadParts) {
  const { rooms, stage, pieces, http, crypto, changes, timers, jitter, onFailure, drafts } = parts
  const sources = new Map<string, FileSource>()
  const live = new Map<string, Live>()
  /** Not yet: how to call off what wakes each. By timers: a clock that is set back makes nobody wait. */
  const held = new Map<string, () => void>()
  const failures = new Map<string, number>()
  let running = new Set<Promise<void>>()
  let stopped = false

  const all = (): Waiting[] =>
    rooms.all().flatMap((actor) =>
      actor.state().outbox.flatMap((item) => {
        const { draft } = item
        return item.upload && draft.kind === "file" ? [{ room: actor.room, item, file: draft }] : []
      }),
    )
  const due = () =>
    all()
      // Whatever is paused is encrypted: it needs the handle, which may be gone later.
      .filter(
        ({ item: { state, key, upload } }) =>
          state === "waiting" && !(upload?.paused && upload.prepared) && !live.has(key),
      )
      .sort((a, b) => a.item.at - b.item.at)

  const show = (key: string, state: Transfer["state"], progress: number) => {
    const one = live.get(key)
    if (one) Object.assign(one, { state, progress })
    changes.emit(topics.transfers)
  }

  /** Changes the item where it still waits; false where it is gone. */
  const change = (room: Id, key: string, to: (item: OutboxItem) => OutboxItem): Promise<boolean> =>
    rooms.get(room)?.change((state) => {
      const item = state.outbox.find((one) => one.key === key && one.upload)
      if (!item) return undefined
      const next = to(item)
      const outbox = state.outbox.map((one) => (one === item ? next : one))
      return { next: { ...state, outbox }, writes: [{ put: keys.outbox(room, item.order), value: next }] }
    }) ?? Promise.resolve(false)

  /** undefined where it waits no more. */
  const takeOut = async (room: Id, key: string): Promise<OutboxItem | undefined> => {
    let out: OutboxItem | undefined
    await rooms.get(room)?.change((state) => {
      const item = state.outbox.find((one) => one.key === key && one.upload)
      if (item?.draft.kind !== "file") return undefined
      out = item
      const outbox = state.outbox.filter((one) => one !== item)
      return { next: { ...state, outbox }, writes: [{ drop: keys.outbox(room, item.order) }] }
    })
    return out
  }

  /** Once it outlives a reload by itself, or will not be sent: the draft needs it no more. */
  const leaveDraft = async (room: Id, { upload }: OutboxItem): Promise<void> => {
    if (upload?.draft !== undefined) await drafts.sent(room, upload.draft)
  }

  const prepareOne = async ({ room, item, file }: Waiting, signal: AbortSignal): Promise<Outcome> => {
    const source = sources.get(item.key)
    // The picker's handle does not outlive its worker. Where the draft has it, it was not sent; a line of it would say it twice.
    if (!source) {
      const { draft } = item.upload ?? {}
      if (draft === undefined || !drafts.holds(room, draft)) return { refused: { kind: "file_gone" } }
      await takeOut(room, item.key)
      await pieces.remove(file.blob)
      return "stopped"
    }
    const { prepare } = await import("./prepare.ts")
    const made = await prepare(
      {
        ...{ crypto, stage },
        wanted: () => !signal.aborted,
        progress: (fraction) => show(item.key, "sealing", fraction),
      },
      file,
      source,
    )
    if (!made.ok) {
      if (made.why === "stopped") return "stopped"
      await stage.remove(file.blob)
      return { refused: { kind: made.why === "full" ? "device_full" : "file_gone" } }
    }
    await pieces.pending(file.blob, room, file.sealedSize)
    await change(room, item.key, (one) => ({
      ...one,
      draft: { ...(one.draft as FileMessage), sha256: made.sha256 },
      upload: { paused: false, ...one.upload, prepared: true },
    }))
    await leaveDraft(room, item)
    sources.delete(item.key)
    return "done"
  }

  const judge = (key: string, problem: Problem, signal: AbortSignal): Outcome => {
    if (signal.aborted || stopped) return "stopped"
    const { kind, retryAfterMs } = problem
    const lasting =
      kind !== "offline" && kind in errors && errors[kind as keyof typeof errors].retry === "never"
    // Its row was swept: it begins anew.
    if (lasting && kind !== "unknown_blob") return { refused: problem }
    const count = failures.get(key) ?? 0
    failures.set(key, count + 1)
    return { later: retryAfterMs ?? backoff(count, jitter, PAUSE) }
  }

  const uploadOne = async ({ room, item, file }: Waiting, signal: AbortSignal): Promise<Outcome> => {
    const { key } = item
    // The last start may have ended between the one and the other.
    await leaveDraft(room, item)
    show(key, "waiting", live.get(key)?.progress ?? 0)
    const stands = await http.create(file, signal)
    if (!stands.ok) return judge(key, stands.error, signal)
    let offset = stands.value
    while (offset < file.sealedSize) {
      show(key, "running", offset / file.sealedSize)
      const piece = Math.floor(offset / PIECE)
      const from = offset - piece * PIECE
      const bytes = await stage.read(file.blob, piece, from, pieceSize(file.sealedSize, piece))
      if (!bytes) return { refused: { kind: "file_gone" } }
      const sent = await http.send(file.blob, offset, bytes, signal)
      if (!sent.ok) return judge(key, sent.error, signal)
      if (sent.value <= offset) return judge(key, { kind: "offline" }, signal)
      offset = sent.value
      failures.delete(key)
    }
    return "done"
  }

  const run = async (one: Waiting): Promise<void> => {
    const { room, item, file } = one
    const { key } = item
    const stop = new AbortController()
    const prepared = item.upload?.prepared === true
    live.set(key, { state: prepared ? "waiting" : "sealing", progress: 0, stop })
    const outcome = prepared ? await uploadOne(one, stop.signal) : await prepareOne(one, stop.signal)
    live.delete(key)
    changes.emit(topics.transfers)
    if (stopped || outcome === "stopped") return
    if (outcome === "done") {
      if (!prepared) return
      await change(room, key, ({ upload: _, ...rest }) => rest)
      await pieces.settled(file.blob)
    } else if ("refused" in outcome) {
      const { kind } = outcome.refused
      await change(room, key, (one) => ({ ...one, state: "refused", error: { kind } }))
      await leaveDraft(room, item)
    } else {
      letGo(key)
      const wake = () => {
        held.delete(key)
        pump()
      }
      held.set(key, timers(outcome.later, wake))
    }
  }

  function letGo(key: string) {
    held.get(key)?.()
    held.delete(key)
  }

  function pump() {
    if (stopped) return
    for (const one of due()) {
      // Lanes of their own: what is picked is safe soon, whatever is on its way to the house.
      const sealing = one.item.upload?.prepared !== true
      const busy = [...live.values()].filter(({ state }) => (state === "sealing") === sealing).length
      if (busy >= LANES) continue
      if (held.has(one.item.key)) continue
      const going = run(one)
        .catch(onFailure)
        .then(() => {
          running.delete(going)
          pump()
        })
      running.add(going)
    }
  }

  /** Files whose message was taken back by the person after the house had refused it: kept like any other from now on. */
  const settleOrphans = async () => {
    const waiting = new Set<string>(all().map(({ file }) => file.blob))
    for (const [blob, { pending }] of [...pieces.all()])
      if (pending && !waiting.has(blob)) await pieces.settled(blob as Id)
  }

  const off = changes.on([topics.rooms], pump)

  return {
    pump,
    /** Before its item is posted, so that it is found. */
    source: (key: string, source: FileSource) => void sources.set(key, source),
    async pause(room: Id, key: string, paused: boolean): Promise<boolean> {
      const changed = await change(room, key, (item) => ({
        ...item,
        upload: { prepared: false, ...item.upload, paused },
      }))
      // Preparing goes on: it needs the handle, which may be gone later.
      if (changed && paused && live.get(key)?.state !== "sealing") live.get(key)?.stop.abort()
      if (!paused) letGo(key)
      pump()
      changes.emit(topics.transfers)
      return changed
    },
    async cancel(room: Id, key: string): Promise<boolean> {
      const item = await takeOut(room, key)
      live.get(key)?.stop.abort()
      sources.delete(key)
      changes.emit(topics.transfers)
      if (item?.draft.kind !== "file") return false
      const { blob } = item.draft
      await leaveDraft(room, item)
      await pieces.remove(blob)
      void http.drop(blob).catch(onFailure)
      return true
    },
    /** When none of these has to be encrypted any more: from then on they outlive this worker. */
    sealed: (wanted: readonly string[]): Promise<void> =>
      new Promise((done) => {
        let stop = () => {}
        const look = () => {
          const left = all().some(
            ({ item }) => wanted.includes(item.key) && item.state === "waiting" && !item.upload?.prepared,
          )
          if (left && !stopped) return
          stop()
          done()
        }
        stop = changes.on([topics.rooms, topics.transfers], look)
        look()
      }),
    /** The network is back: nobody waits for the rest of a pause. */
    hurry() {
      for (const key of [...held.keys()]) letGo(key)
      void settleOrphans().catch(onFailure)
      pump()
    },
    transfers: (): Transfer[] =>
      all().map(({ room, item, file }) => {
        const now = live.get(item.key)
        const state =
          item.state === "refused"
            ? "failed"
            : item.upload?.paused && now?.state !== "sealing"
              ? "paused"
              : "waiting"
        return {
          ...{ room, key: item.key, name: file.name, size: file.size },
          state: state === "waiting" ? (now?.state ?? "waiting") : state,
          progress: now?.progress ?? 0,
          ...(item.error ? { error: item.error } : {}),
        }
      }),
    async stop() {
      stopped = true
      off()
      for (const key of [...held.keys()]) letGo(key)
      for (const one of live.values()) one.stop.abort()
      changes.emit(topics.transfers)
      await Promise.all(running)
      running = new Set()
    },
  }
}
