/** UX 9: picked files live through anything but sending and discarding, and never come back broken. */
import "fake-indexeddb/auto"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { describe, expect, it } from "vitest"
import { createChanges } from "../changes.ts"
import { sealedCrypto } from "../crypto/sealed.ts"
import { CHUNK, fileCrypto } from "../crypto/stream.ts"
import { idbStores } from "../store/idb.ts"
import { memoryStores } from "../store/memory.ts"
import type { Store, Stores } from "../store/port.ts"
import { sealedStore } from "../store/sealed.ts"
import { draftLimits } from "../view/port/files.ts"
import { openDrafts } from "./drafts.ts"
import { idbStages } from "./idb-stage.ts"
import { memoryStage, memoryStages } from "./memory-stage.ts"
import { openPieces } from "./pieces.ts"
import { type FileStage, type FileStages, PIECE } from "./stage.ts"

const room = "r".repeat(22) as Id
const other = "s".repeat(22) as Id
const key = (await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
  "encrypt",
  "decrypt",
])) as CryptoKey

const filled = (from: number, to: number, salt: number) =>
  Uint8Array.from({ length: Math.max(0, to - from) }, (_, i) => ((from + i) * 37 + salt) & 255)
const picked = (id: string, size: number, salt = 1) => ({
  ...{ id, name: `${id}.png`, type: "image/png", modified: 1_700_000_000_000 },
  source: {
    size,
    slice: (from: number, to: number) => ({
      arrayBuffer: async () => filled(from, to, salt).buffer as ArrayBuffer,
    }),
  },
})
const shown = (id: string, size: number) => {
  const { source: _, ...rest } = picked(id, size)
  return { ...rest, size }
}
const none = { files: [], caption: "", original: false }
const asDraft = (...files: ReturnType<typeof picked>[]) => ({ files, caption: "look", original: false })

/** The client's start, as far as drafts and the stage are concerned. */
async function start(raw: Store, stage: FileStage) {
  const store = sealedStore(raw, key, sealedCrypto)
  const cryptos = { file: fileCrypto, sealed: sealedCrypto }
  const drafts = await openDrafts({ store, stage, crypto: cryptos, changes: createChanges() })
  const pieces = {
    ...{ store, stage, http: {} as never, clock: () => 1, maxBytes: 0, onChange: () => {} },
    foreign: drafts.has,
  }
  await openPieces(pieces)
  return drafts
}
type Started = Awaited<ReturnType<typeof start>>

async function readAll(drafts: Started, of: Id, id: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let from: number | undefined = 0
  while (from !== undefined) {
    const part = await drafts.read(of, id, from)
    if (!part.ok) throw new Error(part.error.kind)
    parts.push(part.value.bytes)
    from = part.value.next
  }
  return Buffer.concat(parts)
}
const same = (bytes: Uint8Array, size: number, salt = 1) =>
  expect(Buffer.compare(bytes, filled(0, size, salt))).toBe(0)

/** The machine stops while the piece after the first `good` ones is written. */
const crashing = (stage: FileStage, good: number): FileStage => ({
  ...stage,
  async write(file, piece, bytes) {
    if (good-- <= 0) throw new Error("the power is out")
    return stage.write(file, piece, bytes)
  },
})

const places: [string, () => { stores: Stores; stages: FileStages }][] = [
  ["in memory", () => ({ stores: memoryStores(), stages: memoryStages() })],
  [
    "in IndexedDB",
    () => {
      const slot = Math.random().toString(36)
      return { stores: idbStores(slot), stages: idbStages(slot, async () => ({})) }
    },
  ],
]

