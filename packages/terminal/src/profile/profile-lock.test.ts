import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { lockProfile } from "./profile-lock.ts"

test("who asks for a profile once more in the same process is refused, and takes nobody's lock away", async () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-lock-"))
  const file = join(folder, "lock")
  const elsewhere = () =>
    spawnSync(
      process.execPath,
      [
        "--input-type=module",
        "--eval",
        `import { lockProfile } from ${JSON.stringify(import.meta.resolve("./profile-lock.ts"))}
         process.exit((await lockProfile(${JSON.stringify(file)}, 0)) ? 0 : 7)`,
      ],
      { timeout: 20_000 },
    ).status
  try {
    const release = await lockProfile(file, 0)
    expect(release).toBeDefined()
    expect(await lockProfile(file, 0)).toBeUndefined()
    expect(elsewhere()).toBe(7)
    release?.()
    expect(elsewhere()).toBe(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
