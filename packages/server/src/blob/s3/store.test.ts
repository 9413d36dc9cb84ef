/** A bucket as a blob store: the contract of all stores, and what is its own: faults, two nodes, small parts, bounded memory. */
import { randomBytes } from "node:crypto"
import { type Id, idFrom, newId } from "@teahouse/protocol/ids.ts"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { BlobStore } from "../port.ts"
import { blobStoreContract } from "../store.contract.fixture.ts"
import { openBucket } from "./bucket.ts"
import { lifeName, s3Store } from "./store.ts"
import { openS3Stub, type S3Stub } from "./stub.fixture.ts"

const MB = 1024 * 1024
let stub: S3Stub
let said: string[]
beforeAll(async () => {
  stub = await openS3Stub()
})
beforeEach(() => {
  Object.assign(stub, { fault: () => undefined, clockMs: 0, pageSize: 1000 })
  stub.objects.clear()
  stub.asked.length = 0
  said = []
})
afterAll(() => stub.stop())

const random = (length: number) => new Uint8Array(randomBytes(length))
const life = lifeName(newId(random), 1)
const open = (more = {}, budget?: number): BlobStore =>
  s3Store({
    ...(budget === undefined ? {} : { budget }),
    bucket: openBucket({ ...stub.place, ...more }, { pauseMs: 1 }),
    life,
    onTrouble: ({ en }) => said.push(en),
  })
const id = (): Id => idFrom(random(16))
async function* parts(...all: Uint8Array[]) {
  yield* all
}
const whole = async (store: BlobStore, blob: Id, from: number, to: number) => {
  const out: Uint8Array[] = []
  for await (const part of store.read(blob, from, to)) out.push(part)
  return new Uint8Array(Buffer.concat(out))
}

blobStoreContract("a bucket", async () => {
  // A list is read over many pages.
  stub.pageSize = 1
  return open()
})

describe("a bucket", () => {
  it("keeps a large file as pieces, and reads over their edges", async () => {
    const store = open()
    const [blob, bytes] = [id(), new Uint8Array(12 * MB).map((_, i) => (i * 2654435761) >>> 24)]
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
    }
    expect(await store.append(blob, 0, chunks(), bytes.length)).toEqual({ written: bytes.length })
    expect([...stub.objects.values()].map(({ length }) => length)).toEqual([5 * MB, 5 * MB, 2 * MB])
    expect(await whole(store, blob, 5 * MB - 3, 5 * MB + 3)).toEqual(bytes.slice(5 * MB - 3, 5 * MB + 3))
    expect(Buffer.compare(await whole(store, blob, 0, bytes.length), bytes)).toBe(0)
    await store.remove(blob)
    expect(stub.objects.size).toBe(0)
  })

  it("goes on at another node after one was killed, and both may take the same upload", async () => {
    const [here, there] = [open(), open()]
    const [blob, bytes] = [id(), random(900)]
    await here.append(blob, 0, parts(bytes.subarray(0, 300)), 900)
    await there.append(blob, 100, parts(bytes.subarray(100, 150)), 800)
    expect(await whole(here, blob, 0, 300)).toEqual(bytes.slice(0, 300))
    expect(await there.append(blob, 300, parts(bytes.subarray(300)), 600)).toEqual({ written: 600 })
    expect(await whole(here, blob, 0, 900)).toEqual(bytes)
  })

  it("joins what came in small parts, so that a file of many is few objects", async () => {
    const store = open()
    const [blob, bytes] = [id(), random(60)]
    for (let at = 0; at < 60; at++) await store.append(blob, at, parts(bytes.subarray(at, at + 1)), 60 - at)
    expect(stub.objects.size).toBeLessThanOrEqual(6)
    expect(await whole(store, blob, 0, 60)).toEqual(bytes)
  })

  it("reads on where pieces are joined meanwhile", async () => {
    const store = open()
    const [blob, bytes] = [id(), random(40)]
    await store.append(blob, 0, parts(bytes.subarray(0, 20)), 40)
    await store.append(blob, 20, parts(bytes.subarray(20, 30)), 20)
    expect(stub.objects.size).toBe(2)
    const reading = store.read(blob, 0, 40)[Symbol.asyncIterator]()
    const first = (await reading.next()).value as Uint8Array
    await store.append(blob, 30, parts(bytes.subarray(30)), 10)
    expect(stub.objects.size).toBe(1)
    const out = [first]
    for (let next = await reading.next(); !next.done; next = await reading.next()) out.push(next.value)
    expect(new Uint8Array(Buffer.concat(out))).toEqual(bytes)
  })

  it("holds little in memory however many upload at once: pieces are smaller then", async () => {
    const KB = 1024
    const store = open({}, 1200 * KB)
    const blobs = Array.from({ length: 12 }, id)
    let began = 0
    const all = Promise.withResolvers<void>()
    async function* slow() {
      if (++began === blobs.length) all.resolve()
      await all.promise
      for (let n = 0; n < 8; n++) yield new Uint8Array(32 * KB)
    }
    let largest = 0
    stub.fault = ({ method }) => {
      if (method === "PUT") for (const one of stub.objects.values()) largest = Math.max(largest, one.length)
      return undefined
    }
    await Promise.all(blobs.map((blob) => store.append(blob, 0, slow(), 256 * KB)))
    expect(largest).toBe(100 * KB)
    for (const blob of blobs) expect(await store.size(blob)).toBe(256 * KB)
  })
})