describe.each(places)("files of a draft %s", (_, place) => {
  const open = async () => {
    const { stores, stages } = place()
    return { raw: await stores.open("a"), stage: await stages.open("a"), stages, stores }
  }
  const LARGE = 16 * CHUNK + 1000

  it("come back after a restart with name, type and caption, byte for byte", async () => {
    const { raw, stage } = await open()
    const first = await start(raw, stage)
    const draft = { ...asDraft(picked("a", LARGE), picked("b", 0), picked("c", 5, 9)), original: true }
    expect(await first.keep(room, draft)).toEqual(ok({ kept: ["a", "b", "c"] }))
    const again = await start(raw, stage)
    const files = [shown("a", LARGE), shown("b", 0), shown("c", 5)]
    expect(again.of(room)).toEqual({ files, caption: "look", original: true })
    same(await readAll(again, room, "a"), LARGE)
    same(await readAll(again, room, "b"), 0)
    same(await readAll(again, room, "c"), 5, 9)
    expect(again.of(other)).toEqual(none)
    expect(await again.read(other, "a", 0)).toEqual(err({ kind: "not_found" }))
    expect(await again.read(room, "d", 0)).toEqual(err({ kind: "not_found" }))
  })

  it("lie sealed: neither bytes nor names can be read", async () => {
    const { raw, stage } = await open()
    const drafts = await start(raw, stage)
    const secret = new TextEncoder().encode("the secret of the tea".repeat(40))
    const file = { ...picked("a", secret.length), name: "secret.txt" }
    const source = {
      size: secret.length,
      slice: (from: number, to: number) => new Blob([secret.slice(from, to)]),
    }
    await drafts.keep(room, asDraft({ ...file, source }))
    const records = await raw.range("")
    expect(records.map((row) => row.key)).toEqual([`draft-files/${room}`])
    const [blob = ""] = await stage.list()
    const bytes = await stage.read(blob, 0, 0, secret.length)
    for (const sealed of [bytes, ...records.map((row) => row.value)])
      expect(Buffer.from(sealed ?? []).toString("latin1")).not.toMatch(/secret|look/)
  })

  it("are sealed once, however often the caption changes, and go when they are taken out", async () => {
    const { raw, stage } = await open()
    const drafts = await start(raw, stage)
    await drafts.keep(room, asDraft(picked("a", 10), picked("b", 10)))
    const before = [...(await stage.list())].sort()
    await drafts.keep(room, { ...asDraft(picked("a", 10), picked("b", 10)), caption: "look here" })
    expect([...(await stage.list())].sort()).toEqual(before)
    expect(drafts.of(room).caption).toBe("look here")
    await drafts.keep(room, asDraft(picked("b", 10)))
    expect((await stage.list()).length).toBe(1)
    await drafts.keep(room, asDraft())
    expect(await stage.list()).toEqual([])
    expect(drafts.of(room)).toEqual(none)
    expect(await raw.range("")).toEqual([])
  })

  it("that were half written when the machine stopped are gone at the next start, with every piece", async () => {
    for (const good of [0, 1, 2]) {
      const { raw, stage } = await open()
      const dying = await start(raw, crashing(stage, good))
      const lost = dying.keep(room, asDraft(picked("a", LARGE), picked("b", LARGE)))
      await expect(lost).rejects.toThrow("the power is out")
      const again = await start(raw, stage)
      expect(again.of(room)).toEqual(none)
      expect(await stage.list()).toEqual([])
    }
  })

  it("leave the draft from before where adding to it was cut off", async () => {
    const { raw, stage } = await open()
    await (await start(raw, stage)).keep(room, asDraft(picked("a", 10)))
    const dying = await start(raw, crashing(stage, 1))
    await expect(dying.keep(room, asDraft(picked("a", 10), picked("b", LARGE)))).rejects.toThrow()
    const again = await start(raw, stage)
    expect(again.of(room)).toEqual({ ...none, files: [shown("a", 10)], caption: "look" })
    same(await readAll(again, room, "a"), 10)
    expect((await stage.list()).length).toBe(1)
  })

  it("whose last piece never reached the disk are dropped as a whole", async () => {
    const { raw, stage } = await open()
    const forgetful: FileStage = {
      ...stage,
      write: async (file, piece, bytes) => (piece === 1 ? true : stage.write(file, piece, bytes)),
    }
    await (await start(raw, forgetful)).keep(room, asDraft(picked("a", 10), picked("b", LARGE)))
    const again = await start(raw, stage)
    expect(again.of(room)).toEqual(none)
    expect(await stage.list()).toEqual([])
    expect(await raw.range("")).toEqual([])
  })

  it("of one chat go, those of another stay; what is being kept at that moment goes too", async () => {
    const { raw, stage } = await open()
    const drafts = await start(raw, stage)
    await drafts.keep(other, asDraft(picked("o", 3)))
    const late = drafts.keep(room, asDraft(picked("a", LARGE)))
    const later = drafts.keep(room, asDraft(picked("b", 10)))
    await drafts.drop(room)
    expect([await late, await later]).toEqual([ok({ kept: [] }), ok({ kept: [] })])
    expect(drafts.of(room)).toEqual(none)
    expect((await stage.list()).length).toBe(1)
    // And afterwards one may begin anew.
    expect(await drafts.keep(room, asDraft(picked("c", 10)))).toEqual(ok({ kept: ["c"] }))
    expect(drafts.sizes().map((one) => one.room)).toEqual([other, room])
    await drafts.tidy((one) => one === other)
    expect(drafts.sizes().map((one) => one.room)).toEqual([other])
  })

  it("are not shown while they are encrypted to be sent, are kept until they are, and nobody else takes them out", async () => {
    const { raw, stage } = await open()
    const drafts = await start(raw, stage)
    await drafts.keep(room, asDraft(picked("a", 10), picked("b", 10)))
    drafts.sending(room, ["a", "b", "never kept"])
    expect(drafts.of(room)).toEqual(none)
    // Meanwhile one picks more, thinks better of it, and picks again.
    expect(await drafts.keep(room, asDraft(picked("c", 10)))).toEqual(ok({ kept: ["c"] }))
    expect(drafts.of(room).files).toEqual([shown("c", 10)])
    await drafts.drop(room)
    expect(drafts.of(room)).toEqual(none)
    await drafts.keep(room, asDraft(picked("d", 10)))
    await drafts.sent(room, "a")
    await drafts.sent(room, "never kept")
    const again = await start(raw, stage)
    expect(again.of(room).files).toEqual([shown("b", 10), shown("d", 10)])
    await drafts.sent(room, "b")
    await drafts.drop(room)
    expect(await stage.list()).toEqual([])
    expect(await raw.range("")).toEqual([])
  })

  it("stay as they were where the client is stopped while more is kept", async () => {
    const { raw, stage } = await open()
    const drafts = await start(raw, stage)
    await drafts.keep(room, asDraft(picked("a", 10)))
    const late = drafts.keep(room, { ...asDraft(picked("a", 10), picked("b", LARGE)), caption: "more" })
    await drafts.stop()
    expect(await late).toEqual(ok({ kept: [] }))
    expect((await start(raw, stage)).of(room)).toEqual({ ...none, files: [shown("a", 10)], caption: "look" })
  })

  it("go with the account when this device forgets it", async () => {
    const { raw, stage, stages, stores } = await open()
    await (await start(raw, stage)).keep(room, asDraft(picked("a", 10)))
    await raw.close()
    await stores.remove("a")
    await stages.remove("a")
    const fresh = await start(await stores.open("a"), await stages.open("a"))
    expect(fresh.of(room)).toEqual(none)
    expect(await (await stages.open("a")).list()).toEqual([])
  })
})

