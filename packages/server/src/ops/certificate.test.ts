import { execFileSync } from "node:child_process"
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect } from "node:tls"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { need } from "../../../../test/need.ts"
import { findProgram } from "../../../../test/program.ts"
import { defaultConfiguration, readConfiguration } from "../config.ts"
import { openTestHouse } from "../http/house.fixture.ts"
import { startHouse } from "../main.ts"
import { readPair, watchPair } from "./certificate.ts"
import { StartRefused } from "./refusal.ts"

const openssl = findProgram("openssl")
const YEARS = 10 * 365 * 86_400_000

describe.runIf(need("openssl (certificates)", openssl !== undefined))("https", () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-tls-"))
  const at = (name: string) => join(folder, name)
  const files = (name: string, key = name) => ({ certificate: at(`${name}.pem`), key: at(`${key}.key`) })
  const make = (name: string) => {
    const kind = [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "30",
    ]
    const named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    const { certificate, key } = files(name)
    execFileSync(openssl as string, [...kind, ...named, "-keyout", key, "-out", certificate], {
      stdio: "ignore",
    })
  }
  beforeAll(() => {
    make("one")
    make("other")
    writeFileSync(at("none.pem"), "no certificate")
    writeFileSync(at("none.key"), "no key")
    // Its own is whole; what stands above it is not.
    const [one, other] = [readFileSync(at("one.pem"), "utf8"), readFileSync(at("other.pem"), "utf8")]
    writeFileSync(at("half.pem"), one + other.slice(0, other.length / 2))
    writeFileSync(at("odd.pem"), `${one}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it("what is wrong with the files is said, each in its own sentence", () => {
    const now = Date.now()
    expect(readPair(files("one"), now)).toMatchObject({ ok: true })
    const problem = (name: string, key = name, when = now) => {
      const read = readPair(files(name, key), when)
      if (read.ok) return "right"
      expect(read.error.zh).toMatch(/。$/)
      return read.error.en
    }
    expect(problem("one", "other")).toContain("is not the key of")
    expect(problem("none")).toContain("is no certificate")
    expect(problem("one", "none")).toContain("is no private key")
    expect(problem("gone")).toContain("There is no file")
    expect(problem("half", "one")).toContain("is cut or damaged (OpenSSL: bad end line)")
    expect(problem("odd", "one")).toContain("is cut or damaged")
    expect(problem("one", "one", now + YEARS)).toContain("ended on")
    expect(problem("one", "one", now - YEARS)).toContain("begins on")
    const half = readConfiguration(["--data", folder], { TEAHOUSE_CERTIFICATE: at("one.pem") })
    expect(half.ok ? "" : half.error[0]?.en).toContain("needs both certificate and certificate_key")
  })

  const fingerprint = (port: number) =>
    new Promise<string>((done, failed) => {
      const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
        done(socket.getPeerCertificate().fingerprint256)
        socket.destroy()
      })
      socket.on("error", failed)
    })

  it("a house has it on both ports, takes a newer pair, and keeps what it has where that one is wrong", async () => {
    for (const [from, to] of [
      ["one.pem", "live.pem"],
      ["one.key", "live.key"],
    ] as const)
      copyFileSync(at(from), at(to))
    const secure = { certificate: at("live.pem"), certificateKey: at("live.key") }
    const house = await openTestHouse({ ...secure, socketPort: 0, data: at("data") })
    try {
      expect(house.url).toMatch(/^https:/)
      const first = await fingerprint(house.port)
      expect(await fingerprint(house.socketPort ?? 0)).toBe(first)
      copyFileSync(at("other.pem"), at("live.pem"))
      house.reload(defaultConfiguration)
      expect(await fingerprint(house.port)).toBe(first)
      copyFileSync(at("half.pem"), at("live.pem"))
      house.reload(defaultConfiguration)
      expect(await fingerprint(house.port)).toBe(first)
      copyFileSync(at("other.pem"), at("live.pem"))
      copyFileSync(at("other.key"), at("live.key"))
      house.reload(defaultConfiguration)
      const second = await fingerprint(house.port)
      expect(second).not.toBe(first)
      expect(await fingerprint(house.socketPort ?? 0)).toBe(second)
    } finally {
      await house.stop()
    }
    const wrong = startHouse({
      ...secure,
      certificateKey: at("one.key"),
      data: at("data"),
      port: 0,
      logLevel: "silent",
    })
    await expect(wrong).rejects.toThrow(StartRefused)
  })

  it("that will end is said once, not at each look", () => {
    const read = readPair(files("one"), Date.now())
    if (!read.ok) throw new Error("not right")
    const said: string[] = []
    let now = Date.now()
    const parts = { now: () => now, warn: (text: string) => void said.push(text), info: () => {} }
    const watch = watchPair({ setSecureContext: () => {} }, files("one"), read.value, parts)
    expect(said).toEqual([])
    now += 20 * 86_400_000
    watch.look()
    watch.look()
    expect(said).toHaveLength(1)
    expect(said[0]).toContain("ends in 10 days")
    watch.stop()
  })
})
