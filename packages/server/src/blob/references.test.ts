/** A blob lives as long as a message speaks of it: held before the message, gone with the last one. */
import { join } from "node:path"
import { CHAIN_START, nextHash } from "@teahouse/protocol/chain.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits as defaults } from "@teahouse/protocol/limits.ts"
import type { Send } from "@teahouse/protocol/up.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { rawSql } from "../db/database.fixture.ts"
import type { Database } from "../db/port.ts"
import {
  id,
  leaves,
  openDb,
  openTestRoom,
  privateMessage,
  random,
  type TestRoom,
  tempDir,
} from "../room/log.fixture.ts"
import type { AppendResult } from "../room/log.ts"
import { readEntries } from "../room/read.ts"
import { createSender, type Sender } from "../room/send.ts"
import type { RosterLeaf } from "../room/writes/roster.ts"
import { type Blobs, createBlobs } from "./blobs.ts"
import { folderStore } from "./folder.ts"
import type { BlobStore } from "./port.ts"
import { withReferences } from "./references.ts"

let dir: ReturnType<typeof tempDir>
let db: Database
let store: BlobStore
let blobs: Blobs
let sender: Sender
let room: TestRoom
let lilei: RosterLeaf
let han: RosterLeaf
let now = 1_000_000_000_000
const settled: Promise<unknown>[] = []
const undo: (() => unknown)[] = []
const limits = { ...defaults, sendsPerSecond: 1e6, sendBurst: 1e6 }
const onError = (error: unknown) => {
  throw error
}

beforeEach(async () => {
  now += 1e9
  dir = tempDir()
  const real = await openDb(dir.path)
  // Settling goes on after the answer: a test waits for it here.
  db = {
    ...real,
    write: (name, args) => {
      const done = real.write(name, args)
      settled.push(done)
      return done
    },
  }
  store = folderStore(join(dir.path, "blobs"))
  blobs = createBlobs({ db, store, limits, now: () => now, onError })
  const plain = createSender({ db, fanout: { tell() {} }, limits, now: () => now, onError })
  sender = withReferences({ db, sender: plain, now: () => now, onError })
  room = await openTestRoom(db, leaves(2))
  ;[lilei, han] = room.roster as [RosterLeaf, RosterLeaf]
  undo.push(dir.remove, () => real.close(), blobs.stop)
})
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

type File = { readonly blob: Id; readonly token: Uint8Array }
async function upload(user: Id, size = 300): Promise<File> {
  const file = { blob: id(), token: random(16) }
  await blobs.create(file.blob, user, sha256(file.token), size)
  async function* body() {
    yield random(size)
  }
  const received = await blobs.receive(file.blob, user, 0, body(), () => {})
  if (!received.ok) throw new Error(received.error.kind)
  return file
}

async function say(who: RosterLeaf, n: number, files?: readonly File[], epoch = 0): Promise<AppendResult> {
  const body = privateMessage(room.room, 0, epoch, random(30))
  const frame: Send = {
    ...{ t: "send", room: room.room, generation: 0, epoch },
    items: [{ n, body, ...(files ? { blobs: [...files] } : {}) }],
  }
  const result = await new Promise<AppendResult>((resolve) => sender.send(who.device, frame, resolve))
  await Promise.resolve()
  await Promise.all(settled.splice(0))
  return result
}
const kindOf = (result: { ok: boolean; error?: { kind: string } }) => (result.ok ? "ok" : result.error?.kind)
const seqOf = (result: AppendResult) => (result.ok ? (result.value.positions[0]?.seq ?? 0) : 0)
const empty = (who: RosterLeaf, seqs: number[], reason: "recall" | "expire" = "recall") =>
  blobs.empty(room.room, who.user, seqs, reason)
const isThere = async ({ blob, token }: File) =>
  (await blobs.open(blob, token)).ok && (await store.size(blob)) !== undefined
const DAY = 24 * 3_600_000

test("a recalled message is empty, its chain still fits, and its file is gone from row and disk", async () => {
  const file = await upload(lilei.user)
  const seq = seqOf(await say(lilei, 2, [file]))
  expect(seq).toBe(2)
  now += 60_000
  expect(kindOf(await empty(lilei, [seq]))).toBe("ok")
  expect(await isThere(file)).toBe(false)
  expect((await blobs.quota(lilei.user)).used).toBe(0)
  expect(kindOf(await empty(lilei, [seq]))).toBe("ok")
  let hash = CHAIN_START
  for (const entry of await readEntries(db, room.room, 0, 9, { logRangeBytes: 1e6, logRangeEntries: 9 })) {
    if (entry.seq === seq) expect(entry.body).toBeNull()
    const bodyHash = entry.body ? sha256(entry.body) : (entry.bodyHash as Uint8Array)
    hash = nextHash(hash, { room: room.room, ...entry, bodyHash })
    expect(Buffer.from(hash).equals(entry.hash)).toBe(true)
  }
})

