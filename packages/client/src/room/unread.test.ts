import type { Id } from "@teahouse/protocol/ids.ts"
import fc from "fast-check"
import { expect, test } from "vitest"
import { type Draft, encodeContent } from "../content/message.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { SEGMENT } from "../history/history.ts"
import type { RoomMeta } from "./records.ts"
import { countUnread, unreadAfter } from "./unread.ts"

const id = (n: number) => `${"A".repeat(20)}${String.fromCharCode(65 + n)}A` as Id
const [me, bo, room] = [id(0), id(1), id(2)]
const hash = new Uint8Array(32)

/** What stands at a position: a line of one of the two, or something that nobody has to read. */
type Said = "theirs" | "mine" | "reaction" | "gone"
const drafts: Record<"theirs" | "mine" | "reaction", Draft> = {
  theirs: { kind: "text", text: "tea?" },
  mine: { kind: "text", text: "yes" },
  reaction: { kind: "reaction", of: { seq: 1, n: 1 }, emoji: "🍵", on: true },
}

function chat(said: readonly Said[]) {
  let blocksRead = 0
  const entries = said.map((what, i): HistoryEntry => {
    const at = i + 1
    const item =
      what === "gone"
        ? ({ type: "gone", why: "recalled" } as const)
        : ({ type: "content", bytes: encodeContent(drafts[what], { seq: 0, hash }) } as const)
    const user = what === "mine" ? me : bo
    return { seq: at, generation: 0, kind: 0, device: user, n: at, time: at, hash, user, item }
  })
  const parts = {
    me: { user: me },
    blocked: () => false,
    history: {
      async block(_: Id, __: number, number: number) {
        blocksRead++
        return entries.filter((entry) => Math.floor(entry.seq / SEGMENT) === number)
      },
    },
  }
  const meta = { room, incarnation: 1, seq: said.length, read: 0, unread: 0 } as RoomMeta
  return { parts, meta, blocksRead: () => blocksRead }
}

test("however a chat is read on, each step leaves as many unread as counting all of them anew", async () => {
  const what = fc.constantFrom<Said>("theirs", "theirs", "mine", "reaction", "gone")
  const steps = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(fc.array(what, { minLength: 1, maxLength: 700 }), steps, async (said, parts) => {
      const world = chat(said)
      let meta: RoomMeta = {
        ...world.meta,
        unread: await countUnread(world.parts, world.meta, 0, said.length),
      }
      for (const part of parts) {
        const to = meta.read + Math.ceil((meta.seq - meta.read) * part)
        if (to === meta.read) break
        const unread = await unreadAfter(world.parts, meta, to)
        expect(unread).toBe(said.slice(to).filter((one) => one === "theirs").length)
        meta = { ...meta, read: to, unread }
      }
    }),
    { numRuns: 60 },
  )
})

test("a step costs what lies in it, however much is unread behind it", async () => {
  const world = chat(Array.from({ length: 20 * SEGMENT }, () => "theirs"))
  const meta = { ...world.meta, unread: world.meta.seq }
  expect(await unreadAfter(world.parts, meta, 3)).toBe(meta.seq - 3)
  expect(await unreadAfter(world.parts, { ...meta, read: 3, unread: meta.seq - 3 }, meta.seq - 2)).toBe(2)
  expect(world.blocksRead()).toBeLessThan(4)
})
