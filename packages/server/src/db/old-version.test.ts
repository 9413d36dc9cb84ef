/** A server that is too old, of which there is none here: one that says of itself that it is, and else only what is asked before. */
import { once } from "node:events"
import type { AddressInfo, Server as Listening } from "node:net"
import { type Connection, createServer } from "mysql2"
import { afterEach, expect, it } from "vitest"
import { StartRefused } from "../ops/refusal.ts"
import { openDatabase } from "./open.ts"

/** What mysql2 has for whoever plays a server, and does not declare. */
type Played = Connection & {
  serverHandshake(hello: object): void
  writeOk(): void
  writeTextResult(rows: readonly object[], columns: readonly object[]): void
}
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0)) await step()
})

const PACKET = 16 * 1024 * 1024
const VAR_STRING = 253
const LONGLONG = 8
const UTF8 = 45

async function serverOf(version: string): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = []
  const server = createServer((connection) => {
    const client = connection as Played
    const answer = (row: Readonly<Record<string, string | number>>) =>
      client.writeTextResult(
        [row],
        Object.entries(row).map(([name, value]) => ({
          ...{ catalog: "def", schema: "", table: "", orgTable: "", name, orgName: name },
          ...{ characterSet: UTF8, columnLength: 100, flags: 0, decimals: 0 },
          columnType: typeof value === "number" ? LONGLONG : VAR_STRING,
        })),
      )
    client.on("error", () => {})
    client.on("stmt_prepare", () => client.writeOk())
    client.on("query", (sql: string) => {
      asked.push(sql)
      if (sql.includes("GET_LOCK")) answer({ taken: 1 })
      else answer({ version, packet: PACKET })
    })
    const capabilityFlags = 0xffffff ^ (32 | 2048)
    client.serverHandshake({
      ...{ protocolVersion: 10, serverVersion: version, connectionId: 1 },
      ...{ statusFlags: 2, characterSet: UTF8, capabilityFlags },
    })
  })
  server.listen(0)
  const { _server: listening } = server as unknown as { _server: Listening }
  undo.push(() => new Promise((done) => listening.close(done)))
  await once(listening, "listening")
  return { url: `mysql://tea:s3cret@127.0.0.1:${(listening.address() as AddressInfo).port}/tea`, asked }
}

it.each(["5.7.44-log", "10.6.12-MariaDB-1:10.6.12+maria~ubu2204"])(
  "%s is refused with 14 and both sentences, and nothing is changed in it",
  async (version) => {
    const { url, asked } = await serverOf(version)
    const refused = await openDatabase({ url, folder: "" }).catch((error: unknown) => error)
    if (!(refused instanceof StartRefused)) throw refused
    expect([refused.exit, refused.problem.en]).toEqual([
      14,
      `The database is of version ${version}. Teahouse needs MySQL 8.0 or MariaDB 10.11, or newer.`,
    ])
    expect(refused.problem.zh).toContain(`数据库版本 ${version} 过旧`)
    for (const sql of asked) expect(sql).toMatch(/^SELECT /)
    expect(asked.at(-1)).toContain("VERSION()")
  },
)
