/**
 * Three nodes on one MariaDB with one NATS, behind nginx with TLS and our own sample configuration: people go the whole way of a message; limits are
 * counted for who asks and not for nginx.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import type { IncomingMessage } from "node:http"
import { request } from "node:https"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type House, openHouse } from "../house.ts"
import { hasMariadb, type Mariadb, startMariadb } from "../mariadb.ts"
import { hasNats, type Nats, startNats } from "../nats.ts"
import { need } from "../need.ts"
import { hasNginx, type Nginx, planNginx } from "../nginx.ts"
import { cheap, openPerson, PASSWORD, type Person, textsOf } from "./person.ts"
import { goTheWay } from "./way.ts"

const there = [
  need("MariaDB", hasMariadb),
  need("nats-server", hasNats),
  need("nginx and openssl", hasNginx),
].every(Boolean)

describe.runIf(there)("three nodes behind nginx", () => {
  let folder: string
  let database: Mariadb
  let nats: Nats
  let nginx: Nginx
  let nodes: House[]
  const people: Person[] = []
  const person = () => {
    const made = openPerson(nginx.origin)
    people.push(made)
    return made
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "teahouse-behind-"))
    ;[database, nats, nginx] = await Promise.all([startMariadb(), startNats(), planNginx()])
    const environment = {
      TEAHOUSE_DATABASE: await database.fresh(),
      TEAHOUSE_NATS: nats.url,
      TEAHOUSE_BLOBS: join(folder, "blobs"),
      TEAHOUSE_KEYS: join(folder, "keys"),
      TEAHOUSE_ORIGIN: nginx.origin,
      TEAHOUSE_STRETCHING: "8,1,1",
      // This machine is every network in turn: of its addresses only nginx's own is a proxy.
      TEAHOUSE_TRUSTED_PROXIES: "127.0.0.1",
      TEAHOUSE_LIMIT_SIGN_INS_PER_MINUTE_ADDRESS: "12",
      TEAHOUSE_LIMIT_COMMIT_INTERVAL_MS: "20",
      TEAHOUSE_LIMIT_COMMIT_BURST: "100",
    }
    nodes = await Promise.all(
      ["a", "b", "c"].map((name) => openHouse({ data: join(folder, name), environment })),
    )
    await nginx.start(nodes.map(({ port }) => port))
  })
  afterAll(async () => {
    await Promise.all(people.map((one) => one.client.stop()))
    await nginx?.stop()
    await Promise.all((nodes ?? []).map((node) => node.stop()))
    await nats?.stop()
    await database?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const firstInvite = async () => {
    const path = join(folder, "keys", "first-invite.txt")
    await expect.poll(() => existsSync(path)).toBe(true)
    return readFileSync(path, "utf8").trim().split("#invite=")[1] ?? ""
  }
  const enter = async (one: Person, username: string, invite: string) => {
    await one.must("createAccount", { username, password: PASSWORD, invite })
    await one.must("confirmRecoveryCode", {})
    await one.until("connection", undefined, ({ state }) => state === "connected")
  }
  const inviteOf = async (admin: Person) => {
    const asked = { name: "adminCreateInvite", request: { uses: 1, life: 3_600_000 } } as const
    const { code } = (await admin.must("administer", asked)) as { code: Uint8Array }
    return toBase64url(code)
  }
  const ask = (path: string, from: string, more: Record<string, string> | undefined, body: string) =>
    new Promise<IncomingMessage>((done, failed) => {
      const asked = request(
        {
          ...{
            host: "127.0.0.1",
            servername: "localhost",
            port: nginx.port,
            path,
            method: "POST",
            ca: nginx.ca,
          },
          ...{ localAddress: from, agent: false },
          headers: { host: `localhost:${nginx.port}`, "content-type": "application/json", ...more },
        },
        (answer) => done(answer.resume()),
      )
      asked.on("error", failed)
      asked.end(body)
    })

  test("people go the whole way of a message", async () => {
    const house = await fetch(`${nginx.plain}/chats`, { redirect: "manual" })
    expect([house.status, house.headers.get("location")]).toEqual([301, `${nginx.origin}/chats`])
    const page = await fetch(`${nginx.origin}/`)
    expect(page.headers.get("strict-transport-security")).toBe("max-age=31536000")

    // Who comes through a proxy may be anybody: registration is by invitation, and the first one makes the others.
    expect(await person().command("createAccount", { username: "bo", password: PASSWORD })).toMatchObject({
      error: { kind: "registration_closed" },
    })
    let first: Person | undefined
    const { lan, bo, tablet, chat } = await goTheWay({
      person,
      async enter(one, username) {
        await enter(one, username, first ? await inviteOf(first) : await firstInvite())
        first ??= one
      },
      async away() {
        const ports = nodes.map(({ port }) => port)
        await Promise.all(nodes.map((node) => node.kill()))
        return async () => {
          nodes = await Promise.all(nodes.map((node, at) => node.restart(ports[at])))
        }
      },
    })
    // Whatever node somebody is on: one ends, and everybody is there again.
    await nodes[0]?.stop()
    for (const one of [lan, bo, tablet])
      await one.until("connection", undefined, ({ state }) => state === "connected")
    await lan.say(chat, "still here")
    for (const one of [bo, tablet]) await one.timeline(chat, (all) => textsOf(all).includes("still here"))
  })

  test("limits are counted for who asks, whatever they say of themselves", async () => {
    const { request: first } = await createCrypto(cheap).password.startLogin(PASSWORD)
    const body = (n: number) => JSON.stringify({ username: `nobody${n}`, request: first })
    let count = 0
    const start = (from: string, more?: Record<string, string>) =>
      ask("/api/login/start", from, more, body(count++))
    /** How many of so many are let in. */
    const letIn = async (tries: number, from: string, more?: Record<string, string>) => {
      let good = 0
      for (let n = 0; n < tries; n++) if ((await start(from, more)).statusCode !== 429) good += 1
      return good
    }
    // Nodes tell each other, and a little late.
    expect(await letIn(60, "127.0.0.2")).toBeLessThan(40)
    expect(await letIn(10, "127.0.0.2", { "x-forwarded-for": "198.51.100.9" })).toBeLessThan(5)
    expect(await letIn(10, "127.0.0.3")).toBe(10)
  })
})
