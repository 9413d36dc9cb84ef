import { createHash } from "node:crypto"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { request } from "node:http"
import { request as secureRequest } from "node:https"
import { connect as connectPlainly, createServer, type Socket } from "node:net"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"
import { connect, rootCertificates } from "node:tls"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { freePorts } from "../../../../test/free-ports.ts"
import { need } from "../../../../test/need.ts"
import { hasPebble, startPebble } from "../../../../test/pebble.ts"
import { openTestHouse, type TestHouse } from "../http/house.fixture.ts"
import { publiclyTrusted } from "./trusted.ts"
import { issue, makeAuthority } from "./x509.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-secure-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Asked = {
  readonly path?: string
  readonly host?: string
  readonly method?: string
  readonly language?: string
}

/** By http, at this machine, under any name. */
const plainly = (
  port: number,
  { path = "/", host = "chat.example.org", method = "GET", language }: Asked = {},
) =>
  new Promise<{ status: number; location: string | undefined; text: string; type: string | undefined }>(
    (done, failed) => {
      const headers = { host, ...(language ? { "accept-language": language } : {}) }
      request({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
        const parts: Buffer[] = []
        answer.on("data", (part: Buffer) => parts.push(part))
        answer.on("end", () => {
          const { location, "content-type": type } = answer.headers
          done({
            status: answer.statusCode ?? 0,
            location,
            type,
            text: Buffer.concat(parts).toString("utf8"),
          })
        })
      })
        .on("error", failed)
        .end()
    },
  )

const bytesOf = async (port: number, path: string) =>
  new Uint8Array(await (await fetch(`http://127.0.0.1:${port}${path}`)).arrayBuffer())

/** By https, with this root and no other trusted. */
const securely = (port: number, ca: string, servername: string, path = "/livez") =>
  new Promise<{ status: number; hsts: string | undefined }>((done, failed) => {
    const headers = { host: servername === "127.0.0.1" ? `127.0.0.1:${port}` : servername }
    const to = { host: "127.0.0.1", port, path, ca, headers, agent: false }
    secureRequest({ ...to, ...(servername === "127.0.0.1" ? {} : { servername }) }, (answer) => {
      answer.resume()
      done({ status: answer.statusCode ?? 0, hsts: answer.headers["strict-transport-security"] })
    })
      .on("error", failed)
      .end()
  })

const NAME = "chat.example.org"
describe.runIf(need("pebble (Let's Encrypt's test server)", hasPebble))("a house with ACME", () => {
  it("gets its certificate from Pebble, shows it on both ports, leads people from http, and has it after a restart", async () => {
    const [redirectPort = 0] = await freePorts(1)
    const pebble = await startPebble(redirectPort)
    const acme = { names: [NAME, `www.${NAME}`], contact: "tea@example.org", directory: pebble.directory }
    const origins = acme.names.map((name) => `https://${name}`)
    let house: TestHouse | undefined
    try {
      const open = (more = {}) =>
        openTestHouse({ data: folder, acme, origins, redirectPort, socketPort: 0, ...more })
      house = await open()
      expect(house.url).toMatch(/^https:/)
      const { port, socketPort = 0 } = house
      const trusted = (at: number) => securely(at, pebble.root, NAME).then(({ status }) => status, String)
      await expect.poll(() => trusted(port)).toBe(200)
      expect(await trusted(socketPort)).toBe(426)
      // Nobody but this test knows Pebble's root.
      expect((await securely(port, pebble.root, NAME)).hsts).toBeUndefined()
      expect(await securely(port, pebble.root, "other.example").catch(String)).toContain(
        "ERR_TLS_CERT_ALTNAME",
      )

      expect(await plainly(redirectPort, { path: "/1/chats?x=%41" })).toMatchObject({
        status: 308,
        location: `https://${NAME}/1/chats?x=%41`,
      })
      const led = async (host: string) => (await plainly(redirectPort, { host })).location
      expect(await led(`www.${NAME}`)).toBe(`https://www.${NAME}/`)
      expect(await led("evil.example")).toBe(`https://${NAME}/`)
      expect((await plainly(redirectPort, { path: "//evil.example/x" })).location).toBe(
        `https://${NAME}/evil.example/x`,
      )
      expect((await plainly(redirectPort, { path: "http://evil.example/x" })).location).toBe(
        `https://${NAME}/x`,
      )
      expect((await plainly(redirectPort, { method: "POST", path: "/api/house" })).status).toBe(405)
      for (const path of ["x", "../account.json", "%2e%2e%2faccount.json", "A".repeat(43)])
        expect(
          (await plainly(redirectPort, { path: `/.well-known/acme-challenge/${path}` })).status,
        ).not.toBe(200)
      await house.stop()

      // The authority may be away now; and to somebody who knows its root, the house may say that it insists on https.
      await pebble.stop()
      house = await open({ publicRoots: [pebble.root] })
      expect((await securely(house.port, pebble.root, NAME)).hsts).toBe("max-age=31536000")
      expect(house.logged()).not.toContain("is ordered")
    } finally {
      await house?.remove()
      await pebble.stop()
    }
  })

  it("whose authority is away opens all the same, says so, and answers no handshake", async () => {
    const [redirectPort = 0, nobody] = await freePorts(2)
    const acme = { names: [NAME], directory: `https://localhost:${nobody}/dir` }
    const house = await openTestHouse({ data: folder, acme, origins: [`https://${NAME}`], redirectPort })
    try {
      await expect.poll(() => house.logged()).toMatch(/localhost:\d+ cannot be reached\. \(ECONNREFUSED\)/)
      expect(await plainly(redirectPort)).toMatchObject({ status: 503 })
      const failed = await new Promise<string>((done) => {
        const socket = connect({ port: house.port, host: "127.0.0.1", rejectUnauthorized: false }, () =>
          done("open"),
        )
        socket.on("error", (error) => done(String(error)))
      })
      expect(failed).toMatch(/alert|handshake/i)
    } finally {
      await house.remove()
    }
  })
})