test("nobody empties what others said, a commit, or what is too old; together means all or none", async () => {
  const first = seqOf(await say(lilei, 2))
  const others = seqOf(await say(han, 1))
  for (const seqs of [[others], [1], [99], [first, others]])
    expect(kindOf(await empty(lilei, seqs))).toBe("unknown_record")
  now += limits.recallWindowMs + limits.recallGraceMs + 1
  expect(kindOf(await empty(lilei, [first]))).toBe("too_late_to_recall")
  const entries = await readEntries(db, room.room, 0, 9, { logRangeBytes: 1e6, logRangeEntries: 9 })
  expect(entries.every((entry) => entry.body)).toBe(true)
  expect(kindOf(await empty(lilei, [first], "expire"))).toBe("ok")
})

test("a forwarded file stays until the last message that speaks of it goes", async () => {
  const file = await upload(lilei.user)
  const first = seqOf(await say(lilei, 2, [file]))
  const second = seqOf(await say(han, 1, [file]))
  await empty(lilei, [first])
  expect(await isThere(file)).toBe(true)
  await empty(han, [second])
  expect(await isThere(file)).toBe(false)
})

test("without the token, or before the upload is whole, no message may speak of a file", async () => {
  const file = await upload(lilei.user)
  expect(kindOf(await say(han, 1, [{ ...file, token: random(16) }]))).toBe("unknown_blob")
  expect(kindOf(await say(han, 1, [{ blob: id(), token: random(16) }]))).toBe("unknown_blob")
  const half = { blob: id(), token: random(16) }
  await blobs.create(half.blob, lilei.user, sha256(half.token), 100)
  expect(kindOf(await say(lilei, 2, [half]))).toBe("unknown_blob")
  expect(seqOf(await say(han, 1))).toBe(2)
})

test("a message that is refused lets its file go, and sent again in the next epoch holds it", async () => {
  const file = await upload(lilei.user)
  expect(kindOf(await say(lilei, 2, [file], 7))).toBe("stale_epoch")
  expect(await isThere(file)).toBe(true)
  expect(kindOf(await say(lilei, 3, [file]))).toBe("ok")
  now += 2 * DAY
  await blobs.sweep()
  expect(await isThere(file)).toBe(true)
  // The same number again is answered as the first time and changes nothing.
  expect(kindOf(await say(lilei, 3, [file]))).toBe("ok")
  expect(await isThere(file)).toBe(true)
})

test("after a day the janitor takes what nothing speaks of; a reference without an answer is looked up in the log", async () => {
  const [loose, sent, never] = [await upload(lilei.user), await upload(lilei.user), await upload(lilei.user)]
  // The house stopped between the append and what follows it.
  const hold = (file: File, n: number) =>
    db.write("blob.hold", {
      ...{ room: room.room, device: lilei.device, now },
      items: [{ n, blobs: [{ blob: file.blob, tokenHash: sha256(file.token) }] }],
    })
  await hold(sent, 2)
  await say(lilei, 2)
  await hold(never, 3)
  now += 2 * DAY
  await blobs.sweep()
  expect([await isThere(loose), await isThere(sent), await isThere(never)]).toEqual([false, true, true])
  now += 2 * DAY
  await blobs.sweep()
  expect([await isThere(sent), await isThere(never)]).toEqual([true, false])
})

test("a message that a retention has emptied takes its file with it when it disappears", async () => {
  const [file, kept] = [await upload(lilei.user), await upload(lilei.user)]
  const seq = seqOf(await say(lilei, 2, [file]))
  const other = seqOf(await say(lilei, 3, [kept]))
  // What room/writes/retain.ts does once everybody has it.
  const hash = random(32)
  await rawSql(dir.path, "UPDATE entry SET body = NULL, body_hash = ? WHERE seq > 1", [hash])
  now += 30 * DAY
  // As before: what is empty already is nothing to recall, and nothing to refuse.
  expect(kindOf(await empty(lilei, [other]))).toBe("ok")
  expect(kindOf(await empty(lilei, [seq], "expire"))).toBe("ok")
  expect([await isThere(file), await isThere(kept)]).toEqual([false, true])
  const entries = await readEntries(db, room.room, 0, 9, { logRangeBytes: 1e6, logRangeEntries: 9 })
  expect(entries.slice(1).map(({ bodyHash }) => Buffer.from(bodyHash ?? []))).toEqual(
    [hash, hash].map((one) => Buffer.from(one)),
  )
})
