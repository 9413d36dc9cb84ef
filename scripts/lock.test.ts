/** What makes `npm ci` fail on somebody else's machine. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { missingOptional } from "./complete-lock.mjs"
import { root } from "./runtime.mjs"

const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"))

test("the lockfile names every optional package (mended by: node scripts/complete-lock.mjs)", () => {
  expect(missingOptional(lock.packages)).toEqual({})
})

test("the lockfile names no registry", () => {
  for (const [path, { resolved }] of Object.entries<{ resolved?: string }>(lock.packages))
    expect(resolved ?? "packages/", path).toMatch(/^packages\//)
})

test("what npm left out is named with its system", () => {
  const packages = {
    a: { optionalDependencies: { "@x/y-linux-x64-musl": "1.0.0", "@x/y-win32-arm64": "1.0.0", b: "2.0.0" } },
    "node_modules/b": {},
  }
  expect(missingOptional(packages)).toEqual({
    "node_modules/@x/y-linux-x64-musl": {
      version: "1.0.0",
      cpu: ["x64"],
      libc: ["musl"],
      os: ["linux"],
      optional: true,
    },
    "node_modules/@x/y-win32-arm64": { version: "1.0.0", cpu: ["arm64"], os: ["win32"], optional: true },
  })
})
