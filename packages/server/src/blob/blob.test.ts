/** Files in a real house: what may be uploaded and by whom, what is read, and what the house forgets again. */
import { randomBytes } from "node:crypto"
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { request as httpRequest } from "node:http"
import { join } from "node:path"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { afterEach, describe, expect, it } from "vitest"
import { openTestHouse, register, type TestHouse, type TestPerson } from "../http/house.fixture.ts"
import type { StartOptions } from "../main.ts"

let house: TestHouse
afterEach(() => house.remove())

const random = (length: number) => new Uint8Array(randomBytes(length))
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64")
const bearer = (who: TestPerson) => ({ authorization: `Bearer ${toBase64url(who.token)}` })
const tus = (who: TestPerson) => ({ ...bearer(who), "tus-resumable": "1.0.0" })

type File = { readonly blob: Id; readonly token: Uint8Array }
const file = (): File => ({ blob: idFrom(random(16)), token: random(16) })

const begin = (who: TestPerson, { blob, token }: File, size: number | string) =>
  house.raw({
    method: "POST",
    path: "/api/uploads",
    headers: {
      ...tus(who),
      "upload-length": String(size),
      "upload-metadata": `blob ${base64(Buffer.from(blob, "base64url"))},token ${base64(sha256(token))}`,
    },
  })
const patch = (who: TestPerson, { blob }: File, offset: number, body: Uint8Array, more = {}) =>
  house.raw({
    method: "PATCH",
    path: `/api/uploads/${blob}`,
    headers: {
      ...tus(who),
      "upload-offset": String(offset),
      "content-type": "application/offset+octet-stream",
      "content-length": String(body.length),
      ...more,
    },
    body,
  })
const head = (who: TestPerson, { blob }: File) =>
  house.raw({ method: "HEAD", path: `/api/uploads/${blob}`, headers: tus(who) })
const remove = (who: TestPerson, { blob }: File) =>
  house.raw({ method: "DELETE", path: `/api/uploads/${blob}`, headers: tus(who) })

async function read(who: TestPerson, { blob, token }: File, range?: string) {
  const answer = await fetch(`${house.url}/api/blobs/${blob}`, {
    headers: { ...bearer(who), "x-read-token": toBase64url(token), ...(range ? { range } : {}) },
  })
  return { status: answer.status, headers: answer.headers, body: new Uint8Array(await answer.arrayBuffer()) }
}
async function upload(who: TestPerson, bytes: Uint8Array): Promise<File> {
  const made = file()
  expect((await begin(who, made, bytes.length)).status).toBe(201)
  expect((await patch(who, made, 0, bytes)).status).toBe(204)
  return made
}
const kindOf = (answer: { text: string }) => JSON.parse(answer.text).kind
const used = async (who: TestPerson) => (await house.call("quota", { token: who.token })).value.used
const onDisk = () => {
  const folder = join(house.data, "blobs")
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((one) => readdirSync(join(folder, one)))
}
const open = async (options: StartOptions = {}) => {
  house = await openTestHouse(options)
  return { lilei: await register(house, "lilei"), han: await register(house, "hanmeimei") }
}

