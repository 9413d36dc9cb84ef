/**
 * The lock: whoever changes what travels changes the version too. Raise `minor` for what an older peer can ignore,
 * `major` for what it cannot read, and add the new hash with a line that says what changed.
 */
import { expect, test } from "vitest"
import * as z from "zod/mini"
import { toBase64url, utf8 } from "./bytes.ts"
import { down } from "./down.ts"
import { raw } from "./fields.ts"
import { sha256 } from "./hash.ts"
import { adminRoutes } from "./http/admin.ts"
import { routes } from "./http.ts"
import { idRaw, idText } from "./ids.ts"
import { schemaText } from "./schema-text.fixture.ts"
import { up } from "./up.ts"
import { protocolVersion, speaks } from "./version.ts"

const hash = (value: unknown) => toBase64url(sha256(utf8(schemaText(value))))

const locked: Record<string, { frames: string; routes: string }> = {
  // The first: accounts, devices, friends, rooms, the notebook, history kept by the house, own devices, changing the
  // password and signing in with the recovery code, what a restored house has kept,
  // administration, bots, key logs, names that look alike, what a house has lost and gets again,
  // which positions of a room a history holds whole, in one stretch or several, a generation that a restored house gets
  // again without a revocation.
  "1.0": {
    frames: "DEs5FWfMeP7kR5NxwJhmr7HE67wcFzlSIE1h1jltBb4",
    routes: "Gn9vSWNuT97kOrT_xhwnn4SCO_GkGUmNWTo783rdsTE",
  },
}

test("the schemas are those of the version", () => {
  const version = `${protocolVersion.major}.${protocolVersion.minor}`
  const now = { frames: hash({ up, down }), routes: hash({ ...routes, ...adminRoutes }) }
  expect(
    now,
    "schemas changed: raise protocolVersion, or (before the first release) lock the new hash",
  ).toEqual(locked[version])
})

test("the lock sees what would hurt an older peer", () => {
  const object = (shape: z.core.$ZodLooseShape) => hash(z.strictObject(shape))
  const base = object({ a: raw(1, 32), b: z.string() })
  for (const changed of [
    object({ a: raw(1, 33), b: z.string() }),
    object({ a: raw(0, 32), b: z.string() }),
    object({ a: raw(1, 32), b: z.optional(z.string()) }),
    object({ a: raw(1, 32), b: z.string().check(z.maxLength(3)) }),
    object({ a: raw(1, 32), c: z.string() }),
    object({ a: raw(1, 32), b: z.string(), c: z.string() }),
    object({ a: idRaw, b: z.string() }),
    object({ a: idText, b: z.string() }),
    hash(z.object({ a: raw(1, 32), b: z.string() })),
  ])
    expect(changed).not.toBe(base)
})

test("peers speak when their majors agree", () => {
  expect(speaks({ major: protocolVersion.major, minor: 99 })).toBe(true)
  expect(speaks({ major: protocolVersion.major + 1, minor: 0 })).toBe(false)
})
