/** Messages are ahead of their room's row until somebody else writes (room/appender.ts): also of one who has lost their memory. */
import { DatabaseSync } from "node:sqlite"
import { expect, test } from "vitest"
import { readAnswers, writeBatch } from "../room/append-batch.ts"
import { commitOf, id, leaves, random } from "../room/log.fixture.ts"
import type { RosterLeaf } from "../room/writes/roster.ts"
import { createGroupWriter, type WriterAnswer } from "./group-writer.ts"
import { migrate } from "./migrate.ts"
import { migrations } from "./migrations/migrations.ts"
import { sqliteTarget } from "./node-sqlite.ts"

async function open() {
  const sqlite = new DatabaseSync(":memory:")
  await migrate(sqliteTarget(sqlite), migrations, 0)
  const roster = leaves(2)
  const [maker] = roster as [RosterLeaf]
  const room = id()
  let errcode: number | undefined
  let commits = 0
  const start = () =>
    createGroupWriter(sqlite, () => {
      commits++
      if (errcode !== undefined) throw Object.assign(new Error("the disk"), { errcode })
    })
  const write = (name: string, args: unknown) => ({ id: 1, kind: "write" as const, name, args })
  const append = (n: number) => {
    const items = [{ n, body: random(20) }]
    const batch = writeBatch([{ room, device: maker.device, generation: 0, epoch: 0, items }])
    return { id: 2, kind: "append" as const, batch, now: 1_000 }
  }
  await start().group([
    write("room.open", {
      ...{ room, kind: 1, state: 1, incarnation: 1, user: maker.user, device: maker.device },
      ...{ now: 1_000, n: 1, opening: random(10), roster, entering: [] },
    }),
  ])
  const commit = write("room.commit", commitOf(room, maker, 5, 0, roster))
  const fail = (how: number | undefined) => {
    errcode = how
  }
  return {
    start,
    append,
    commit,
    fill: (on: boolean) => fail(on ? 13 : undefined),
    fail,
    commits: () => commits,
  }
}

const placedAt = ([answer]: readonly WriterAnswer[]) =>
  answer && "value" in answer ? (answer.value as { value?: { seq: number } }).value?.seq : answer

test("after a crash a commit takes the place behind the messages that the room's row does not know of", async () => {
  const { start, append, commit } = await open()
  const before = start()
  for (const n of [2, 3, 4]) await before.group([append(n)])
  expect(placedAt(await start().group([commit]))).toBe(5)
})

test("so it does after a group that was rolled back", async () => {
  const { start, append, commit, fill } = await open()
  const writer = start()
  await writer.group([append(2)])
  fill(true)
  expect(await writer.group([append(3)])).toEqual([{ id: 2, full: true }])
  fill(false)
  expect(placedAt(await writer.group([commit]))).toBe(3)
})

test("the same message again gets its first answer, from a writer that has just begun too", async () => {
  const { start, append } = await open()
  await start().group([append(2)])
  const [again] = await start().group([append(2)])
  const value = again && "value" in again ? again.value : undefined
  expect(readAnswers(value as ArrayBuffer)).toMatchObject([
    { ok: true, value: { fresh: 0, positions: [{ seq: 2 }] } },
  ])
})

test("a COMMIT that the disk did not keep is the end: no job is tried again, none is answered", async () => {
  const { start, append, fail, commits } = await open()
  const writer = start()
  const before = commits()
  fail(1034)
  await expect(writer.group([append(2), append(3)])).rejects.toThrow("the disk")
  expect(commits()).toBe(before + 1)
  fail(undefined)
  expect(await start().group([append(2)])).toMatchObject([{ value: expect.any(ArrayBuffer) }])
})

test("what fails of a disk's own accord is answered with SQLite's code for it, and what is a bug with none", async () => {
  const { start, append, fail } = await open()
  const writer = start()
  const failed = [{ id: 2, error: "the disk" }]
  fail(778)
  expect(await writer.group([append(2)])).toEqual([{ ...failed[0], code: "SQLITE_IOERR/778" }])
  fail(11)
  expect(await writer.group([append(2)])).toEqual([{ ...failed[0], code: "SQLITE_CORRUPT" }])
  fail(undefined)
  const [bug] = await writer.group([{ id: 3, kind: "write", name: "no.such", args: {} }])
  expect(bug).toEqual({ id: 3, error: "no write is named no.such" })
})
