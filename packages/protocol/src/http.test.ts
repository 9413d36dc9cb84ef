import { expect, test } from "vitest"
import * as z from "zod/mini"
import { errorKinds, errors, refusal, refuse } from "./error.ts"
import { sentences } from "./error-sentence.ts"
import { accountKey } from "./http/account.ts"
import { adminRoutes } from "./http/admin.ts"
import { type Route, readParams } from "./http/route.ts"
import { routes } from "./http.ts"
import { limits } from "./limits.ts"

const all = Object.entries({ ...routes, ...adminRoutes }) as [string, Route][]

test("no two routes answer to the same request", () => {
  const shapes = all.map(([, r]) => `${r.method} ${r.path.replace(/:[a-z]+/g, ":")}`)
  expect(new Set(shapes).size).toBe(all.length)
})

test("paths are plain, bodies are bounded, and only the right routes are open to anybody", () => {
  for (const [, r] of all) {
    expect(r.path).toMatch(/^(\/(:?[a-z-]+))+$/)
    // A segment of history in base64url and what stands around it; nothing else is larger than a commit.
    const most = r === routes.writeHistory ? 16 * 2 ** 20 + 1024 : limits.commitRequestBytes
    expect(r.maxBytes ?? limits.requestBytes).toBeLessThanOrEqual(most)
  }
  expect(
    all
      .filter(([, r]) => r.access === "none")
      .map(([name]) => name)
      .sort(),
  ).toEqual([
    ...["house", "loginFinish", "loginParameters", "loginStart", "recoveryFinish", "recoveryStart"],
    ...["registerFinish", "registerStart"],
  ])
  // What an administrator alone may is below one path, but for the question whether one is.
  for (const [name, r] of all) expect(r.access === "admin").toBe(/^admin/.test(name))
  for (const [name, r] of all) expect(r.path.startsWith("/admin/")).toBe(/^(admin|amAdmin$)/.test(name))
})

test("the parts of a path are ids, or numbers in their only spelling", () => {
  const id = "A".repeat(22)
  expect(readParams({ room: id, incarnation: "0", number: "9007199254740991" })).toEqual({
    room: id,
    incarnation: 0,
    number: 9007199254740991,
  })
  for (const number of ["", "01", "-1", "+1", "1.0", "1e3", "0x1", " 1", "９", "9007199254740992", id])
    expect(readParams({ room: id, number })).toBeUndefined()
  for (const room of ["", "1", "A".repeat(21), `${id}A`, "..", "__proto__"])
    expect(readParams({ room, number: "1" })).toBeUndefined()
})

test("a body with a field that no schema names is refused", () => {
  for (const [, r] of all) {
    if (!r.request) continue
    const answer = z.safeDecode(r.request, { unheardOf: 1 })
    expect(answer.error?.issues.some((issue) => issue.code === "unrecognized_keys")).toBe(true)
  }
})

test("binary fields in JSON are base64url within their bounds", () => {
  const bind = (key: string) => z.safeDecode(accountKey, { generation: 1, sealed: key }).success
  expect(bind("A".repeat(43))).toBe(true)
  expect(bind("A".repeat(43).concat("="))).toBe(false)
  expect(bind("A".repeat(42))).toBe(false)
  expect(bind("B".repeat(43))).toBe(false)
  expect(bind("A".repeat(2000))).toBe(false)
})

test("every refusal says what to do, in both languages", () => {
  for (const kind of errorKinds) {
    expect(errors[kind].status).toBeGreaterThanOrEqual(400)
    expect(sentences[kind].zh).toMatch(/[\u4e00-\u9fff].*。$/u)
    expect(sentences[kind].en).toMatch(/^[A-Z].*\.$/)
    expect(z.safeDecode(refusal, refuse(kind)).success).toBe(true)
  }
  expect(z.safeDecode(refusal, { kind: "because" as "internal" }).success).toBe(false)
})