describe("what is not kept", () => {
  const fresh = async (stage: FileStage = memoryStage()) => ({
    stage,
    drafts: await start(await memoryStores().open("a"), stage),
  })

  it("is over the number or the bytes, and what fits is kept", async () => {
    const { drafts } = await fresh()
    const many = Array.from({ length: draftLimits.files + 1 }, (_, i) => picked(`f${i}`, 1))
    const answer = await drafts.keep(room, asDraft(...many))
    expect(answer).toEqual(ok({ kept: many.slice(0, draftLimits.files).map(({ id }) => id) }))
    // Nothing of it is read: its bytes would be as many as it says.
    const huge = picked("huge", draftLimits.bytes + 1)
    expect(await drafts.keep(room, asDraft(huge, picked("small", 1)))).toEqual(ok({ kept: ["small"] }))
    expect(await drafts.keep(room, asDraft(picked("x", 1), picked("x", 1)))).toEqual(ok({ kept: ["x"] }))
    expect(await drafts.keep(room, asDraft(picked("i".repeat(65), 1)))).toEqual(ok({ kept: [] }))
    expect(drafts.of(room)).toEqual(none)
  })

  it("cannot be read", async () => {
    const { drafts, stage } = await fresh()
    const gone = {
      ...picked("gone", 10),
      source: { size: 10, slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }) },
    }
    expect(await drafts.keep(room, asDraft(gone, picked("a", 1)))).toEqual(ok({ kept: ["a"] }))
    expect((await stage.list()).length).toBe(1)
  })

  it("finds no room on the device: it is said, and everything else stays", async () => {
    const { drafts, stage } = await fresh(memoryStage(2 * PIECE))
    await drafts.keep(room, asDraft(picked("a", 10)))
    const more = { ...asDraft(picked("a", 10), picked("b", 48 * CHUNK), picked("c", 10)), caption: "more" }
    expect(await drafts.keep(room, more)).toEqual(err({ kind: "device_full" }))
    expect(drafts.of(room)).toEqual({ ...none, caption: "more", files: [shown("a", 10), shown("c", 10)] })
    same(await readAll(drafts, room, "a"), 10)
    expect((await stage.list()).length).toBe(2)
  })

  it("nor does a full database lose the draft that it has", async () => {
    const raw = await memoryStores().open("a")
    const stage = memoryStage()
    let full = false
    const tight: Store = {
      ...raw,
      async batch(writes) {
        if (full) throw new DOMException("no room", "QuotaExceededError")
        await raw.batch(writes)
      },
    }
    const drafts = await start(tight, stage)
    await drafts.keep(room, asDraft(picked("a", 10)))
    full = true
    expect(await drafts.keep(room, asDraft(picked("a", 10), picked("b", 10)))).toEqual(
      err({ kind: "device_full" }),
    )
    expect(drafts.of(room).files).toEqual([shown("a", 10)])
    expect((await stage.list()).length).toBe(1)
  })

  it("opens no more: it is damaged, and nothing of it is shown", async () => {
    const { drafts, stage } = await fresh()
    await drafts.keep(room, asDraft(picked("a", 10)))
    const [blob = ""] = await stage.list()
    const bytes = (await stage.read(blob, 0, 0, 27)) as Uint8Array
    await stage.write(blob, 0, bytes.with(3, (bytes[3] as number) ^ 1))
    expect(await drafts.read(room, "a", 0)).toEqual(err({ kind: "file_damaged" }))
  })
})
