/** A real house that keeps files in a bucket: sent, read, deleted, backed up; while the bucket is away, and on two nodes. */
import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { readBlob, shelf, take, uploadTo } from "../../backup/backup.fixture.ts"
import { checkBackup } from "../../backup/check.ts"
import { restoreBackup } from "../../backup/restore.ts"
import { databaseOf } from "../../db/database.fixture.ts"
import { openTestHouse, register, type TestHouse, type TestPerson } from "../../http/house.fixture.ts"
import type { StartOptions } from "../../main.ts"
import { openS3Stub, type S3Stub } from "./stub.fixture.ts"

const random = (length: number) => new Uint8Array(randomBytes(length))
let stub: S3Stub
let house: TestHouse
let undo: (() => unknown)[]
beforeEach(async () => {
  stub = await openS3Stub()
  undo = [stub.stop]
})
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})
const open = async (options: StartOptions = {}) => {
  house = await openTestHouse({ ...options, s3: stub.place })
  undo.push(() => house.remove())
  return house
}
const tus = (who: TestPerson) => ({
  authorization: `Bearer ${toBase64url(who.token)}`,
  "tus-resumable": "1.0.0",
})
const head = (who: TestPerson, blob: string) =>
  house.raw({ method: "HEAD", path: `/api/uploads/${blob}`, headers: tus(who) })
const patch = (who: TestPerson, blob: string, offset: number, body: Uint8Array) =>
  house.raw({
    method: "PATCH",
    path: `/api/uploads/${blob}`,
    headers: {
      ...tus(who),
      "upload-offset": String(offset),
      "content-type": "application/offset+octet-stream",
      "content-length": String(body.length),
    },
    body,
  })

describe("a house with a bucket", () => {
  it("keeps files there and nowhere else, gives them in parts, and forgets them wholly", async () => {
    await open()
    const lin = await register(house, "lin")
    const bytes = random(200_000)
    const file = await uploadTo(house, lin, bytes)
    expect(await readBlob(house, lin, file)).toEqual(bytes)
    const part = await fetch(`${house.url}/api/blobs/${file.blob}`, {
      headers: { ...tus(lin), "x-read-token": toBase64url(file.token), range: "bytes=199990-" },
    })
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 199990-199999/200000"])
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(199_990))
    expect(existsSync(`${house.data}/blobs`)).toBe(false)
    const name = Buffer.from(idBytes(file.blob)).toString("hex")
    expect([...stub.objects.keys()].every((key) => key.includes(`.1/${name}/`))).toBe(true)
    await house.raw({ method: "DELETE", path: `/api/uploads/${file.blob}`, headers: tus(lin) })
    expect(stub.objects.size).toBe(0)
  })

  it("says `unavailable` while it is away, loses nothing of what it has said, and deletes later", async () => {
    let later = 0
    await open({ now: () => Date.now() + later })
    const lin = await register(house, "lin")
    const bytes = random(90_000)
    const half = await uploadTo(house, lin, bytes.subarray(0, 30_000), bytes.length)
    const gone = await uploadTo(house, lin, random(10))
    stub.fault = () => ({ kind: "error", status: 403, code: "AccessDenied" })
    const refused = await patch(lin, half.blob, 30_000, bytes.subarray(30_000))
    expect([refused.status, JSON.parse(refused.text)]).toEqual([503, { kind: "unavailable" }])
    const read = await fetch(`${house.url}/api/blobs/${gone.blob}`, {
      headers: { ...tus(lin), "x-read-token": toBase64url(gone.token) },
    })
    expect(read.status).toBe(503)
    const dropped = await house.raw({
      method: "DELETE",
      path: `/api/uploads/${gone.blob}`,
      headers: tus(lin),
    })
    expect(dropped.status).toBe(204)
    expect(house.logged()).toContain("does not take the key")
    expect(house.logged()).not.toContain(stub.place.secretKey)
    expect((await head(lin, half.blob)).headers["upload-offset"]).toBe("30000")
    stub.fault = () => undefined
    expect((await patch(lin, half.blob, 30_000, bytes.subarray(30_000))).status).toBe(204)
    expect(await readBlob(house, lin, half)).toEqual(bytes)
    // What could not be deleted then goes with the next start, like everything without a row.
    const { data } = house
    await house.stop()
    later = 1000
    await open({ data })
    await expect.poll(() => [...stub.objects.keys()].some((key) => key.includes(hex(gone.blob)))).toBe(false)
    expect(await readBlob(house, lin, half)).toEqual(bytes)
    await house.stop()
    await open({ data, now: () => Date.now() + limits.looseBlobMs + 60_000 })
    await expect.poll(() => stub.objects.size).toBe(0)
  })

  it("is backed up with its files, or not at all; another life of it takes nothing of this one's away", async () => {
    await open()
    const lin = await register(house, "lin")
    const bytes = random(50_000)
    const file = await uploadTo(house, lin, bytes)
    const place = shelf()
    undo.push(place.remove)
    const configuration = { data: house.data, database: await databaseOf(house.data), s3: stub.place }
    const taken = await take(house.data, place.at("one"), { configuration })
    expect(taken).toMatchObject({ ok: true, value: { manifest: { files: { count: 1, missing: [] } } } })
    expect((await checkBackup(place.at("one"), true)).damages).toEqual([])
    stub.fault = ({ key }) =>
      key === "" ? undefined : { kind: "error", status: 403, code: "RequestTimeTooSkewed" }
    await expect(take(house.data, place.at("two"), { configuration })).rejects.toMatchObject({
      kind: "clock",
    })
    expect(place.names()).toEqual(["one"])
    stub.fault = () => undefined

    // Somebody tries the backup with the same configuration while the house goes on.
    const later = await uploadTo(house, lin, random(10))
    const restored = await restoreBackup({
      ...{ from: place.at("one"), data: place.at("drill"), database: await databaseOf(place.at("drill")) },
      ...{ operatorKey: undefined, signOut: false, now: Date.now, onProgress() {} },
    })
    expect(restored.ok).toBe(true)
    stub.asked.length = 0
    const drill = await openTestHouse({ data: place.at("drill"), s3: stub.place })
    undo.push(drill.remove)
    await expect.poll(() => stub.asked.length).toBeGreaterThan(0)
    const other = await uploadTo(drill, await register(drill, "mei"), random(20))
    expect([...stub.objects.keys()].some((key) => key.includes(hex(other.blob)))).toBe(true)
    await drill.stop()
    expect(await readBlob(house, lin, file)).toEqual(bytes)
    expect((await readBlob(house, lin, later)).length).toBe(10)
  })
})

const hex = (blob: string) => Buffer.from(blob, "base64url").toString("hex")