describe("an upload", () => {
  it("goes in parts, is found again where it stopped, and is read by whoever knows the token", async () => {
    const { lilei, han } = await open()
    const one = file()
    const bytes = random(100_000)
    const made = await begin(lilei, one, bytes.length)
    expect([made.status, made.headers.location, made.headers["upload-offset"]]).toEqual([
      201,
      `/api/uploads/${one.blob}`,
      "0",
    ])
    expect((await patch(lilei, one, 0, bytes.subarray(0, 40_000))).headers["upload-offset"]).toBe("40000")
    const stands = await head(lilei, one)
    expect([stands.status, stands.headers["upload-offset"], stands.headers["upload-length"]]).toEqual([
      200,
      "40000",
      "100000",
    ])
    expect((await read(han, one)).status).toBe(404)
    expect((await patch(lilei, one, 40_000, bytes.subarray(40_000))).status).toBe(204)

    const whole = await read(han, one)
    expect(whole.status).toBe(200)
    expect(Buffer.compare(whole.body, bytes)).toBe(0)
    for (const [name, value] of Object.entries({
      "content-type": "application/octet-stream",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "content-security-policy": "sandbox; default-src 'none'",
    }))
      expect(whole.headers.get(name)).toBe(value)
    const part = await read(han, one, "bytes=70000-70009")
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 70000-70009/100000"])
    expect(part.body).toEqual(bytes.subarray(70_000, 70_010))
    expect((await read(han, one, "bytes=-5")).body).toEqual(bytes.subarray(-5))
    expect((await read(han, one, "bytes=100000-")).status).toBe(416)
  })

  it("is nobody else's: others find nothing to look at, to go on with or to delete", async () => {
    const { lilei, han } = await open()
    const one = file()
    await begin(lilei, one, 100)
    for (const answer of [await head(han, one), await patch(han, one, 0, random(10)), await remove(han, one)])
      expect(answer.status).toBe(404)
    expect((await begin(han, one, 100)).status).toBe(409)
    expect((await head(lilei, one)).headers["upload-offset"]).toBe("0")
    const done = await upload(lilei, random(300))
    expect((await read(han, { ...done, token: random(16) })).status).toBe(404)
    expect((await read(han, file())).status).toBe(404)
    const anonymous = await fetch(`${house.url}/api/blobs/${done.blob}`, {
      headers: { "x-read-token": toBase64url(done.token) },
    })
    expect(anonymous.status).toBe(401)
  })

  it("that lies about its size, its place or its form is refused, and what is stored stays right", async () => {
    const { lilei } = await open()
    const one = file()
    const bytes = random(1000)
    expect((await begin(lilei, one, "x")).status).toBe(400)
    expect((await begin(lilei, one, 0)).status).toBe(400)
    await begin(lilei, one, 1000)
    await patch(lilei, one, 0, bytes.subarray(0, 500))
    const gap = await patch(lilei, one, 600, bytes.subarray(600))
    expect([gap.status, kindOf(gap)]).toEqual([409, "wrong_offset"])
    expect((await patch(lilei, one, 0, bytes)).status).toBe(409)
    expect((await patch(lilei, one, 500, bytes, { "content-type": "text/plain" })).status).toBe(400)
    expect((await patch(lilei, one, 500, bytes, { "tus-resumable": "0.2.1" })).status).toBe(412)
    const more = await patch(lilei, one, 500, random(501))
    expect([more.status, kindOf(more)]).toEqual([413, "too_large"])
    expect((await head(lilei, one)).headers["upload-offset"]).toBe("1000")
    expect((await patch(lilei, one, 1000, random(1))).status).toBe(413)
  })

  it("keeps what came before its line was cut", async () => {
    const { lilei } = await open()
    const one = file()
    await begin(lilei, one, 1000)
    const sent = httpRequest(`${house.url}/api/uploads/${one.blob}`, {
      method: "PATCH",
      headers: {
        ...tus(lilei),
        "upload-offset": "0",
        "content-type": "application/offset+octet-stream",
        "content-length": "900",
      },
    })
    sent.on("error", () => {})
    sent.write(random(300))
    const offset = async () => (await head(lilei, one)).headers["upload-offset"]
    const name = Buffer.from(one.blob, "base64url").toString("hex")
    const path = join(house.data, "blobs", name.slice(0, 2), name)
    while (!existsSync(path) || statSync(path).size < 300) await new Promise((done) => setTimeout(done, 20))
    sent.destroy()
    while ((await offset()) === "0") await new Promise((done) => setTimeout(done, 20))
    expect(await offset()).toBe("300")
    expect((await patch(lilei, one, 300, random(700))).status).toBe(204)
  })

  it("goes on with a new line while the old one hangs", async () => {
    const { lilei } = await open()
    const one = file()
    await begin(lilei, one, 1000)
    const headers = { ...tus(lilei), "upload-offset": "0", "content-type": "application/offset+octet-stream" }
    const hanging = httpRequest(`${house.url}/api/uploads/${one.blob}`, {
      method: "PATCH",
      headers: { ...headers, "content-length": "1000" },
    })
    const ended = new Promise<void>((done) => hanging.on("error", () => done()))
    hanging.flushHeaders()
    const bytes = random(1000)
    // Whichever comes first: the other attempt may not have arrived yet.
    let answer = await patch(lilei, one, 0, bytes)
    if (answer.status === 409) answer = await patch(lilei, one, 0, bytes)
    expect(answer.status).toBe(204)
    hanging.destroy()
    await ended
    expect(Buffer.compare((await read(lilei, one)).body, bytes)).toBe(0)
  })

  it("over the limit of a file or of the account never begins, and what is deleted makes room", async () => {
    const { lilei, han } = await open({
      limits: { fileBytes: 1_000_000, userFileBytes: 1_500_000, openUploads: 3 },
    })
    expect(kindOf(await begin(lilei, file(), 1_300_000))).toBe("file_too_large")
    const one = file()
    expect((await begin(lilei, one, 1_000_000)).status).toBe(201)
    // Again, because the answer was lost: reserved once.
    expect((await begin(lilei, one, 1_000_000)).status).toBe(201)
    expect(await used(lilei)).toBe(1_000_000)
    expect(kindOf(await begin(lilei, file(), 600_000))).toBe("quota_exceeded")
    expect((await begin(han, file(), 600_000)).status).toBe(201)
    expect((await remove(lilei, one)).status).toBe(204)
    expect(await used(lilei)).toBe(0)
    for (let i = 0; i < 3; i++) expect((await begin(lilei, file(), 10)).status).toBe(201)
    expect(kindOf(await begin(lilei, file(), 10))).toBe("too_many_uploads")
  })

  it("goes on after the house was stopped, from what its disk has", async () => {
    const { lilei } = await open()
    const one = file()
    const bytes = random(50_000)
    await begin(lilei, one, bytes.length)
    await patch(lilei, one, 0, bytes.subarray(0, 20_000))
    const { data } = house
    await house.stop()
    const name = Buffer.from(one.blob, "base64url").toString("hex")
    const path = join(data, "blobs", name.slice(0, 2), name)
    // Bytes that came and were never acknowledged, as a crash leaves them.
    writeFileSync(path, random(700), { flag: "a" })
    house = await openTestHouse({ data })
    expect((await head(lilei, one)).headers["upload-offset"]).toBe("20000")
    expect((await patch(lilei, one, 20_000, bytes.subarray(20_000))).status).toBe(204)
    expect(Buffer.compare((await read(lilei, one)).body, bytes)).toBe(0)
  })
})

describe("the janitor", () => {
  it("takes uploads that rest for a day, files that nothing speaks of, and what a crash has left without a row", async () => {
    const { lilei } = await open()
    await upload(lilei, random(300))
    const one = file()
    await begin(lilei, one, 300)
    await patch(lilei, one, 0, random(100))
    const { data } = house
    await house.stop()
    const [any] = onDisk() as [string]
    writeFileSync(join(data, "blobs", any.slice(0, 2), `${any.slice(0, 2)}${"0".repeat(30)}`), "left")
    expect(onDisk().length).toBe(3)
    const later = Date.now() + limits.looseBlobMs + 60_000
    house = await openTestHouse({ data, now: () => later })
    for (let i = 0; i < 200 && onDisk().length > 0; i++) await new Promise((done) => setTimeout(done, 50))
    expect(onDisk()).toEqual([])
    expect(await used(lilei)).toBe(0)
  })
})
