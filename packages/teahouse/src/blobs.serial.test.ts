/** `teahouse blobs copy`, and what the doctor and `config print` say of a bucket: the programs, a house and a store that checks signatures. */
import { randomBytes } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { readBlob, shelf, uploadTo } from "@teahouse/server/backup/backup.fixture.ts"
import { openS3Stub, type S3Stub } from "@teahouse/server/blob/s3/stub.fixture.ts"
import { openTestHouse, register } from "@teahouse/server/http/house.fixture.ts"
import { afterEach, beforeEach, expect, it } from "vitest"
import { blobFindings } from "./doctor/blobs.ts"
import { run } from "./run.fixture.ts"

let stub: S3Stub
let place: ReturnType<typeof shelf>
let undo: (() => unknown)[]
beforeEach(async () => {
  stub = await openS3Stub()
  place = shelf()
  undo = [stub.stop, place.remove]
})
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})
const environment = () => ({
  TEAHOUSE_S3_ENDPOINT: stub.place.endpoint,
  TEAHOUSE_S3_BUCKET: stub.place.bucket,
  TEAHOUSE_S3_REGION: stub.place.region,
  TEAHOUSE_S3_ACCESS_KEY: stub.place.accessKey,
  TEAHOUSE_S3_SECRET_KEY: stub.place.secretKey,
})

it("files move into a bucket and back, each compared; a house that is open, or half a configuration, is refused", async () => {
  const house = await openTestHouse({ database: "sqlite" })
  undo.push(house.remove)
  const { data } = house
  const lin = await register(house, "lin")
  const bytes = new Uint8Array(randomBytes(300_000))
  const file = await uploadTo(house, lin, bytes)
  const half = await uploadTo(house, lin, bytes.subarray(0, 1000), 2000)
  const copy = (from: string, to: string, env: Record<string, string> = environment()) =>
    run(["blobs", "copy", "--from", from, "--to", to, "--data", data], env)
  const folder = join(data, "blobs")
  expect(await copy(folder, "s3")).toMatchObject({ code: 17 })
  await house.stop()
  expect(await copy(folder, folder)).toMatchObject({ code: 2 })
  expect(await copy(folder, "s3", {})).toMatchObject({
    code: 2,
    err: expect.stringContaining("names no bucket"),
  })
  expect(await copy(folder, "s3", { ...environment(), TEAHOUSE_S3_SECRET_KEY: "wrong" })).toMatchObject({
    code: 1,
    err: expect.stringContaining("does not take the key"),
  })
  const there = await copy(folder, "s3")
  expect(there).toMatchObject({
    code: 0,
    out: expect.stringContaining("Done: 2 files of 0.3 MB, each compared"),
  })
  const puts = () => stub.asked.filter(({ method }) => method === "PUT").length
  const before = puts()
  expect((await copy(folder, "s3")).code).toBe(0)
  expect(puts()).toBe(before)

  const moved = await openTestHouse({ data, database: "sqlite", s3: stub.place })
  undo.push(moved.stop)
  expect(await readBlob(moved, lin, file)).toEqual(bytes)
  await moved.stop()
  const elsewhere = place.at("blobs")
  mkdirSync(elsewhere)
  expect((await copy("s3", elsewhere)).code).toBe(0)
  const back = await openTestHouse({ data, database: "sqlite", blobs: elsewhere })
  undo.push(back.stop)
  expect(await readBlob(back, lin, file)).toEqual(bytes)
  const headers = {
    authorization: `Bearer ${Buffer.from(lin.token).toString("base64url")}`,
    "tus-resumable": "1.0.0",
  }
  const found = await back.raw({ method: "HEAD", path: `/api/uploads/${half.blob}`, headers })
  expect(found.headers["upload-offset"]).toBe("1000")
})

it("the doctor writes, reads and deletes, and says what is wrong; nothing shows the secret", async () => {
  const data = place.at("data")
  mkdirSync(data)
  const standing = async () => (await blobFindings({ data, s3: stub.place })).map((one) => one.standing)
  expect(await standing()).toEqual(["good"])
  expect(stub.objects.size).toBe(0)
  mkdirSync(join(data, "blobs"))
  writeFileSync(join(data, "blobs", "left"), "behind")
  expect(await standing()).toEqual(["good", "doubtful"])
  stub.fault = ({ method }) =>
    method === "DELETE" ? { kind: "error", status: 403, code: "AccessDenied" } : undefined
  expect(await standing()).toEqual(["bad", "doubtful"])
  const wrong = { ...stub.place, secretKey: "wrong" }
  expect((await blobFindings({ data, s3: wrong }))[0]?.found.en).toContain("does not take the key")
  expect(await blobFindings({ data })).toEqual([])
  const printed = await run(["config", "print", "--data", data], environment())
  expect(printed.out).toContain("s3_secret_key = ***")
  expect(printed.out + printed.err).not.toContain(stub.place.secretKey)
})
