import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startHouse } from "@teahouse/server/main.ts"
import { expect, it } from "vitest"
import { addressOf, writeAddress } from "./address.ts"

it("a second start finds the house that is open, also by a certificate that nobody trusts yet, and no other house", async () => {
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), "teahouse-address-"))) as [string, string]
  const [data, other] = folders
  const house = await startHouse({ port: 0, data, selfSigned: true, logLevel: "silent" })
  const second = await startHouse({ port: 0, data: other, logLevel: "silent" })
  try {
    for (const folder of folders) writeAddress(folder, house.url)
    expect(house.url).toMatch(/^https:/)
    expect(await addressOf(data)).toBe(house.url)
    expect(await addressOf(other)).toBeUndefined()
  } finally {
    await house.stop()
    await second.stop()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
})
