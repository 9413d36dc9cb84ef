import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer as createHttpServer } from "node:http"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { acmeFiles } from "@teahouse/server/tls/acme/files.ts"
import { listenPlain } from "@teahouse/server/tls/plain.ts"
import { ownCertificate } from "@teahouse/server/tls/self-signed/own.ts"
import { issue, makeAuthority } from "@teahouse/server/tls/x509.ts"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { housePortFinding, redirectFinding, secureFindings } from "./certificate.ts"
import { secureFinding } from "./network.ts"

const DAY = 86_400_000
let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "teahouse-doctor-"))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

const acme = { names: ["chat.example.org"], directory: "https://ca.example/dir" }
const look = async (now: number, resolves = async () => true) =>
  (await secureFindings({ data, acme }, now, resolves)).map(({ check, standing, found, advice }) => {
    for (const one of [found, advice]) if (one) expect(one.zh).toMatch(/\p{Script=Han}.*[。）]$/u)
    return `${check} ${standing}: ${found.en} ${advice?.en ?? ""}`
  })

describe("what the doctor says of a certificate that the house orders", () => {
  it("none yet, one that is good, one whose renewal failed, one that has ended", async () => {
    const now = Date.now()
    expect((await look(now))[0]).toMatch(/^certificate good: There is no certificate yet/)
    const life = { from: now - DAY, until: now + 30 * DAY + 1000 }
    const authority = await makeAuthority("A", { names: ["example.org"], networks: ["10.0.0.0/8"] }, life)
    const files = acmeFiles(data)
    files.keep(await issue(authority, acme.names, life))
    expect((await look(now))[0]).toBe(
      "certificate good: The certificate ends in 30 days and is renewed by itself. ",
    )
    const failure = { kind: "rate_limited", detail: "too many" } as const
    files.failed({ failures: 1, at: now, next: Date.UTC(2027, 0, 2, 3, 4), failure })
    expect((await look(now))[0]).toMatch(
      /^certificate doubtful: The last order .* ca\.example says that it was asked too often\. \(too many\) The present one ends in 30 days\. Next try: 2027-01-02 03:04 UTC\. Wait;/,
    )
    expect((await look(now + 40 * DAY))[0]).toMatch(/^certificate bad: The last order/)
  })

  it("a name that leads nowhere", async () => {
    expect((await look(Date.now(), async () => false))[1]).toMatch(
      /^name bad: chat\.example\.org leads to no address/,
    )
    expect((await look(Date.now()))[1]).toMatch(/^name good:/)
  })
})

it("a certificate of the house's own is named by its fingerprint, and browsers encrypt under it", async () => {
  const say = async () => (await secureFindings({ data, selfSigned: true }, Date.now()))[0]?.found.en
  expect(await say()).toContain("made at the first start")
  const log = { info() {}, warn() {}, error() {} }
  const { own } = await ownCertificate({ keys: data, data, hosts: [], now: Date.now, log })
  expect(await say()).toContain(own?.fingerprint)
  expect(secureFinding({ host: "0.0.0.0", origins: [], selfSigned: true }).standing).toBe("good")
})

it("the port for http is known for ours, also before there is a certificate, and another program's is not", async () => {
  let ready = true
  const parts = { host: "127.0.0.1", port: 0, origins: [], names: [] }
  const ours = await listenPlain({ ...parts, secure: () => ({ port: 1, ready }) })
  expect((await redirectFinding("127.0.0.1", ours.port)).standing).toBe("good")
  ready = false
  expect((await redirectFinding("127.0.0.1", ours.port)).standing).toBe("good")
  // Meanwhile the house's own port answers no handshake, and is the house's all the same.
  const silent = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1")
  await once(silent, "listening")
  const { port: at } = silent.address() as { port: number }
  const own = () => housePortFinding({ host: "127.0.0.1", port: at, redirectPort: ours.port })
  expect((await own()).standing).toBe("good")
  ready = true
  expect((await own()).standing).toBe("bad")
  silent.close()
  await ours.close()
  const other = createHttpServer((_, response) => response.writeHead(503).end()).listen(0, "127.0.0.1")
  await once(other, "listening")
  const { port } = other.address() as { port: number }
  expect(await redirectFinding("127.0.0.1", port)).toMatchObject({ check: "redirect-port", standing: "bad" })
  other.close()
})
