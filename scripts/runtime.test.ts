import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { complaint, environment, root } from "./runtime.mjs"

test("an old Node is told what to do, in both languages", () => {
  for (const old of ["18.20.0", "20.19.0", "22.18.1", "23.11.0"]) {
    expect(complaint(old)).toMatch(/茶馆需要 Node 24/)
    expect(complaint(old)).toMatch(/Teahouse needs Node 24/)
  }
  for (const fit of ["24.0.0", "26.10.0", "100.1.0"]) expect(complaint(fit)).toBeUndefined()
})

test("scripts run under the packaged Node", () => {
  const version = execFileSync("node", ["--version"], { env: environment(), encoding: "utf8" })
  const { optionalDependencies } = JSON.parse(
    execFileSync("cat", [join(root, "package.json")], { encoding: "utf8" }),
  )
  expect(Object.values(optionalDependencies)).toContain(version.trim().slice(1))
})

test("a tree without its dependencies says so", () => {
  const empty = mkdtempSync(join(tmpdir(), "teahouse-empty-"))
  try {
    execFileSync("cp", ["-r", join(root, "scripts"), join(root, "package.json"), empty])
    const run = spawnSync(process.execPath, [join(empty, "scripts", "start.mjs")], { encoding: "utf8" })
    expect(run.status).toBe(1)
    expect(run.stderr).toMatch(/npm ci[\s\S]*npm ci/)
  } finally {
    rmSync(empty, { recursive: true, force: true })
  }
})
