import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { afterAll, expect, test } from "vitest"
import { folderStore } from "./folder.ts"
import { blobStoreContract } from "./store.contract.fixture.ts"

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

blobStoreContract("a folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-blobs-"))
  folders.push(folder)
  return folderStore(join(folder, "blobs"))
})

test("two nodes that take the same upload on one folder lose none of its bytes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-blobs-"))
  folders.push(folder)
  const [here, there] = [folderStore(folder), folderStore(folder)]
  const blob = idFrom(crypto.getRandomValues(new Uint8Array(16)))
  const whole = crypto.getRandomValues(new Uint8Array(300))
  const from = async function* (at: number, to: number) {
    yield whole.subarray(at, to)
  }
  // The line was cut, and its client goes on at another node from where it was when it asked; but the first node had more.
  await here.append(blob, 0, from(0, 300), 300)
  await there.append(blob, 100, from(100, 150), 200)
  const read: Uint8Array[] = []
  for await (const part of here.read(blob, 0, 300)) read.push(part)
  expect(new Uint8Array(Buffer.concat(read))).toEqual(whole)
})
