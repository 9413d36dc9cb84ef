/** The checker itself: each rule is broken once, and the repository keeps them all. */
import { expect, test } from "vitest"
import { problems, sources } from "./imports.ts"

const check = (files: Record<string, string>) => problems(new Map(Object.entries(files)))

test("this repository keeps the import rules", () => {
  expect(problems(sources())).toEqual([])
})

test.each<[string, string, string, RegExp]>([
  [
    "protocol knows nobody",
    "packages/protocol/src/a.ts",
    'import { x } from "@teahouse/judge/x.ts"',
    /protocol may not know judge/,
  ],
  [
    "the server knows no client",
    "packages/server/src/a.ts",
    'import type { X } from "@teahouse/client/x.ts"',
    /server may not know client/,
  ],
  [
    "tests of the server neither",
    "packages/server/src/a.test.ts",
    'import { x } from "@teahouse/client/x.ts"',
    /server may not know client/,
  ],
  [
    "by a path neither",
    "packages/server/src/a.ts",
    'import { x } from "../../client/src/x.ts"',
    /by its name/,
  ],
  [
    "web does not know the server",
    "packages/web/src/a.tsx",
    'const x = <b>{import("@teahouse/server/x.ts")}</b>',
    /web may not know server/,
  ],
  [
    "a type query is an import",
    "packages/judge/src/a.ts",
    'let x: import("@teahouse/server/x.ts").X',
    /judge may not know server/,
  ],
  [
    "a re-export is an import",
    "packages/judge/src/a.ts",
    'export * from "@teahouse/client/x.ts"',
    /judge may not know client/,
  ],
  [
    "the client has no Node",
    "packages/client/src/a.ts",
    'import { readFile } from "node:fs"',
    /no Node modules/,
  ],
  [
    "without the prefix neither",
    "packages/protocol/src/a.ts",
    'import { readFile } from "fs"',
    /no Node modules/,
  ],
  ["nor its globals", "packages/client/src/a.ts", "export const x = Buffer.from([])", /uses Buffer/],
  ["extensions are written", "packages/judge/src/a.ts", 'import { x } from "./b"', /with the extension/],
  ["no barrels", "packages/judge/src/a.ts", 'import { x } from "@teahouse/protocol"', /no barrels/],
  [
    "crypto does not know the store",
    "packages/client/src/crypto/a.ts",
    'import { x } from "../store/b.ts"',
    /do not know one another/,
  ],
  [
    "the socket does not know crypto",
    "packages/client/src/socket.ts",
    'import { x } from "./crypto/seal.ts"',
    /do not know one another/,
  ],
])("%s", (_, file, text, reason) => {
  expect(check({ [file]: text })).toContainEqual(expect.stringMatching(reason))
})

test("cycles are found through types", () => {
  const a = 'import type { B } from "./b.ts"\nexport type A = B'
  const b = 'import { c } from "./c.ts"'
  const c = 'import type { A } from "./a.ts"'
  expect(
    check({ "packages/judge/src/a.ts": a, "packages/judge/src/b.ts": b, "packages/judge/src/c.ts": c }),
  ).toEqual([expect.stringMatching(/cycle: .*a\.ts → .*b\.ts → .*c\.ts → .*a\.ts/)])
})

test("what is allowed passes", () => {
  expect(
    check({
      "packages/server/src/a.ts": 'import { x } from "@teahouse/protocol/x.ts"\nimport { y } from "node:fs"',
      "packages/client/src/a.test.ts":
        'import { y } from "node:fs"\nimport { z } from "@teahouse/server/main.ts"',
      "packages/client/src/store/b.ts":
        'import type { Crypto } from "../crypto/port.ts"\nconst x = { process: 1 }.process',
      "packages/client/src/crypto/c.ts": 'import { process } from "./d.ts"\nprocess(1)',
      "packages/web/build/size.ts": 'import { y } from "node:fs"',
      "test/journey/a.ts": 'import { z } from "@teahouse/server/main.ts"',
    }),
  ).toEqual([])
})
