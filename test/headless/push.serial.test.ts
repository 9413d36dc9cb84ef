/** A device that is closed is woken by a push service: here a small one of our own, which believes a valid VAPID only. */
import { createPublicKey, verify } from "node:crypto"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, newDisk, openPerson, type Person } from "./person.ts"

type Push = { readonly path: string; readonly topic: unknown; readonly ttl: number; readonly bytes: number }

let folder: string
let house: RunningHouse
let service: Server
let origin: string
let people: Person[]
let pushes: Push[]
let status: number
/** Moves the house's clock, by which it spaces its pushes. */
let ahead = 0

const patience = { timeout: 20_000 }
const person = (disk = newDisk()) => {
  const made = openPerson(house.url, disk)
  people.push(made)
  return made
}

function believes(header: string | undefined): boolean {
  const [, token = "", key = ""] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header ?? "") ?? []
  const [head = "", claims = "", signature = ""] = token.split(".")
  const point = Buffer.from(key, "base64url")
  if (point.length !== 65) return false
  const x = point.subarray(1, 33).toString("base64url")
  const y = point.subarray(33).toString("base64url")
  const publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" })
  const said = JSON.parse(Buffer.from(claims, "base64url").toString())
  return (
    said.aud === origin &&
    verify(
      "sha256",
      Buffer.from(`${head}.${claims}`),
      { key: publicKey, dsaEncoding: "ieee-p1363" },
      Buffer.from(signature, "base64url"),
    )
  )
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-push-"))
  people = []
  pushes = []
  status = 201
  ahead = 0
  service = createServer((request, response) => {
    let bytes = 0
    request.on("data", (part: Buffer) => {
      bytes += part.length
    })
    request.on("end", () => {
      const fine = request.method === "POST" && believes(request.headers.authorization)
      const { topic, ttl } = request.headers
      if (fine) pushes.push({ path: request.url ?? "", topic, ttl: Number(ttl), bytes })
      response.writeHead(fine ? status : 403).end()
    })
  })
  service.listen(0, "127.0.0.1")
  await once(service, "listening")
  origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  house = await startHouse({
    port: 0,
    data: folder,
    stretching: cheap,
    logLevel: "silent",
    pushOrigins: [origin],
    now: () => Date.now() + ahead,
  })
})
afterEach(async () => {
  await Promise.all(people.map((one) => one.client.stop()))
  await house.stop()
  service.close()
  rmSync(folder, { recursive: true, force: true })
})

async function pair() {
  const disk = newDisk()
  const [lan, bo] = [person(disk), person()]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const away = async () => {
    await lan.client.stop()
    people = people.filter((one) => one !== lan)
  }
  return { disk, lan, bo, room, away }
}

test("nobody who is connected is woken; who is away is, without a word of what was said, and once a minute", async () => {
  const { disk, lan, bo, room, away } = await pair()
  expect((await lan.must("pushKey", {})).key).toHaveLength(65)
  await lan.must("setPush", { endpoint: `${origin}/lan` })
  await bo.say(room, "while she is here")
  await lan.reads(room, ["while she is here"])
  await away()
  await bo.say(room, "one")
  await expect
    .poll(() => pushes, patience)
    .toEqual([{ path: "/lan", topic: "teahouse", ttl: 86_400, bytes: 0 }])
  await bo.say(room, "two")
  await bo.say(room, "three")
  // Whoever comes back in between is told at once the next time.
  const again = person(disk)
  await again.reads(room, ["while she is here", "one", "two", "three"])
  expect(pushes).toHaveLength(1)
  await again.client.stop()
  people = people.filter((one) => one !== again)
  await bo.say(room, "four")
  await expect.poll(() => pushes.length, patience).toBe(2)
})

test("a subscription that is gone is forgotten; one that fails is tried again", async () => {
  const { bo, room, lan, away } = await pair()
  await lan.must("setPush", { endpoint: `${origin}/lan` })
  await away()
  status = 503
  await bo.say(room, "the service is tired")
  await expect.poll(() => pushes.length, patience).toBe(1)
  ahead += 61_000
  status = 410
  await bo.say(room, "it has forgotten her")
  await expect.poll(() => pushes.length, patience).toBe(2)
  ahead += 61_000
  status = 201
  await bo.say(room, "so has the house")
  // Something else reaches the service, so what was to come has come.
  await bo.must("setPush", { endpoint: `${origin}/bo` })
  const third = person()
  await third.register("third")
  const other = await befriend(bo, "bo", third, "third")
  await bo.client.stop()
  people = people.filter((one) => one !== bo)
  await third.say(other, "hello bo")
  await expect.poll(() => pushes.map(({ path }) => path), patience).toEqual(["/lan", "/lan", "/bo"])
})

test("addresses that are no push service's are refused, and who unsubscribes or signs out is not woken", async () => {
  const { bo, room, lan } = await pair()
  for (const endpoint of [
    "http://127.0.0.1:1/x",
    "https://evil.example/x",
    "no address",
    "https://10.0.0.1/x",
  ])
    expect(await lan.client.command("setPush", { endpoint })).toMatchObject({
      ok: false,
      error: { kind: "push_refused" },
    })
  await lan.must("setPush", { endpoint: `${origin}/lan` })
  await lan.must("setPush", { endpoint: null })
  await bo.must("setPush", { endpoint: `${origin}/bo` })
  await bo.must("signOut", { forget: false })
  await lan.say(room, "to somebody who signed out")
  const third = person()
  await third.register("third")
  const other = await befriend(lan, "lan", third, "third")
  await third.must("setPush", { endpoint: `${origin}/third` })
  await third.client.stop()
  people = people.filter((one) => one !== third)
  await lan.say(other, "to somebody who is away")
  await expect.poll(() => pushes.map(({ path }) => path), patience).toEqual(["/third"])
})