describe("a bucket that fails", () => {
  it("for a moment: it is asked again, and nothing is lost or doubled", async () => {
    const store = open()
    const [blob, bytes] = [id(), random(5000)]
    const faults = [
      { kind: "error", status: 503, code: "SlowDown" },
      { kind: "cut", when: "before" },
      { kind: "error", status: 500, code: "InternalError" },
      { kind: "cut", when: "unsaid" },
    ] as const
    let n = 0
    stub.fault = () => (n % 2 === 0 ? faults[(n++ / 2) % 4] : void n++)
    for (let at = 0; at < 5000; at += 1000)
      expect(await store.append(blob, at, parts(bytes.subarray(at, at + 1000)), 5000 - at)).toEqual({
        written: 1000,
      })
    expect(await whole(store, blob, 0, 5000)).toEqual(bytes)
    stub.fault = ({ key }) => (key !== "" && n++ % 2 === 0 ? { kind: "cut", when: "answer" } : undefined)
    expect(await whole(store, blob, 100, 4900)).toEqual(bytes.slice(100, 4900))
    expect(said).toEqual([])
    expect(n).toBeGreaterThan(8)
  })

  it.each([
    [{ kind: "error", status: 503, code: "SlowDown" }, "away", "asks to slow down (SlowDown)"],
    [{ kind: "cut", when: "before" }, "away", "does not answer"],
    [{ kind: "error", status: 403, code: "AccessDenied" }, "away", "does not take the key"],
    [{ kind: "error", status: 404, code: "NoSuchBucket" }, "away", "There is no bucket tea-blobs"],
    [{ kind: "error", status: 507, code: "XMinioStorageFull" }, "full", "is full"],
    [{ kind: "error", status: 301, code: "PermanentRedirect" }, "away", "Check s3_endpoint, s3_region"],
  ] as const)("for good: %j is %s, and what was stored before stays", async (fault, problem, sentence) => {
    const store = open()
    const [blob, bytes] = [id(), random(6 * MB)]
    let puts = 0
    stub.fault = ({ method }) => (method === "PUT" && ++puts > 1 ? fault : undefined)
    expect(await store.append(blob, 0, parts(bytes), bytes.length)).toEqual({ written: 5 * MB, problem })
    expect(said.at(-1)).toContain(sentence)
    stub.fault = () => undefined
    const rest = bytes.subarray(5 * MB)
    expect(await store.append(blob, 5 * MB, parts(rest), rest.length)).toEqual({ written: MB })
    expect(Buffer.compare(await whole(store, blob, 0, bytes.length), bytes)).toBe(0)
  })

  it("whose clock is another, or that knows another key: named, and not tried again", async () => {
    const blob = id()
    stub.clockMs = 3_600_000
    expect(await open().append(blob, 0, parts(random(1)), 1)).toEqual({ written: 0, problem: "away" })
    expect(said.at(-1)).toContain("clock is too far")
    await expect(open().size(blob)).rejects.toMatchObject({ kind: "clock" })
    stub.clockMs = 0
    for (const wrong of [{ secretKey: "another" }, { accessKey: "ANOTHER" }, { region: "us-east-1" }])
      await expect(open(wrong).size(blob)).rejects.toMatchObject({ kind: "denied" })
    expect(stub.refused.slice(-3)).toEqual([
      "SignatureDoesNotMatch",
      "InvalidAccessKeyId",
      "SignatureDoesNotMatch",
    ])
    expect(stub.asked).toEqual([])
  })

  it("that is not there at all, and then is", async () => {
    const [store, blob] = [open(), id()]
    await store.append(blob, 0, parts(random(10)), 20)
    await stub.stop()
    expect(await store.append(blob, 10, parts(random(10)), 10)).toEqual({ written: 0, problem: "away" })
    await expect(whole(store, blob, 0, 10)).rejects.toMatchObject({ kind: "away" })
    await expect(store.remove(blob)).rejects.toMatchObject({ kind: "away" })
    await stub.start()
    expect(await store.size(blob)).toBe(10)
  })
})
