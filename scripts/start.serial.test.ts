/** `npm start`, as a stranger types it: the built page is served, flags are passed on, a signal ends it in order. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { environment, root } from "./runtime.mjs"

test("npm start serves the page and stops when told to", async () => {
  const data = mkdtempSync(join(tmpdir(), "teahouse-start-"))
  const npm = spawn("npm", ["start", "--silent", "--", "--port", "0", "--data", data], {
    cwd: root,
    env: environment(),
    stdio: ["ignore", "pipe", "inherit"],
  })
  const exit = once(npm, "exit")
  try {
    let said = ""
    npm.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text
    })
    const open = /Teahouse is open at (http:\/\/127\.0\.0\.1:\d+)/
    await expect.poll(() => said, { timeout: 60_000 }).toMatch(open)
    const url = open.exec(said)?.[1] ?? ""
    for (const path of ["/livez", "/readyz", "/api/house"]) expect((await fetch(url + path)).status).toBe(200)
    const page = await (await fetch(url)).text()
    expect(page).toContain("<script")
    for (const file of page.match(/\/assets\/[^"]+/g) ?? [])
      expect((await fetch(url + file)).status).toBe(200)
    expect((await fetch(`${url}/assets/not-there.js`)).status).toBe(404)
    npm.kill("SIGTERM")
    expect((await exit)[0]).toBe(0)
  } finally {
    npm.kill("SIGKILL")
    rmSync(data, { recursive: true, force: true })
  }
})
