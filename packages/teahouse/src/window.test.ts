import { PassThrough } from "node:stream"
import { expect, it, vi } from "vitest"
import { keepWindow } from "./window.ts"

const terminal = (isTTY = true) => Object.assign(new PassThrough(), { isTTY })

it("keeps the window of a failed start until Enter", async () => {
  vi.spyOn(console, "error").mockReturnValue()
  const stdin = terminal()
  let closed = false
  const kept = keepWindow({ platform: "win32", exitCode: 1, stdin }).then(() => {
    closed = true
  })
  await new Promise((done) => setImmediate(done))
  expect(closed).toBe(false)
  stdin.push("\r\n")
  await kept
})

it.each([
  { platform: "win32", exitCode: undefined, stdin: terminal() },
  { platform: "win32", exitCode: 1, stdin: terminal(false) },
  { platform: "linux", exitCode: 1, stdin: terminal() },
] as const)("does not wait where nobody could press it, or nothing failed: %o", async (process) => {
  await keepWindow(process)
})
