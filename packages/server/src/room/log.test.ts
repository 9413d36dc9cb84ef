import { afterEach } from "vitest"
import { logContract } from "./log.contract.fixture.ts"
import { openDb, tempDir } from "./log.fixture.ts"

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

logContract("the log in SQLite", async () => {
  const dir = tempDir()
  undo.push(dir.remove)
  const db = await openDb(dir.path)
  undo.push(() => db.close())
  return db
})
