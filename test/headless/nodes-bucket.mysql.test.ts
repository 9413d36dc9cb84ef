/**
 * Three nodes of one house whose files are in a bucket: a file that one node was taking when it was killed goes on at another, and a third
 * one gives it to whom it was sent. Three processes, a MariaDB, a nats-server, and a store that checks signatures.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import { openS3Stub, type S3Stub } from "@teahouse/server/blob/s3/stub.fixture.ts"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Cable, openCable } from "../cable.ts"
import { type House, openHouse } from "../house.ts"
import { hasMariadb, type Mariadb, startMariadb } from "../mariadb.ts"
import { hasNats, type Nats, startNats } from "../nats.ts"
import { need } from "../need.ts"
import { befriend, openPerson, type Person } from "./person.ts"

const there = [need("MariaDB", hasMariadb), need("nats-server", hasNats)].every(Boolean)
const MiB = 1024 * 1024

describe.runIf(there)("three nodes and a bucket", () => {
  let folder: string
  let stub: S3Stub
  let database: Mariadb
  let nats: Nats
  const nodes: House[] = []
  let cable: Cable
  const people: Person[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "teahouse-bucket-"))
    ;[stub, database, nats] = await Promise.all([openS3Stub(), startMariadb(), startNats()])
    const environment = {
      TEAHOUSE_DATABASE: await database.fresh(),
      TEAHOUSE_NATS: nats.url,
      TEAHOUSE_KEYS: join(folder, "keys"),
      TEAHOUSE_S3_ENDPOINT: stub.place.endpoint,
      TEAHOUSE_S3_BUCKET: stub.place.bucket,
      TEAHOUSE_S3_REGION: stub.place.region,
      TEAHOUSE_S3_ACCESS_KEY: stub.place.accessKey,
      TEAHOUSE_S3_SECRET_KEY: stub.place.secretKey,
      TEAHOUSE_STRETCHING: "8,1,1",
      TEAHOUSE_LIMIT_SIGN_INS_PER_MINUTE_ADDRESS: "1000",
      TEAHOUSE_LIMIT_COMMIT_INTERVAL_MS: "20",
    }
    for (const i of [0, 1, 2]) nodes.push(await openHouse({ data: join(folder, `node-${i}`), environment }))
    cable = await openCable((nodes[0] as House).port)
  })
  afterAll(async () => {
    await Promise.all(people.map((one) => one.client.stop()))
    await cable?.close()
    await Promise.all(nodes.map((node) => node.stop()))
    await Promise.all([nats?.stop(), database?.stop(), stub?.stop()])
    rmSync(folder, { recursive: true, force: true })
  })

  test("a file goes on where a killed node was, and is read at a third", async () => {
    const [first, second, third] = nodes as [House, House, House]
    const quick = { connection: { firstRetryMs: 100, maxRetryMs: 800 } }
    const [lan, bo] = [openPerson(cable.url, undefined, quick), openPerson(third.url, undefined, quick)]
    people.push(lan, bo)
    await lan.register("lan")
    await bo.register("bo")
    const room = await befriend(lan, "lan", bo, "bo")
    const bytes = new Uint8Array(14 * MiB).map((_, i) => (i * 2_654_435_761) >>> 13)
    const source = {
      size: bytes.length,
      slice: (from: number, to: number) => ({ arrayBuffer: async () => bytes.slice(from, to).buffer }),
    }
    // The second part is kept, and the node dies before it can say so.
    let puts = 0
    const killed = Promise.withResolvers<void>()
    stub.fault = ({ method }) => {
      if (method !== "PUT" || ++puts !== 2) return undefined
      first.kill().then(killed.resolve, killed.reject)
      return { kind: "cut", when: "unsaid" }
    }
    await lan.must("sendFiles", { room, files: [{ source, name: "tea.bin", type: "application/x-tea" }] })
    await killed.promise
    cable.lead(second.port)
    await lan.until("transfers", undefined, ({ transfers }) => transfers.length === 0)
    const isFile = (item: { type: string }): item is MessageItem =>
      item.type === "message" && (item as MessageItem).body.kind === "file"
    const { items } = await bo.timeline(room, (all) =>
      all.some((one) => isFile(one) && one.seq !== undefined),
    )
    const item = items.find(isFile) as MessageItem
    const opened = await bo.must("openFile", { room, key: item.key, seq: item.seq as number })
    const id = opened.url.split("/").at(-1) as string
    const hash = createHash("sha256")
    for (let at = 0; at < bytes.length; ) {
      const part = await bo.client.files.read(id, at, bytes.length)
      if (!part || part.length === 0) throw new Error(`nothing at ${at}`)
      hash.update(part)
      at += part.length
    }
    expect(hash.digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"))
    expect(stub.refused).toEqual([])
    for (const i of [0, 1, 2]) expect(existsSync(join(folder, `node-${i}`, "blobs"))).toBe(false)
    expect([lan.bugs, bo.bugs]).toEqual([[], []])
  })
})
