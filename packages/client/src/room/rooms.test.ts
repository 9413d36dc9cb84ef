import { selfPolicy } from "@teahouse/protocol/policy.ts"
import { expect, test } from "vitest"
import { createChanges } from "../changes.ts"
import { mlsCrypto } from "../crypto/mls-crypto.ts"
import { deviceOf, id, person } from "../crypto/people.fixture.ts"
import { freshMeta } from "./fresh.ts"
import { freshRoomWrites } from "./load.ts"
import { createRooms } from "./rooms.ts"

test("a room whose making is answered twice is taken once, and its state is not begun anew", async () => {
  const me = await deviceOf(await person("lan"))
  const room = id()
  const made = await mlsCrypto.room.create(me, room, 0, selfPolicy(me.user))
  const placed = { seq: 1, hash: new Uint8Array(32), incarnation: 1, time: 1 }
  const meta = freshMeta(made.room, me.user, placed, "open", 1)
  const writes = freshRoomWrites(mlsCrypto, meta, made.room)
  let written = 0
  const store = {
    async write() {
      written++
      // A disk that is slow enough for the second answer to come meanwhile.
      await new Promise((done) => setTimeout(done, 5))
    },
    range: async () => [],
    get: async () => undefined,
  }
  const rooms = createRooms({
    ...{ store, crypto: mlsCrypto, me, changes: createChanges(), pace: {} },
    ...{ history: { open: async () => {}, tail: async () => [] }, onTaken: () => {} },
  } as unknown as Parameters<typeof createRooms>[0])
  const both = await Promise.all([rooms.adopt(meta, writes), rooms.adopt(meta, writes)])
  expect(both[0]).toBe(both[1])
  expect(await rooms.adopt(meta, writes)).toBe(rooms.get(room))
  expect(written).toBe(1)
})
