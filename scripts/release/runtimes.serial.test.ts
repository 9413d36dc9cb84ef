import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test, vi } from "vitest"
import { environment } from "../runtime.mjs"
import { obtainRuntime } from "./runtimes.ts"
import { ownTarget, targets } from "./targets.ts"

const place = mkdtempSync(join(tmpdir(), "teahouse-runtimes-"))
afterEach(() => rmSync(place, { recursive: true, force: true }))

test("a Node that cannot be had is said to be missing, with npm's reason, and the rest goes on", () => {
  vi.spyOn(console, "error").mockReturnValue()
  const foreign = targets.find((one) => one !== ownTarget())
  if (!foreign) throw new Error("there is one for another system")
  // Nobody listens there, and nothing has been kept from before.
  const env = {
    ...environment(),
    ...{ npm_config_registry: "http://127.0.0.1:9/", npm_config_fetch_retries: "0" },
    npm_config_cache: join(place, "npm"),
  }
  expect(obtainRuntime(foreign, join(place, "runtimes"), env)).toEqual({
    missing: expect.stringContaining("npm error"),
  })
  const unknown = { ...foreign, runtime: "node-for-an-abacus" }
  expect(obtainRuntime(unknown, join(place, "runtimes"), env)).toEqual({
    missing: expect.stringContaining("package-lock.json"),
  })
})
