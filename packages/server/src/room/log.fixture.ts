/** Rooms and messages for tests of the log: no MLS but the header that the house reads. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { concat, u64 } from "@teahouse/protocol/bytes.ts"
import { groupId } from "@teahouse/protocol/group-id.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { databaseOf } from "../db/database.fixture.ts"
import { openDatabase } from "../db/open.ts"
import type { Database } from "../db/port.ts"
import { openSqlite, type SqliteOptions } from "../db/sqlite.ts"
import type { AppendRequest } from "./log.ts"
import type { CommitArgs } from "./writes/commit.ts"
import type { RosterLeaf } from "./writes/roster.ts"

export const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
export const id = () => newId(random)

export function tempDir(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "teahouse-log-"))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export async function openDb(dir: string, more: Partial<SqliteOptions> = {}): Promise<Database> {
  const url = await databaseOf(dir)
  if (url !== "sqlite") return openDatabase({ url, folder: dir })
  const opened = await openSqlite({ path: join(dir, "house.db"), held: true, ...more })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}

export const leaf = (index: number): RosterLeaf => ({
  device: id(),
  user: id(),
  leaf: index,
  signatureKey: random(32),
})
export const leaves = (count: number): RosterLeaf[] => Array.from({ length: count }, (_, i) => leaf(i))

export type TestRoom = {
  readonly room: Id
  readonly roster: readonly RosterLeaf[]
  readonly maker: RosterLeaf
}

/** A group whose roster is there from entry 1 on. */
export async function openTestRoom(
  db: Database,
  roster: readonly RosterLeaf[],
  state = 1,
  room = id(),
): Promise<TestRoom> {
  const maker = roster[0] as RosterLeaf
  const result = await db.write("room.open", {
    ...{ room, kind: 1, state, incarnation: 1, user: maker.user, device: maker.device },
    ...{ now: 1_000, n: 1, opening: random(10), roster, entering: [] },
  })
  if (!result.ok) throw new Error(result.error.kind)
  return { room, roster, maker }
}

/** A PrivateMessage as far as anybody without keys can tell (RFC 9420 section 6.3). */
export function privateMessage(
  room: Id,
  generation: number,
  epoch: number,
  ciphertext: Uint8Array,
): Uint8Array {
  const bytes = (...values: number[]) => Uint8Array.from(values)
  const vector = (v: Uint8Array) =>
    concat(v.length < 64 ? bytes(v.length) : bytes(0x40 | (v.length >> 8), v.length & 255), v)
  const header = concat(bytes(0, 1, 0, 2), vector(groupId(room, generation)), u64(epoch), bytes(1))
  return concat(header, vector(bytes()), vector(new Uint8Array(8)), vector(ciphertext))
}

export const sendOf = (room: Id, device: Id, ns: readonly number[], epoch = 0): AppendRequest => ({
  ...{ room, device, generation: 0, epoch },
  items: ns.map((n) => ({ n, body: random(20) })),
})

/** A commit as the judge would have let it through. */
export const commitOf = (
  room: Id,
  by: RosterLeaf,
  n: number,
  epoch: number,
  roster: readonly RosterLeaf[],
  more: Partial<CommitArgs> = {},
): CommitArgs => ({
  ...{ room, device: by.device, user: by.user, n, generation: 0, epoch, commit: random(30) },
  ...{
    external: false,
    removal: false,
    proven: [],
    joined: [],
    roster,
    entering: [],
    now: 1_000,
    quietMs: 0,
    quietPerLeafMs: 0,
  },
  next: { epoch: epoch + 1, groupInfo: random(40), welcome: null, added: [] },
  ...more,
})
