import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { brotliDecompressSync } from "node:zlib"
import { errorKinds, errors } from "@teahouse/protocol/error.ts"
import { sentences } from "@teahouse/protocol/error-sentence.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openTestHouse, register, type TestHouse } from "./house.fixture.ts"

let house: TestHouse
let web: string
beforeAll(async () => {
  web = mkdtempSync(join(tmpdir(), "teahouse-web-"))
  mkdirSync(join(web, "assets"))
  writeFileSync(join(web, "index.html"), "<!doctype html><title>Teahouse</title>")
  writeFileSync(join(web, "sw.js"), "// worker")
  writeFileSync(join(web, "assets", "main-abc123.js"), "export const tea = 1\n".repeat(200))
  writeFileSync(join(web, "assets", "main-abc123.js.map"), "{}")
  writeFileSync(join(web, "..", "outside.txt"), "outside")
  house = await openTestHouse({ web, origins: ["https://chat.example.org"] })
})
afterAll(async () => {
  await house.remove()
  rmSync(web, { recursive: true, force: true })
  rmSync(join(web, "..", "outside.txt"), { force: true })
})

const json = { "content-type": "application/json" }
const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = json) =>
  house.raw({ method: "POST", path, body, headers })
const kindOf = (answer: { text: string }) => JSON.parse(answer.text).kind as string

