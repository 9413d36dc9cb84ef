/** The cable is what the journeys trust about being offline, so it is tested itself. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Cable, openCable } from "./cable.ts"

let answered = 0
const server = createServer((request, response) => {
  answered++
  request.resume().on("end", () => response.end(`hello from ${request.url}`))
})
let cable: Cable

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()))
  cable = await openCable((server.address() as AddressInfo).port, { record: true })
})
afterAll(async () => {
  await cable.close()
  await new Promise((done) => server.close(done))
})

const ask = async (path: string, ms = 1000) =>
  (await fetch(cable.url + path, { signal: AbortSignal.timeout(ms) })).text()

test("it leads to the server, is cut, stalls and comes back", async () => {
  expect(await ask("/1")).toBe("hello from /1")
  cable.cut()
  await expect(ask("/2")).rejects.toThrow("fetch failed")
  await expect(ask("/3")).rejects.toThrow("fetch failed")
  cable.stall()
  await expect(ask("/4", 200)).rejects.toThrow(/timeout/i)
  cable.restore()
  expect(await ask("/5")).toBe("hello from /5")
  expect(answered).toBe(2)
})

test("it keeps what clients said", async () => {
  await fetch(`${cable.url}/said`, { method: "POST", body: "a secret" })
  const all = Buffer.concat(cable.recorded.flat()).toString("latin1")
  expect(all).toContain("POST /said")
  expect(all).toContain("a secret")
})
