import { expect, test } from "vitest"
import { routes } from "./http.ts"
import { newId } from "./ids.ts"
import { pack } from "./pack.ts"
import { decodeUp, encodeUp } from "./wire.ts"
const room = newId((n) => crypto.getRandomValues(new Uint8Array(n)))
test("a frame survives the way there", () => {
  const frame = { t: "send", room, generation: 0, epoch: 3, items: [{ n: 1, body: Uint8Array.of(1, 2) }] } as const
  expect(decodeUp(encodeUp({ ...frame, items: [...frame.items] }))).toEqual({ ok: true, value: frame })
  expect(decodeUp(pack({ t: "nothing" }))).toEqual({ ok: false, error: "malformed" })
  expect(decodeUp(new Uint8Array(2_000_000))).toEqual({ ok: false, error: "too_large" })
  expect(Object.keys(routes).length).toBeGreaterThan(20)
})
