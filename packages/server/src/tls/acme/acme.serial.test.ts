import { X509Certificate } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { freePorts } from "../../../../../test/free-ports.ts"
import { need } from "../../../../../test/need.ts"
import { listenPlain, type PlainPort } from "../plain.ts"
import type { Shown } from "../port.ts"
import { openssl, startAuthority } from "./authority.fixture.ts"
import { acmeFiles } from "./files.ts"
import { acmeCertificate } from "./renewal.ts"

const [MINUTE, DAY] = [60_000, 86_400_000]

describe.runIf(need("openssl (certificates)", openssl !== undefined))("a certificate by ACME", () => {
  let keys: string
  let port: number
  let ca: Awaited<ReturnType<typeof startAuthority>>
  let plain: PlainPort | undefined
  let now: number
  let said: string[]

  /** A node: what orders, and its port for http. */
  const node = (names: readonly string[] = ["chat.example.org"], contact = "tea@example.org") => {
    const log = {
      info: (text: string) => void said.push(text),
      warn: (text: string) => void said.push(text),
      error: (_: object, text: string) => void said.push(text),
    }
    const acme = { names, contact, directory: ca.directory }
    // The authority is on this machine: it need not be left alone for half a second. Real pauses are in house.serial.test.ts.
    const wait = () => new Promise<void>((done) => setTimeout(done, 20))
    return acmeCertificate(acme, { keys, now: () => now, log, chance: () => 0, wait })
  }
  const listen = async (by: ReturnType<typeof node>) => {
    const { challenge } = by
    const secure = () => ({ port: 443, ready: true })
    plain = await listenPlain({ host: "127.0.0.1", port, secure, origins: [], names: [], challenge })
  }
  const certificate = () => new X509Certificate(readFileSync(join(keys, "acme", "certificate.pem")))

  beforeEach(async () => {
    keys = mkdtempSync(join(tmpdir(), "teahouse-acme-"))
    ;[port] = (await freePorts(1)) as [number]
    ca = await startAuthority(port)
    // What openssl signs begins in this very second.
    now = Date.now() + 5_000
    said = []
    plain = undefined
  })
  afterEach(async () => {
    await plain?.close()
    await ca.stop()
    rmSync(keys, { recursive: true, force: true })
  })

  it("is ordered with each request signed, through refused nonces, and kept for its owner only", async () => {
    const one = node(["chat.example.org", "www.example.org"])
    await listen(one)
    ca.trouble.nonces = 3
    const shown: Shown[] = []
    expect(one.first).toBeUndefined()
    await one.order(false)
    expect(said.at(-1)).toContain("good until")
    expect(certificate().verify(new X509Certificate(ca.root).publicKey)).toBe(true)
    expect(certificate().subjectAltName).toBe("DNS:chat.example.org, DNS:www.example.org")
    expect(ca.proofs).toEqual(["chat.example.org", "www.example.org"])
    expect(ca.accounts[0]?.contact).toEqual(["mailto:tea@example.org"])

    const folder = join(keys, "acme")
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const name of ["account.json", "certificate.pem", "order.lock"])
      expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600])
    expect(readdirSync(join(folder, "challenges"))).toEqual([])

    // Who opens again has it, and asks for nothing.
    const asked = ca.connections()
    const again = node(["chat.example.org", "www.example.org"])
    expect(again.first?.cert).toContain("BEGIN CERTIFICATE")
    const watch = again.watch((next) => void shown.push(next))
    watch.look()
    await watch.stop()
    expect([ca.connections(), shown.length]).toEqual([asked, 0])
  })

  it("is renewed with a third of its life left, and goes on where that fails", async () => {
    const one = node()
    await listen(one)
    await one.order(false)
    const first = certificate().serialNumber
    const shown: Shown[] = []
    now += 50 * DAY
    const watch = one.watch((next) => void shown.push(next))
    await one.order(false)
    expect([ca.orders.length, shown.length]).toEqual([1, 0])

    now += 12 * DAY
    ca.trouble.down = "broken"
    await one.order(false)
    expect(said.at(-1)).toMatch(/troubles of its own.* \(maintenance\).*The present one is good until/)
    expect([certificate().serialNumber, shown.length]).toEqual([first, 0])
    delete ca.trouble.down
    now += 5 * MINUTE
    await one.order(false)
    expect(certificate().serialNumber).not.toBe(first)
    expect(new X509Certificate(shown.at(-1)?.cert ?? "").serialNumber).toBe(certificate().serialNumber)
    await watch.stop()
  })

  it("is ordered anew where another name is wanted, by the account that there is, with its new contact", async () => {
    const one = node()
    await listen(one)
    await one.order(false)
    await node(["tea.example.org"], "new@example.org").order(false)
    expect(certificate().subjectAltName).toBe("DNS:tea.example.org")
    expect(ca.accounts.map(({ contact }) => contact)).toEqual([["mailto:new@example.org"]])
  })

  it("that cannot be proved is said, and not asked for again before its time", async () => {
    const one = node()
    await one.order(false)
    expect(said.at(-1)).toMatch(/cannot reach http:\/\/chat\.example\.org\/ \(port 80\).*refused.*Next try/)
    expect(said.at(-1)).toContain("80 端口")
    const { failure, next } = acmeFiles(keys).attempt() ?? {}
    expect([failure?.kind, failure?.name, next]).toEqual(["connection", "chat.example.org", now + 5 * MINUTE])
    const asked = ca.connections()
    now += 4 * MINUTE
    await one.order(false)
    await node().order(true)
    expect(ca.connections()).toBe(asked)

    now += MINUTE
    await one.order(false)
    expect(acmeFiles(keys).attempt()).toMatchObject({ failures: 2, next: now + 15 * MINUTE })
    await listen(one)
    now += 15 * MINUTE
    await one.order(false)
    expect(acmeFiles(keys).attempt()).toBeUndefined()
    expect(certificate().subjectAltName).toBe("DNS:chat.example.org")
  })

  it("is not asked for before the time that the authority names, whoever wants it", async () => {
    const one = node()
    await listen(one)
    ca.trouble.limited = 7200
    await one.order(false)
    expect(said.at(-1)).toContain("asked too often. (too many certificates already)")
    const asked = ca.connections()
    now += 119 * MINUTE
    await one.order(true)
    await node().order(true)
    expect(ca.connections()).toBe(asked)
    delete ca.trouble.limited
    now += 2 * MINUTE
    await one.order(false)
    expect(ca.orders).toHaveLength(1)
    expect(certificate().subjectAltName).toBe("DNS:chat.example.org")
  })

  it.each([
    ["an authority that is away", { down: "silent" }, "unreachable"],
    ["an order that ends before it is done", { forgets: true }, "expired"],
    ["a certificate for somebody else", { wrongName: true }, "misfit"],
    ["a clock that is a day behind", {}, "clock", -DAY],
    ["nonces that are never right", { nonces: 1000 }, "other"],
  ] as const)(
    "%s is a failure with a sentence, and shows nothing",
    async (_what, trouble, kind, shift = 0) => {
      const one = node()
      await listen(one)
      now += shift
      Object.assign(ca.trouble, trouble)
      await one.order(false)
      expect(acmeFiles(keys).attempt()?.failure.kind).toBe(kind)
      expect(said.at(-1)).toMatch(/^没有取得证书：.*。.* No certificate: .* Next try: /)
      expect(one.first).toBeUndefined()
      const asked = ca.connections()
      await one.order(false)
      expect([ca.connections(), ca.seen.length < 20]).toEqual([asked, true])
    },
  )

  it("is ordered once by several nodes, whichever of them the authority asks", async () => {
    const [one, other, third] = [node(), node(), node()]
    await listen(other)
    const shown: Shown[] = []
    const watches = [one, third].map((each) => each.watch((next) => void shown.push(next)))
    await Promise.all([one.order(true), other.order(true), third.order(true)])
    await third.order(false)
    expect(ca.orders).toHaveLength(1)
    expect(new Set(shown.map(({ cert }) => cert)).size).toBe(1)
    expect(shown).toHaveLength(2)
    for (const watch of watches) await watch.stop()
  })

  it("of an authority that this machine does not trust is not asked for", async () => {
    const strange = await startAuthority(port)
    await ca.stop()
    ca = strange
    // Its root went with the one before it.
    const one = node()
    await one.order(false)
    expect(acmeFiles(keys).attempt()?.failure).toMatchObject({ kind: "untrusted" })
    expect(said.at(-1)).toContain("NODE_EXTRA_CA_CERTS")
    expect(ca.seen).toEqual([])
  })
})
