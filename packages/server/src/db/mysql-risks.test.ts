import { expect, test } from "vitest"
import { riskOf } from "./mysql-risks.ts"

const server = (flush: number, log: number, sync: number) => async () => [{ flush, log, sync }]

test("what a power cut may take is said in both languages, and nothing else", async () => {
  expect(await riskOf(server(1, 0, 0))).toBeUndefined()
  expect(await riskOf(server(1, 1, 1))).toBeUndefined()
  const both = await riskOf(server(2, 1, 0))
  expect(both?.en).toContain("innodb_flush_log_at_trx_commit = 2 and sync_binlog = 0")
  expect(both?.zh).toContain("innodb_flush_log_at_trx_commit = 2、sync_binlog = 0")
  expect((await riskOf(server(0, 0, 0)))?.en).not.toContain("sync_binlog")
  expect((await riskOf(server(1, 1, 100)))?.en).toContain("has sync_binlog = 100:")
})
