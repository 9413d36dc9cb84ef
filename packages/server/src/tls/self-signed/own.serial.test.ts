import { execFileSync } from "node:child_process"
import { X509Certificate } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createServer } from "node:https"
import { type AddressInfo, isIP } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect } from "node:tls"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { need } from "../../../../../test/need.ts"
import { findProgram } from "../../../../../test/program.ts"
import type { Shown } from "../port.ts"
import { issue } from "../x509.ts"
import { authorityIn, ownCertificate } from "./own.ts"

const openssl = findProgram("openssl")
const DAY = 86_400_000

let folder: string
let now: number
let said: string[]
let machine = { name: "Tea-Box", addresses: ["127.0.0.1", "::1", "192.168.1.5", "fd00::5", "fe80::1%eth0"] }
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-own-"))
  now = Date.now()
  said = []
  machine = { name: "Tea-Box", addresses: ["127.0.0.1", "::1", "192.168.1.5", "fd00::5", "fe80::1%eth0"] }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const own = (hosts: readonly string[] = [], data = "data") => {
  const log = {
    info: (text: string) => void said.push(text),
    warn: (text: string) => void said.push(text),
    error: (_: object, text: string) => void said.push(text),
  }
  const parts = { keys: join(folder, "keys"), data: join(folder, data) }
  return ownCertificate({ ...parts, hosts, now: () => now, log, machine: () => machine })
}
const authority = () => JSON.parse(readFileSync(authorityIn(join(folder, "keys")), "utf8"))

/** What a browser that trusts only `ca` says to a server that shows `shown` when it wants `host`. */
async function asks(shown: Shown, ca: string, host: string): Promise<string> {
  const server = createServer(shown).listen(0, "127.0.0.1")
  await new Promise((done) => server.once("listening", done))
  const { port } = server.address() as AddressInfo
  try {
    return await new Promise<string>((done) => {
      const name = isIP(host) ? {} : { servername: host }
      const socket = connect({ host: "127.0.0.1", port, ca, ...name, ...checking(host) }, () => {
        done("trusted")
        socket.destroy()
      })
      socket.on("error", (error) => done(error.message))
    })
  } finally {
    server.close()
  }
}
/** For an address that this machine does not have. */
const checking = (host: string) => ({
  checkServerIdentity: (_name: string, { raw }: { raw: Buffer }) => {
    const cert = new X509Certificate(raw)
    const good = cert.checkHost(host) ?? cert.checkIP(host)
    return good === undefined ? new Error("another name") : undefined
  },
})

