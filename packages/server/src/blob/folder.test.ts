import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "vitest"
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
