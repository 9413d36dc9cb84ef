/** A bucket that takes what is asked and says nothing: whoever waits is told soon, however often it is asked. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, beforeEach, expect, it } from "vitest"
import { openBucket } from "./bucket.ts"

/** Requests that came, and whether the head of an answer goes back before the silence. */
let asked: number
let head: boolean
const server = createServer((_request, response) => {
  asked++
  if (head) response.writeHead(206, { "content-length": 10 }).flushHeaders()
})
beforeEach(async () => {
  asked = 0
  head = false
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})
const open = () =>
  openBucket(
    {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...{ bucket: "tea", region: "eu", accessKey: "key", secretKey: "secret", pathStyle: true },
    },
    // One try and half of another.
    { pauseMs: 1, patienceMs: 500, togetherMs: 750 },
  )

it("whatever is asked", async () => {
  const bucket = open()
  const all = [
    () => bucket.put("one", new Uint8Array(9)),
    () => bucket.delete("one"),
    () => bucket.list("")[Symbol.asyncIterator]().next(),
    () => bucket.get("one", 0, 10),
  ]
  await Promise.all(all.map((ask) => expect(ask()).rejects.toMatchObject({ kind: "away" })))
  expect(asked).toBeLessThanOrEqual(2 * all.length)
})

it("reading, where the head of an answer comes and then nothing", async () => {
  head = true
  const parts = await open().get("one", 0, 10)
  await expect(parts?.[Symbol.asyncIterator]().next()).rejects.toMatchObject({ kind: "away" })
  expect(asked).toBeLessThanOrEqual(2)
})
