/** What an export reads for its pages. */
import { expect, test } from "vitest"
import { encodeContent } from "../../content/message.ts"
import { id } from "../../crypto/people.fixture.ts"
import type { HistoryEntry } from "../../history/entry.ts"
import { SEGMENT } from "../../history/history.ts"
import type { Home } from "../../home.ts"
import { exportCommands } from "./export.ts"

const BLOCKS = 50
const LIFE = 9

test("of a chat in which a restored house has lost something long ago each page is read from where it begins", async () => {
  const [room, user, device] = [id(), id(), id()]
  const hash = new Uint8Array(32)
  const lost = SEGMENT + 7
  const blank = { generation: 0, kind: 0, device, hash, user } as const
  const entries = (number: number): HistoryEntry[] =>
    Array.from({ length: SEGMENT }, (_, i) => {
      const seq = number * SEGMENT + i
      return { ...blank, seq, n: seq, time: seq, item: { type: "notice", notice: "frozen" } }
    })
  const text = encodeContent({ kind: "text", text: "tea" }, { seq: 0, hash })
  const said: HistoryEntry = {
    ...{ ...blank, seq: lost + 1, n: 1, time: 1 },
    item: { type: "content", bytes: text },
  }
  let blocks = 0
  const meta = {
    ...{ room, incarnation: 1, seq: (BLOCKS + 1) * SEGMENT - 1, joined: { seq: SEGMENT } },
    behind: [{ life: LIFE, after: lost, to: lost + 1 }],
  }
  const home = {
    account: { user, device: { device } },
    exportPasses: { holds: () => true },
    contacts: { isBlocked: () => false },
    imports: { of: () => [] },
    rooms: { get: () => ({ state: () => ({ meta, outbox: [] }) }) },
    history: {
      async block(_: unknown, incarnation: number, number: number) {
        blocks++
        return incarnation === LIFE ? [said] : entries(number)
      },
    },
    marks: { block: async () => new Map() },
  } as unknown as Home
  const ask = { pass: "a pass", room, limit: SEGMENT }
  const seqs: number[] = []
  let pages = 0
  // What is lost was said in a page before these.
  for (let after: number | undefined = 2 * SEGMENT - 1; after !== undefined; pages++) {
    const page = await exportCommands.exportPage(home, { ...ask, after }, undefined as never)
    if (!page.ok) throw new Error(page.error.kind)
    seqs.push(...page.value.items.map(({ seq }) => seq ?? 0))
    after = page.value.next
  }
  expect(seqs).toEqual(Array.from({ length: (BLOCKS - 1) * SEGMENT }, (_, i) => 2 * SEGMENT + i))
  // What is lost, the block in which the page before it has ended, and its own.
  expect(blocks).toBeLessThanOrEqual(3 * pages)
})