describe("a house with a certificate of its own", () => {
  it("explains it by http in two languages, leads on from everywhere else, and never insists on https", async () => {
    const origins = ["https://tea.lan"]
    const open = () =>
      openTestHouse({ data: folder, selfSigned: true, redirectPort: 0, host: "0.0.0.0", origins })
    const house = await open()
    try {
      const { port, redirectPort = 0, ownAuthority } = house
      const { certificate = "", fingerprint = "" } = ownAuthority ?? {}
      const { status, hsts } = await securely(port, certificate, "127.0.0.1")
      expect([status, hsts]).toEqual([200, undefined])
      // Also under the name that is an origin, where HSTS would stand with a certificate that browsers know.
      expect((await securely(port, certificate, "tea.lan")).hsts).toBeUndefined()
      expect((await securely(port, certificate, `${hostname().toLowerCase()}.local`)).status).toBe(200)

      const host = `127.0.0.1:${redirectPort}`
      const page = (more: Asked) => plainly(redirectPort, { host, ...more })
      const [zh, en] = [await page({ path: "/zh" }), await page({ path: "/en" })]
      expect([zh.status, zh.type]).toEqual([200, "text/html; charset=utf-8"])
      expect(zh.text).toMatch(/lang="zh-CN"[\s\S]*(?:为什么|警告)/)
      for (const { text } of [zh, en]) expect(text.replace(/<\/?span>/g, "")).toContain(fingerprint)
      for (const system of ["Windows", "macOS", "iPhone", "Android", "Linux", "Firefox"])
        for (const { text } of [zh, en]) expect(text).toContain(`<summary>${system}`)
      expect((await page({ language: "zh-CN,zh;q=0.9,en;q=0.8" })).text).toBe(zh.text)
      expect((await page({ language: "en-US,en;q=0.9,zh-CN;q=0.8" })).text).toBe(en.text)
      expect((await page({})).text).toBe(en.text)

      const file = await bytesOf(redirectPort, "/teahouse.crt")
      expect(createHash("sha256").update(file).digest("hex").toUpperCase()).toBe(
        fingerprint.replaceAll(":", ""),
      )
      expect((await page({ path: "/open" })).location).toBe(`https://127.0.0.1:${port}/`)
      expect((await page({ path: "/1/chats" })).location).toBe(`https://127.0.0.1:${port}/1/chats`)
      expect((await page({ path: "/x", host: "tea.lan" })).location).toBe("https://tea.lan/x")
      expect((await page({ path: "/api/house" })).status).toBe(308)
      expect((await page({ path: "/.well-known/acme-challenge/x" })).status).toBe(404)
    } finally {
      await house.stop()
    }
    const again = await open()
    expect(again.ownAuthority?.fingerprint).toBe(house.ownAuthority?.fingerprint)
    await again.remove()
  })

  it("counts who is at its port for http like at any other", async () => {
    const house = await openTestHouse({
      ...{ data: folder, selfSigned: true, redirectPort: 0, host: "127.0.0.1" },
      ...{ limits: { connectionsPerAddress: 2 }, trustedProxies: [] },
    })
    const sockets = Array.from({ length: 3 }, () => connectPlainly(house.redirectPort ?? 0, "127.0.0.1"))
    try {
      for (const socket of sockets) await once(socket, "connect")
      const [said] = await once(sockets[2] as Socket, "data")
      expect(String(said)).toMatch(/^HTTP\/1\.1 429 /)
    } finally {
      for (const socket of sockets) socket.destroy()
      await house.remove()
    }
  })

  it("does not open where its port for http is taken, and says what that port is for", async () => {
    const other = createServer().listen(0, "127.0.0.1")
    await once(other, "listening")
    const { port: redirectPort } = other.address() as { port: number }
    const opened = openTestHouse({ data: folder, selfSigned: true, redirectPort })
    await expect(opened).rejects.toThrow(`Port ${redirectPort} (redirect_port) is in use`)
    other.close()
  })
})

describe("who insists on https", () => {
  it("is only a house whose certificate leads to a root that browsers know", async () => {
    const life = { from: Date.now() - 60_000, until: Date.now() + 86_400_000 }
    const realm = { names: ["example"], networks: ["10.0.0.0/8"] }
    const [known, other] = [await makeAuthority("A", realm, life), await makeAuthority("A", realm, life)]
    const { cert } = await issue(known, ["tea.example"], life)
    expect(publiclyTrusted(cert, [other.cert, known.cert])).toBe(true)
    // Without the chain, and with a root of the same name that did not sign.
    expect(publiclyTrusted(cert.slice(0, cert.indexOf("END CERTIFICATE-----") + 20), [known.cert])).toBe(true)
    expect(publiclyTrusted(cert, [other.cert])).toBe(false)
    expect(publiclyTrusted(cert)).toBe(false)
    const [root = ""] = rootCertificates
    expect(publiclyTrusted(root)).toBe(true)
    expect(publiclyTrusted("nothing")).toBe(false)
  })
})