describe("every answer", () => {
  it.each([
    "/",
    "/3/",
    "/3",
    "/nothing",
    "/assets/none.js",
    "/assets/main-abc123.js",
    "/api/house",
    "/api/me",
    "/api/nothing",
    "/api/%zz",
    "/livez",
    "/readyz",
  ])("carries the headers: %s", async (path) => {
    const { headers } = await house.raw({ path })
    const policy = String(headers["content-security-policy"])
    for (const part of [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      `connect-src 'self' ws://127.0.0.1:${house.port} wss://127.0.0.1:${house.port}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types teahouse",
    ])
      expect(policy.split("; ")).toContain(part)
    expect(policy).not.toContain("unsafe-inline")
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    })
    expect(headers["permissions-policy"]).toContain("geolocation=()")
    expect(headers["strict-transport-security"]).toBeUndefined()
    expect(headers["access-control-allow-origin"]).toBeUndefined()
    expect(headers["x-powered-by"]).toBeUndefined()
  })

  it("asks for https where the public origin has it", async () => {
    const { headers } = await house.raw({ path: "/", headers: { host: "chat.example.org" } })
    expect(headers["strict-transport-security"]).toContain("max-age=")
    expect(headers["content-security-policy"]).toContain("connect-src 'self' wss://chat.example.org;")
  })
})

describe("at the edge", () => {
  it("another host's name is refused, for pages too, and carries the headers", async () => {
    for (const path of ["/", "/api/house", "/livez"]) {
      const answer = await house.raw({ path, headers: { host: "evil.example" } })
      expect([answer.status, kindOf(answer)]).toEqual([421, "wrong_host"])
      expect(answer.headers["content-security-policy"]).not.toContain("evil")
    }
  })

  it("another site's page is refused", async () => {
    const answer = await house.raw({ path: "/api/house", headers: { origin: "http://evil.example" } })
    expect([answer.status, kindOf(answer)]).toEqual([403, "wrong_origin"])
    const own = await house.raw({ path: "/api/house", headers: { origin: house.url } })
    expect(own.status).toBe(200)
  })

  it.each([
    ["no JSON", "{"],
    ["no UTF-8", Uint8Array.of(0x22, 0xff, 0x22)],
    ["no object", "null"],
    ["a list", "[]"],
    ["nothing", ""],
    ["a field too few", "{}"],
    ["a field too many", '{"username":"lin","admin":true}'],
    ["a field of another type", '{"username":7}'],
    ["a prototype", '{"username":"lin","__proto__":{"a":1}}'],
    ["two objects", '{"username":"lin"}{"username":"lin"}'],
    // As deep as a stranger's body may be; deeper ones in socket/strangers.test.ts.
    ["very deep", `${"[".repeat(16_000)}${"]".repeat(16_000)}`],
  ])("%s is malformed", async (_, body) => {
    const answer = await post("/api/login/parameters", body)
    expect([answer.status, kindOf(answer)]).toEqual([400, "malformed"])
  })

  it("bytes that are no HTTP are malformed, with the headers, and the house goes on", async () => {
    const { hostname, port } = new URL(house.url)
    const heard = await new Promise<string>((resolve) => {
      let text = ""
      const socket = connect(Number(port), hostname, () => socket.write("GET \u0000 nonsense\r\n\r\n"))
      socket.on("data", (data) => {
        text += data
      })
      socket.on("close", () => resolve(text))
      socket.on("error", () => {})
    })
    expect(heard).toMatch(/^HTTP\/1.1 400 /)
    for (const part of ['{"kind":"malformed"}', "x-content-type-options: nosniff", "no-store"])
      expect(heard).toContain(part)
    expect((await house.raw({ path: "/livez" })).status).toBe(200)
  })

  it("another type of body is malformed", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" }
    expect(kindOf(await post("/api/login/parameters", "username=lin", form))).toBe("malformed")
    expect(kindOf(await post("/api/login/parameters", '{"username":"lin"}', {}))).toBe("malformed")
  })

  it("a body beyond the route's bound is too large", async () => {
    const answer = await post("/api/login/parameters", `{"username":"${"x".repeat(limits.requestBytes)}"}`)
    expect([answer.status, kindOf(answer)]).toEqual([413, "too_large"])
  })

  it("a large body is not even read from somebody who has not signed in", async () => {
    const answer = await post("/api/rooms", "x".repeat(limits.requestBytes + 1))
    expect([answer.status, kindOf(answer)]).toEqual([401, "not_signed_in"])
  })

  it("a path's id must be one, and what is not asked for is not taken", async () => {
    const own = await openTestHouse()
    const { token } = await register(own, "edge")
    const authorization = `Bearer ${Buffer.from(token).toString("base64url")}`
    for (const path of [
      "/api/users/x/devices",
      "/api/me?a=1",
      "/api/notebook?since=-1",
      "/api/notebook?since=1&since=2",
    ])
      expect([path, kindOf(await own.raw({ path, headers: { authorization } }))]).toEqual([path, "malformed"])
    const extra = await own.raw({
      method: "POST",
      path: "/api/logout",
      body: '{"all":true}',
      headers: { ...json, authorization },
    })
    expect(kindOf(extra)).toBe("malformed")
    expect((await own.call("me", { token })).status).toBe(200)
    await own.remove()
  })

  it("an unknown route is one, whatever the method", async () => {
    for (const [method, path] of [
      ["GET", "/api/nothing"],
      ["GET", "/api"],
      ["DELETE", "/api/house"],
      ["OPTIONS", "/api/house"],
      ["GET", "/api/%zz"],
    ] as const) {
      const answer = await house.raw({ method, path })
      expect([path, answer.status >= 400, answer.status < 500]).toEqual([path, true, true])
      expect(Object.keys(errors)).toContain(kindOf(answer))
    }
  })

  it("every route is there", async () => {
    for (const route of Object.values(routes)) {
      const path = `/api${route.path.replace(/:\w+/g, "A".repeat(22))}`
      const answer = await house.raw({ method: route.method, path, headers: json, body: "" })
      expect([path, answer.text.includes("unknown_route")]).toEqual([path, false])
    }
  })

  it("every error kind has a status, an advice and two sentences", () => {
    for (const kind of errorKinds) {
      const { status, retry } = errors[kind]
      const { zh, en } = sentences[kind]
      expect(status).toBeGreaterThanOrEqual(400)
      expect(["never", "later", "refresh"]).toContain(retry)
      expect(zh).toMatch(/\p{Script=Han}/u)
      expect(en).toMatch(/[a-z]/)
    }
  })
})

describe("pages", () => {
  it("are one page, for every slot", async () => {
    for (const path of ["/", "/1/", "/2/", "/99/", "/1/chats/abc", "/join", "/join/", "/?from=here"]) {
      const answer = await house.raw({ path })
      expect([path, answer.status, answer.headers["content-type"]]).toEqual([
        path,
        200,
        "text/html; charset=utf-8",
      ])
      expect(answer.headers["cache-control"]).toBe("no-cache")
      expect(answer.text).toContain("Teahouse")
    }
    expect((await house.raw({ path: "/2" })).headers.location).toBe("/2/")
  })

  it("keep hashed assets for ever and compress them", async () => {
    const answer = await fetch(`${house.url}/assets/main-abc123.js`, {
      headers: { "accept-encoding": "identity" },
    })
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable")
    expect(answer.headers.get("content-type")).toContain("text/javascript")
    const plain = await answer.text()
    const packed = await new Promise<Buffer>((resolve) => {
      const headers = { "accept-encoding": "br, gzip" }
      void import("node:http").then(({ get }) =>
        get(`${house.url}/assets/main-abc123.js`, { headers }, (got) => {
          const parts: Buffer[] = []
          got.on("data", (part: Buffer) => parts.push(part)).on("end", () => resolve(Buffer.concat(parts)))
        }),
      )
    })
    expect(packed.length).toBeLessThan(plain.length / 5)
    expect(brotliDecompressSync(packed).toString()).toBe(plain)
    const tag = answer.headers.get("etag") ?? ""
    const again = await house.raw({ path: "/assets/main-abc123.js", headers: { "if-none-match": tag } })
    expect(again.status).toBe(304)
  })

  it.each([
    "/assets/gone.js",
    "/assets/",
    "/assets/main-abc123.js.map",
    "/0/",
    "/x/1/",
    "/join/x",
    "/index.htm",
    "/../outside.txt",
    "/%2e%2e/outside.txt",
    "/..%2foutside.txt",
    "/assets/..%2f..%2foutside.txt",
    "/house.json",
  ])("do not have %s, and say so without the page", async (path) => {
    const answer = await house.raw({ path })
    expect(answer.status).toBe(404)
    expect(answer.headers["content-type"]).not.toContain("html")
    expect(answer.text).not.toContain("outside")
  })

  it("take no other methods", async () => {
    expect((await house.raw({ method: "POST", path: "/" })).status).toBe(405)
    expect((await house.raw({ method: "HEAD", path: "/" })).text).toBe("")
  })

  it("say in both languages that they have not been built", async () => {
    const bare = await openTestHouse({ web: join(web, "none") })
    const answer = await bare.raw({ path: "/" })
    await bare.remove()
    expect(answer.status).toBe(503)
    expect(answer.text).toMatch(/npm start[\s\S]*尚未构建/)
  })
})

describe("health", () => {
  it("is alive and ready", async () => {
    expect((await house.raw({ path: "/livez" })).text).toBe("ok\n")
    expect((await house.raw({ path: "/readyz" })).status).toBe(200)
  })
})
