/** Logins between their two requests, by themselves: begun at one node, ended at another. */
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import type { Database } from "../db/port.ts"
import { id, openDb, random, tempDir } from "../room/log.fixture.ts"
import { createLogins, pendingLogin, pendingRecovery } from "./logins.ts"

let dir: ReturnType<typeof tempDir>
let db: Database
let now = 1_000
beforeEach(async () => {
  dir = tempDir()
  db = await openDb(dir.path)
})
afterEach(async () => {
  await db.close()
  dir.remove()
})

const key = random(32)
const parts = () => ({ db, key, now: () => now, random })
const node = (more: object = {}) => createLogins("login", pendingLogin, { ...parts(), ...more })
const begun = (user: Id) => ({ user, version: 3, known: true, state: "s".repeat(400) })
const rows = () => db.read.selectFrom("pending_login").selectAll().execute()

test("what one node begins another ends, once, and a database that somebody reads tells nothing of it", async () => {
  const [here, there, login, user] = [node(), node(), id(), id()]
  expect(await here.put(login, begun(user))).toEqual({ ok: true, value: null })
  for (const { sealed } of await rows())
    for (const secret of [Buffer.from(idBytes(user)), Buffer.from("sss")])
      expect(Buffer.from(sealed).includes(secret)).toBe(false)
  expect(await there.take(login)).toEqual(begun(user))
  expect(await here.take(login)).toBeUndefined()
  expect(await rows()).toEqual([])
})

test("it is ended in the way in which it was begun, by a house with the same keys, under its own id", async () => {
  const recoveries = createLogins("recovery", pendingRecovery, parts())
  const recovery = { user: id(), version: 1, known: false, nonce: random(32), key: random(32) }
  const begin = async () => {
    const login = id()
    await recoveries.put(login, recovery)
    return login
  }
  expect(await recoveries.take(await begin())).toEqual(recovery)
  expect(await node().take(await begin())).toBeUndefined()
  const strange = createLogins("recovery", pendingRecovery, { ...parts(), key: random(32) })
  expect(await strange.take(await begin())).toBeUndefined()
  const [row] = await begin().then(rows)
  const other = id()
  await db.write("login.put", {
    id: idBytes(other),
    sealed: row?.sealed as Uint8Array,
    now,
    expires: now + 9,
  })
  expect(await recoveries.take(other)).toBeUndefined()
})

test("it is over after two minutes; what is over goes with the next, and above a bound the oldest", async () => {
  const [late, next] = [id(), id()]
  await node().put(late, begun(id()))
  now += 120_000
  expect(await node().take(late)).toBeUndefined()
  await node().put(late, begun(id()))
  now += 120_000
  await node().put(next, begun(id()))
  expect((await rows()).map((row) => idFrom(row.id))).toEqual([next])
  for (const at of [1, 2, 3])
    await db.write("login.put", {
      ...{ id: idBytes(id()), sealed: random(40), now, expires: now + 200_000 + at, most: 3 },
    })
  expect((await rows()).map((row) => row.expires - now).sort()).toEqual([200_001, 200_002, 200_003])
})
