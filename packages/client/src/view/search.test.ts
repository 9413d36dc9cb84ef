/** Whatever is known beside the blocks, a search finds what reading every message would find: newest first, as it is now. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { createChanges } from "../changes.ts"
import { type Draft, encodeContent } from "../content/message.ts"
import { accountCrypto } from "../crypto/account.ts"
import { sealedCrypto } from "../crypto/sealed.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { createHistory, cutWrites, SEGMENT } from "../history/history.ts"
import { indexBlock } from "../history/index-block.ts"
import { createMarks } from "../history/marks.ts"
import { folded } from "../history/search.ts"
import type { Sign } from "../history/signs.ts"
import { WORDLESS, type Wordless } from "../history/wordless.ts"
import type { Words } from "../history/words.ts"
import type { Home } from "../home.ts"
import { memoryKeyBox } from "../store/key-box.ts"
import { memoryStores } from "../store/memory.ts"
import { sealedStore } from "../store/sealed.ts"
import type { SearchKind } from "./port/search.ts"
import type { ViewArgs, ViewValue } from "./port.ts"
import { searchView } from "./search.ts"

const id = (letter: string) => `${letter.repeat(21)}A` as Id
const users = [id("A"), id("B"), id("C")]
const rooms = [id("R"), id("S")]
const BLOCKS = [20, 3]
const OPEN = 30
const seen = { seq: 0, hash: new Uint8Array(32) }
const signs = "茶馆里很安静龙井teahous Ａé\n"
const sealedFile = {
  ...{ blob: id("F"), token: new Uint8Array(16), key: new Uint8Array(32), header: new Uint8Array(24) },
  ...{ size: 1, sealedSize: 1, sha256: new Uint8Array(32), type: "text/plain" },
}
type Said = { room: Id; seq: number; at: number; user: Id; text: string; kinds: SearchKind[] }

let state = 42
const roll = (below: number) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}
const babble = () => Array.from({ length: 1 + roll(12) }, () => signs[roll(signs.length)]).join("")

function say(room: Id, seq: number): { entry: HistoryEntry; said: Said } {
  const kind = (["text", "text", "text", "text", "link", "file", "poll"] as const)[roll(7)] ?? "text"
  const text = (kind === "link" ? "https://tea.example/ " : "") + (seq === SEGMENT + 7 ? "第一壶" : babble())
  const drafts: Record<typeof kind, Draft> = {
    text: { kind: "text", text },
    link: { kind: "text", text },
    file: { kind: "file", ...sealedFile, name: text },
    poll: { kind: "poll", question: text, options: ["1", "2"], multiple: false },
  }
  // One person spoke only in the beginning.
  const user = users[roll(seq < 6 * SEGMENT ? 3 : 2)] as Id
  const at = 1_000_000 + seq * 10 + rooms.indexOf(room)
  const entry: HistoryEntry = {
    ...{ seq, generation: 0, kind: 0, device: id("D"), n: seq, time: at, hash: seen.hash, user },
    item: { type: "content", bytes: encodeContent(drafts[kind], seen) },
  }
  const kinds: SearchKind[] = kind === "link" ? ["link", "text"] : [kind]
  return { entry, said: { room, seq, at, user, text: kind === "poll" ? `${text}\n- 1\n- 2` : text, kinds } }
}

async function world() {
  const key = await memoryKeyBox().save("a", sealedCrypto.newKey())
  const store = sealedStore(await memoryStores().open("a"), key, sealedCrypto)
  const amk = await accountCrypto.newAmk(await accountCrypto.newAccount(), id("A"), 1)
  const own = await accountCrypto.amkKeys(amk)
  const history = createHistory({ store, sealed: sealedCrypto, user: id("A"), keys: async () => own })
  const marks = createMarks(store)
  const all = new Map<string, Said>()
  const blocks = new Map<string, HistoryEntry[]>()
  for (const [i, room] of rooms.entries())
    for (let number = 1; number <= (BLOCKS[i] ?? 0) + 1; number++) {
      const length = number > (BLOCKS[i] ?? 0) ? OPEN : SEGMENT
      const lines = Array.from({ length }, (_, at) => say(room, number * SEGMENT + at))
      for (const { said } of lines) all.set(`${room} ${said.seq}`, said)
      const entries = lines.map(({ entry }) => entry)
      blocks.set(`${room} ${number}`, entries)
      await store.write(await history.replace(room, 1, number, entries))
    }
  const metas = rooms.map((room, i) => {
    const seq = ((BLOCKS[i] ?? 0) + 1) * SEGMENT + OPEN - 1
    return {
      room,
      incarnation: 1,
      seq,
      joined: { seq: SEGMENT },
      standing: "open",
      at: 1e9,
      kind: "group",
      users: [],
    }
  })
  let later = () => {}
  const home = {
    ...{ store, history, marks, account: { user: id("A") }, clock: () => performance.now() },
    rooms: { all: () => metas.map((meta) => ({ state: () => ({ meta }) })) },
    imports: { of: () => [] },
    people: { person: (user: Id) => ({ user, username: user, name: user }) },
    breathe: async () => {},
    later: (_: number, run: () => void) => {
      later = run
    },
    failed: (error: unknown) => {
      throw error
    },
  } as unknown as Home
  const index = async () => {
    for (const { value } of await store.range<Wordless>(WORDLESS))
      await indexBlock({ store, history, marks }, value.room, value)
  }
  const changes = createChanges()
  const search = (args: ViewArgs<"search">) =>
    new Promise<ViewValue<"search">>((done) => {
      const view = searchView({ home: () => home, changes, session: () => ({}) as never }, args)
      const look = async () => {
        const value = await view.compute()
        if (value.done) done(value)
      }
      changes.on(view.topics, () => void look())
      void look()
    })
  return { store, history, marks, all, blocks, index, search, home, changes, giveBack: () => later() }
}

const plain = ({ all }: { all: Map<string, Said> }, args: ViewArgs<"search">) =>
  [...all.values()]
    .filter(
      ({ room, at, user, text, kinds }) =>
        (!args.room || room === args.room) &&
        (!args.sender || user === args.sender) &&
        (!args.kind || kinds.includes(args.kind)) &&
        at >= (args.from ?? 0) &&
        at < (args.to ?? Number.POSITIVE_INFINITY) &&
        folded(text).includes(folded(args.query.trim())),
    )
    .sort((a, b) => b.at - a.at || b.seq - a.seq)
    .slice(0, args.limit)
    .map(({ room, seq }) => `${room} ${seq}`)

function someArgs(): ViewArgs<"search"> {
  const start = roll(signs.length - 3)
  const query =
    ["", "第一", "不在", "z", signs.slice(start, start + 1 + roll(3)), babble(), babble().slice(0, 2)][
      roll(7)
    ] ?? ""
  const from = 1_000_000 + roll(BLOCKS[0] ?? 0) * SEGMENT * 10
  const kinds: SearchKind[] = ["text", "link", "file", "poll", "sticker"]
  return {
    query,
    limit: [3, 50, 500][roll(3)] ?? 50,
    ...(roll(3) === 0 ? { room: rooms[roll(2)] as Id } : {}),
    ...(roll(3) === 0 ? { sender: users[roll(3)] as Id } : {}),
    ...(roll(3) === 0 ? { kind: kinds[roll(5)] as SearchKind } : {}),
    ...(roll(3) === 0 ? { from, to: from + roll(20_000) } : {}),
  }
}

test("the same is found by signs, by words and by reading all, before and after something changed", async () => {
  const here = await world()
  const compare = async (times: number) => {
    for (let i = 0; i <= times; i++) {
      // What the changes below say is looked for each time.
      const args = i < times ? someArgs() : { query: "变成 zz", limit: 500 }
      // Nothing is looked for where nothing is asked.
      if (args.query.trim() === "" && Object.keys(args).length === 2) continue
      const { items } = await here.search(args)
      expect([args, items.map(({ room, seq }) => `${room} ${seq}`)]).toEqual([args, plain(here, args)])
    }
  }
  await compare(10)
  await here.index()
  here.giveBack()
  await compare(40)
  const { all, store, marks, history, blocks } = here
  for (let change = 0; change < 16; change++) {
    const room = rooms[roll(2)] as Id
    const number = 1 + roll(1 + (BLOCKS[rooms.indexOf(room)] ?? 0))
    const entries = blocks.get(`${room} ${number}`) ?? []
    const seq = number * SEGMENT + roll(entries.length)
    const said = all.get(`${room} ${seq}`)
    if (said?.kinds.includes("text") && change % 2 === 0) {
      const changed = new Map([[seq, { edit: { text: "变成 zz" } }]])
      await store.write(marks.writes(room, 1, changed))
      marks.wrote(room, 1, changed)
      all.set(`${room} ${seq}`, { ...said, text: "变成 zz", kinds: ["text"] })
    } else {
      const left = entries.map((one) =>
        one.seq === seq ? { ...one, item: { type: "gone" as const, why: "recalled" as const } } : one,
      )
      blocks.set(`${room} ${number}`, left)
      await store.write(await history.replace(room, 1, number, left))
      history.replaced(room, 1, number, left)
      all.delete(`${room} ${seq}`)
    }
    await compare(3)
  }
  await here.index()
  await compare(20)
  here.giveBack()
  await compare(10)
})

test("what is nowhere costs neither words nor blocks, and a block that was cut has no sign", async () => {
  const { store, search, index, history } = await world()
  await index()
  const reads: string[] = []
  const { get } = store
  Object.assign(store, {
    get(key: string) {
      reads.push(key)
      return get(key)
    },
  })
  expect((await search({ query: "没有人这样说", limit: 50 })).items).toEqual([])
  expect(reads.filter((key) => /^(words|segment)\//.test(key))).toEqual([
    // The open ends.
    expect.stringContaining("segment/"),
    expect.stringContaining("segment/"),
  ])
  reads.length = 0
  expect((await search({ query: "", kind: "sticker", limit: 50 })).items).toEqual([])
  expect((await search({ query: "茶", sender: id("C"), from: 1_030_000, limit: 50 })).items).toEqual([])
  expect(reads.filter((key) => key.startsWith("words/"))).toEqual([])

  const numbers = async () =>
    (await store.range<readonly Sign[]>("signs/")).flatMap(({ value }) => value.map(({ number }) => number))
      .length
  const before = await numbers()
  const room = rooms[0] as Id
  await store.write(cutWrites(room, 1, 5))
  history.replaced(room, 1, 5, [])
  await index()
  expect(await numbers()).toBe(before - 1)
  expect((await store.keys("words/")).length).toBe(before - 1)
})

test("words of an older client, which say nothing of their lines, are enough to find", async () => {
  const { store, search, index } = await world()
  await index()
  for (const { key, value } of await store.range<Words>("words/")) {
    const { oldest, text } = value
    await store.write([{ put: key, value: { oldest, text: text.replaceAll("\0", "\n") } }])
  }
  await store.write([{ dropPrefix: "signs/" }])
  expect((await search({ query: "第一壶", limit: 50 })).items.length).toBe(2)
  expect((await search({ query: "第一壶", limit: 50, kind: "sticker" })).items).toEqual([])
})

test("a search that fails is over, and is begun anew when what was damaged is mended", async () => {
  const { home, changes } = await world()
  const failures: unknown[] = []
  const damaged = new Error("a record is damaged")
  const bad = {
    ...home,
    rooms: {
      all: () => {
        throw damaged
      },
    },
    failed: (error: unknown) => failures.push(error),
  } as unknown as Home
  let here: Home = bad
  const args = { query: "第一", limit: 5 }
  const view = searchView({ home: () => here, changes, session: () => ({}) as never }, args)
  await view.compute()
  await expect.poll(async () => (await view.compute()).done).toBe(true)
  expect(failures).toEqual([damaged])
  here = home
  expect((await view.compute()).done).toBe(false)
  await expect.poll(async () => (await view.compute()).items.length).toBeGreaterThan(0)
})
