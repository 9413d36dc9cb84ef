/** `npm start`, as a stranger types it: the built page is served, flags are passed on, a signal ends it in order. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { expect, test } from "vitest"
import { environment, root } from "./runtime.mjs"

/** Whether another house could take this data folder: the lock is one of SQLite's. */
function isFree(data: string): boolean {
  const lock = new DatabaseSync(join(data, "house.lock"), { timeout: 0 })
  try {
    lock.exec("BEGIN EXCLUSIVE; ROLLBACK")
    return true
  } catch {
    return false
  } finally {
    lock.close()
  }
}

test("npm start serves the page and stops when told to", async () => {
  const data = mkdtempSync(join(tmpdir(), "teahouse-start-"))
  const npm = spawn("npm", ["start", "--silent", "--", "--port", "0", "--data", data], {
    cwd: root,
    env: environment(),
    stdio: ["ignore", "pipe", "inherit"],
  })
  const ended = once(npm, "exit")
  try {
    let said = ""
    npm.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text
    })
    const open = /Teahouse is open at (http:\/\/127\.0\.0\.1:\d+)/
    await Promise.race([ended, expect.poll(() => said, { timeout: 60_000 }).toMatch(open)])
    expect(said).toMatch(open)
    expect(isFree(data)).toBe(false)
    const url = open.exec(said)?.[1] ?? ""
    for (const path of ["/livez", "/readyz", "/api/house"]) expect((await fetch(url + path)).status).toBe(200)
    const page = await (await fetch(url)).text()
    expect(page).toContain("<script")
    for (const file of page.match(/\/assets\/[^"]+/g) ?? [])
      expect((await fetch(url + file)).status).toBe(200)
    expect((await fetch(`${url}/assets/not-there.js`)).status).toBe(404)
    // npm itself ends at once; what counts is that the house does not outlive it, and gives its data free.
    npm.kill("SIGTERM")
    await ended
    const answers = () =>
      fetch(`${url}/livez`).then(
        () => true,
        () => false,
      )
    await expect.poll(answers, { timeout: 15_000 }).toBe(false)
    await expect.poll(() => isFree(data), { timeout: 15_000 }).toBe(true)
  } finally {
    npm.kill("SIGKILL")
    rmSync(data, { recursive: true, force: true })
  }
})