describe("a certificate of the house's own", () => {
  it("is for all names and addresses of the machine, and trusted by who trusts the authority", async () => {
    const secure = await own(["tea.lan", "10.8.0.1"])
    const { certificate = "", fingerprint, names } = secure.own ?? {}
    const shown = secure.first as Shown
    const all = [
      "localhost",
      "tea-box",
      "tea-box.local",
      "tea.lan",
      "192.168.1.5",
      "127.0.0.1",
      "::1",
      "fd00::5",
    ]
    for (const host of [...all, "10.8.0.1"])
      expect([host, await asks(shown, certificate, host)]).toEqual([host, "trusted"])
    expect(await asks(shown, certificate, "192.168.1.6")).toBe("another name")
    expect(names).toEqual(["tea-box", "tea-box.local"])
    expect(fingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    expect(statSync(authorityIn(join(folder, "keys"))).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, "data", "self-signed", "shown.json")).mode & 0o777).toBe(0o600)
    expect(certificate).not.toContain("PRIVATE")
  })

  it("cannot vouch for a bank, whoever has the authority's key", async () => {
    await own()
    const life = { from: now - DAY, until: now + DAY }
    for (const host of ["bank.example", "8.8.8.8", "2606:4700::1", "local.bank.example"]) {
      const forged = await issue(authority(), [host], life)
      expect([host, await asks(forged, authority().cert, host)]).toEqual([
        host,
        "permitted subtree violation",
      ])
    }
  })

  it.runIf(need("openssl (certificates)", openssl !== undefined))(
    "is well formed by the strict rules of openssl",
    async () => {
      const { first, own: made } = await own()
      const [ca, leaf] = [join(folder, "ca.pem"), join(folder, "leaf.pem")]
      writeFileSync(ca, made?.certificate ?? "")
      writeFileSync(leaf, first?.cert ?? "")
      const checked = ["-x509_strict", "-purpose", "sslserver", "-verify_ip", "192.168.1.5"]
      expect(String(execFileSync(openssl as string, ["verify", ...checked, "-CAfile", ca, leaf]))).toContain(
        "OK",
      )
    },
  )

  it("is the same after a restart and for another node, which shows one of its own", async () => {
    const [first, again] = [await own(), await own()]
    expect(again.first?.cert).toBe(first.first?.cert)
    const other = await own([], "other")
    expect(other.own?.fingerprint).toBe(first.own?.fingerprint)
    expect(other.first?.cert).not.toBe(first.first?.cert)
  })

  it("is made again for a new address and before it ends, without being trusted anew", async () => {
    const secure = await own()
    const shown: Shown[] = []
    const watch = secure.watch((next) => void shown.push(next))
    const look = async () => {
      watch.look()
      await watch.stop()
    }
    await look()
    expect(shown).toHaveLength(0)
    machine = { ...machine, addresses: ["192.168.7.9"] }
    await look()
    expect(await asks(shown[0] as Shown, secure.own?.certificate ?? "", "192.168.7.9")).toBe("trusted")
    now += 250 * DAY
    await look()
    expect(shown).toHaveLength(2)
    expect(Date.parse(new X509Certificate(shown[1]?.cert ?? "").validTo)).toBeGreaterThan(now + 300 * DAY)
    expect((await own()).own?.fingerprint).toBe(secure.own?.fingerprint)
  })

  it("takes a new authority for a new name of the internet, and says so", async () => {
    const before = await own()
    const after = await own(["chat.example.org"])
    expect(after.own?.fingerprint).not.toBe(before.own?.fingerprint)
    expect(said.join()).toMatch(/每台设备须重新信任。.*has to trust it anew/)
    const certificate = after.own?.certificate ?? ""
    expect(await asks(after.first as Shown, certificate, "chat.example.org")).toBe("trusted")
    const forged = await issue(authority(), ["example.org"], { from: now - DAY, until: now + DAY })
    expect(await asks(forged, certificate, "example.org")).toBe("permitted subtree violation")
  })

  it("keeps its authority whatever the machine is called by itself, leaves that out, and says so once", async () => {
    const before = await own()
    machine = { name: "4f1c2ab09e77", addresses: ["192.168.1.5", "2606:4700::7"] }
    const after = await own()
    expect(after.own?.fingerprint).toBe(before.own?.fingerprint)
    const shown = new X509Certificate(after.first?.cert ?? "")
    expect([shown.checkIP("2606:4700::7"), shown.checkHost("4f1c2ab09e77")]).toEqual([undefined, undefined])
    expect(await asks(after.first as Shown, before.own?.certificate ?? "", "192.168.1.5")).toBe("trusted")
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/不含 2606:4700::7, 4f1c2ab09e77.*is not for 2606:4700::7, 4f1c2ab09e77/)
    await own()
    expect(said).toHaveLength(1)
  })

  it("whoever configures a name or an address gets it, and other nodes keep what they have", async () => {
    await own([], "one")
    const tea = machine
    machine = { name: "other", addresses: ["192.168.1.6"] }
    const both = await own(["198.51.100.7"], "two")
    for (const host of ["198.51.100.7", "other"])
      expect(await asks(both.first as Shown, both.own?.certificate ?? "", host)).toBe("trusted")
    machine = tea
    const again = await own([], "one")
    expect(again.own?.fingerprint).toBe(both.own?.fingerprint)
    expect(await asks(again.first as Shown, both.own?.certificate ?? "", "tea-box")).toBe("trusted")
  })
})
