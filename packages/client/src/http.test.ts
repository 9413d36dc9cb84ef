/** Answers of houses that are newer than this client (docs/decisions/43). */
import { newId } from "@teahouse/protocol/ids.ts"
import { VERSION_HEADER, versionText } from "@teahouse/protocol/version.ts"
import { expect, test } from "vitest"
import { createHttp } from "./http.ts"

const room = newId((length) => crypto.getRandomValues(new Uint8Array(length)))
function answering(status: number, body: unknown) {
  const asked: RequestInit[] = []
  const call = createHttp({
    origin: "http://house",
    token: () => new Uint8Array(32),
    async fetch(_url, init) {
      asked.push(init as RequestInit)
      return new Response(JSON.stringify(body), { status })
    },
  })
  return { call, asked }
}

test("each request says the version, and what an answer has beyond it is left out", async () => {
  const { call, asked } = answering(200, { incarnations: [], weather: "rain" })
  expect(await call("roomIncarnations", { params: { room } })).toEqual({
    ok: true,
    value: { incarnations: [] },
  })
  expect(asked[0]?.headers).toMatchObject({ [VERSION_HEADER]: versionText() })
})

test("an answer of another major, and a refusal for a reason that is not known, are said to be of another version", async () => {
  const other = { ok: false, error: { kind: "unsupported_version" } }
  expect(await answering(200, { major: 2, minor: 0, tea: "house" }).call("house", {})).toEqual(other)
  expect(await answering(409, { kind: "full_moon" }).call("house", {})).toEqual(other)
  const busy = answering(503, { kind: "unavailable", retryAfterMs: 5, weather: "rain" })
  expect(await busy.call("house", {})).toEqual({ ok: false, error: { kind: "unavailable", retryAfterMs: 5 } })
})

test("what is no answer of a house at all is as if there were none", async () => {
  const none = { ok: false, error: { kind: "offline" } }
  for (const [status, body] of [
    [200, { hotel: "wifi" }],
    [200, null],
    [200, { major: "2" }],
    [502, { error: "bad gateway" }],
    [502, null],
  ] as const)
    expect(await answering(status, body).call("house", {})).toEqual(none)
})
