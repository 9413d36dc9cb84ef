import { createPublicKey, verify } from "node:crypto"
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { loadVapid, PUSH_FILE } from "./vapid.ts"

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "teahouse-vapid-"))
})
afterEach(() => rmSync(dir, { recursive: true }))

const NOW = 1_800_000_000_000
const service = new URL("https://push.example/some/subscription")

/** What a push service does with the header (RFC 8292). */
function read(header: string) {
  const [, token = "", key = ""] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header) ?? []
  const [head = "", claims = "", signature = ""] = token.split(".")
  const point = Buffer.from(key, "base64url")
  const x = point.subarray(1, 33).toString("base64url")
  const y = point.subarray(33).toString("base64url")
  const publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" })
  const holds = verify(
    "sha256",
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  )
  const json = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString())
  return { holds, point, head: json(head), claims: json(claims) }
}

test("its statement is for one service, signed by the key that devices subscribe with, and ends within a day", async () => {
  const vapid = await loadVapid(dir, "https://tea.example")
  const { holds, point, head, claims } = read(vapid.authorization(service, NOW))
  expect(holds).toBe(true)
  expect(new Uint8Array(point)).toEqual(vapid.publicKey)
  expect(head).toEqual({ typ: "JWT", alg: "ES256" })
  expect(claims).toMatchObject({ aud: "https://push.example", sub: "https://tea.example" })
  expect(claims.exp).toBeGreaterThan(NOW / 1000)
  expect(claims.exp).toBeLessThanOrEqual(NOW / 1000 + 86_400)
})

test("one statement serves for hours, and is never used up to its end", async () => {
  const vapid = await loadVapid(dir, "mailto:a@tea.example")
  const first = vapid.authorization(service, NOW)
  expect(vapid.authorization(new URL("https://push.example/other"), NOW + 3_600_000)).toBe(first)
  const later = read(vapid.authorization(service, NOW + 7 * 3_600_000))
  expect(later.claims.exp).toBeGreaterThan(NOW / 1000 + 12 * 3_600)
})

test("the key is made once, is the same ever after, and nobody else may read it", async () => {
  const [first, again] = [await loadVapid(dir, "x:y"), await loadVapid(dir, "x:y")]
  expect(again.publicKey).toEqual(first.publicKey)
  expect(statSync(join(dir, PUSH_FILE)).mode & 0o077).toBe(0)
})

test("a damaged file is an error that says what to do and does not quote it", async () => {
  writeFileSync(join(dir, PUSH_FILE), '{"privateKey": "tea-leaves"')
  const failure = await loadVapid(dir, "x:y").catch((error: Error) => error.message)
  expect(failure).toContain("delete it")
  expect(failure).not.toContain("tea-leaves")
})
