/** What is found in an import when its blocks have words and signs is what is found by reading them. */
import { expect, test } from "vitest"
import { createChanges } from "../changes.ts"
import { type Draft, encodeContent } from "../content/message.ts"
import { accountCrypto } from "../crypto/account.ts"
import { id } from "../crypto/people.fixture.ts"
import { sealedCrypto } from "../crypto/sealed.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { createHistory, SEGMENT } from "../history/history.ts"
import { indexBlock } from "../history/index-block.ts"
import { createMarks } from "../history/marks.ts"
import { WORDLESS, type Wordless } from "../history/wordless.ts"
import type { Home } from "../home.ts"
import { IMPORTED_INCARNATION } from "../imported/place.ts"
import { memoryKeyBox } from "../store/key-box.ts"
import { memoryStores } from "../store/memory.ts"
import { sealedStore } from "../store/sealed.ts"
import type { ViewArgs } from "./port.ts"
import { searchView } from "./search.ts"

const BASE = 5
const LINES = SEGMENT + 20
const hash = new Uint8Array(32)
const sealedFile = {
  ...{ blob: id(), token: new Uint8Array(16), key: new Uint8Array(32), header: new Uint8Array(24) },
  ...{ size: 1, sealedSize: 1, sha256: hash, type: "application/pdf" },
}

test("an imported file is found by its name, with and without words beside it", async () => {
  const [room, user] = [id(), id()]
  const store = sealedStore(
    await memoryStores().open("a"),
    await memoryKeyBox().save("a", sealedCrypto.newKey()),
    sealedCrypto,
  )
  const amk = await accountCrypto.newAmk(await accountCrypto.newAccount(), user, 1)
  const keys = await accountCrypto.amkKeys(amk)
  const history = createHistory({ store, sealed: sealedCrypto, user, keys: async () => keys })
  const marks = createMarks(store)
  const line = (i: number) => {
    const file = i === 7 || i === 9 ? { file: { ...sealedFile, name: `00${i}-龙井 Leaf.pdf` } } : {}
    return { name: "Li Lei", at: 1_000 + i, text: i === 7 ? "" : `cup ${i}`, ...file }
  }
  const entries = Array.from({ length: LINES }, (_, i): HistoryEntry => {
    const content: Draft = { kind: "bundle", title: "", items: [line(i)] }
    return {
      ...{
        seq: BASE * SEGMENT + i,
        generation: 0,
        kind: 0,
        device: id(),
        n: 0,
        time: line(i).at,
        hash,
        user,
      },
      item: { type: "content", bytes: encodeContent(content, { seq: 0, hash }) },
    }
  })
  for (const number of [BASE, BASE + 1]) {
    const block = entries.filter(({ seq }) => Math.floor(seq / SEGMENT) === number)
    await store.write(await history.replace(room, IMPORTED_INCARNATION, number, block))
  }
  const head = {
    ...{ room, base: BASE, lines: LINES, source: "telegram", title: "Old tea", digest: hash },
    ...{ first: 1_000, last: 1_000 + LINES, round: 0, at: 1, on: true },
  }
  const meta = {
    ...{ room, incarnation: 1, seq: 1, joined: { seq: 1 }, standing: "open", at: 1e9, kind: "group" },
    users: [],
  }
  const home = {
    ...{ store, history, marks, account: { user }, clock: () => performance.now() },
    rooms: { all: () => [{ state: () => ({ meta }) }] },
    imports: { of: () => [head] },
    people: { person: (one: string) => ({ user: one, username: one, name: one }) },
    breathe: async () => {},
    later: () => {},
    failed: (error: unknown) => {
      throw error
    },
  } as unknown as Home
  const changes = createChanges()
  const found = (args: Partial<ViewArgs<"search">>) =>
    new Promise<number[]>((done) => {
      const view = searchView(
        { home: () => home, changes, session: () => ({}) as never },
        { query: "", limit: 50, ...args },
      )
      const look = async () => {
        const value = await view.compute()
        if (value.done) done(value.items.map(({ at }) => at - 1_000))
      }
      changes.on(view.topics, () => void look())
      void look()
    })
  const all = async () => ({
    name: await found({ query: "龙井 leaf" }),
    files: await found({ query: "pdf", kind: "file" }),
    words: await found({ query: "cup 9" }),
    none: await found({ query: "stranger.pdf" }),
  })
  const read = await all()
  expect(read).toEqual({
    ...{ name: [9, 7], files: [9, 7], none: [] },
    words: [99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 9],
  })
  for (const { value } of await store.range<Wordless>(WORDLESS))
    await indexBlock({ store, history, marks }, room, value)
  expect(await store.keys("words/")).toHaveLength(1)
  expect(await all()).toEqual(read)
})
