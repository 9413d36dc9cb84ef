import { expect, test } from "vitest"
import * as z from "zod/mini"
import { errorKinds, errors, refusal, refuse } from "./error.ts"
import type { Route } from "./http/route.ts"
import { routes } from "./http.ts"
import { limits } from "./limits.ts"

const all = Object.entries(routes) as [string, Route][]

test("no two routes answer to the same request", () => {
  const shapes = all.map(([, r]) => `${r.method} ${r.path.replace(/:[a-z]+/g, ":")}`)
  expect(new Set(shapes).size).toBe(all.length)
})

test("paths are plain, bodies are bounded, and only the right routes are open to anybody", () => {
  for (const [, r] of all) {
    expect(r.path).toMatch(/^(\/(:?[a-z-]+))+$/)
    expect(r.maxBytes ?? limits.requestBytes).toBeLessThanOrEqual(limits.commitRequestBytes)
  }
  expect(
    all
      .filter(([, r]) => r.access === "none")
      .map(([name]) => name)
      .sort(),
  ).toEqual(["house", "loginFinish", "loginParameters", "loginStart", "registerFinish", "registerStart"])
})

test("a body with a field that no schema names is refused", () => {
  for (const [, r] of all) {
    if (!r.request) continue
    const answer = z.safeDecode(r.request, { unheardOf: 1 })
    expect(answer.error?.issues.some((issue) => issue.code === "unrecognized_keys")).toBe(true)
  }
})

test("binary fields in JSON are base64url within their bounds", () => {
  const bind = (key: string) =>
    z.safeDecode(routes.addAccountKey.request, { generation: 1, sealed: key }).success
  expect(bind("A".repeat(43))).toBe(true)
  expect(bind("A".repeat(43).concat("="))).toBe(false)
  expect(bind("A".repeat(42))).toBe(false)
  expect(bind("B".repeat(43))).toBe(false)
  expect(bind("A".repeat(2000))).toBe(false)
})

test("every refusal says what to do, in both languages", () => {
  for (const kind of errorKinds) {
    const row = errors[kind]
    expect(row.status).toBeGreaterThanOrEqual(400)
    expect(row.zh).toMatch(/[\u4e00-\u9fff].*。$/u)
    expect(row.en).toMatch(/^[A-Z].*\.$/)
    expect(z.safeDecode(refusal, refuse(kind)).success).toBe(true)
  }
  expect(z.safeDecode(refusal, { kind: "because" as "internal" }).success).toBe(false)
})
