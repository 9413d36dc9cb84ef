/**
 * Fills the browser's own store with a long past, in the browser and by the client's own code: its IndexedDB, its seals, its
 * blocks. The client is not running meanwhile; when it starts next it has all that to make its words from, as after any
 * change. Only how it came there is made up: nobody has sent it.
 */
import { ACCOUNT, type AccountRecord } from "@teahouse/client/account/records.ts"
import { type Draft, encodeContent } from "@teahouse/client/content/message.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { HistoryEntry } from "@teahouse/client/history/entry.ts"
import { createHistory, SEGMENT } from "@teahouse/client/history/history.ts"
import { keys, type RoomMeta } from "@teahouse/client/room/records.ts"
import { idbStores } from "@teahouse/client/store/idb.ts"
import { idbKeyBox } from "@teahouse/client/store/key-box.ts"
import { sealedStore } from "@teahouse/client/store/sealed.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { seeded } from "../../test/seeded.ts"
import { speech } from "./words.ts"

export type Filling = {
  readonly slot: string
  readonly user: Id
  readonly messages: number
  /** The last message's time (ms UTC), and that of the first. */
  readonly from: number
  readonly to: number
  /** A friend who has said one line in so many. */
  readonly rare: { readonly user: Id; readonly oneIn: number }
  /** What the very first message of the largest chat says. */
  readonly oldest: string
  readonly seed: number
}

const BATCH = 8
const seen = { seq: 0, hash: new Uint8Array(32) }
const FILES = 0.03

export async function fill(filling: Filling): Promise<{ readonly bytes: number; readonly messages: number }> {
  const { user, slot, from, to } = filling
  const key = await idbKeyBox(slot).load(`${slot}/${user}`)
  if (!key) throw new Error("no key")
  const { sealed, account: accounts } = createCrypto()
  const store = sealedStore(await idbStores(slot).open(user), key, sealed)
  const account = await store.get<AccountRecord>(ACCOUNT)
  const amk = account?.amks.at(-1)
  if (!account || !amk) throw new Error("nobody is signed in")
  const own = await accounts.amkKeys(amk)
  const history = createHistory({ store, sealed, user, keys: async () => own })
  const metas = (await store.range<RoomMeta>(keys.metas)).map(({ value }) => value)
  const rooms = metas.filter(({ standing, users }) => standing === "open" && users.length > 1)
  // The second largest is half as large as the first, and so on.
  const whole = rooms.reduce((sum, _, i) => sum + 1 / (i + 1), 0)
  const { line } = speech(filling.seed)
  const roll = seeded(filling.seed + 1)
  let bytes = 0
  let said = 0
  for (const [place, meta] of rooms.entries()) {
    const blocks = Math.max(1, Math.floor(filling.messages / whole / (place + 1) / SEGMENT))
    const others = meta.users.filter((one) => one !== user && one !== filling.rare.user)
    const say = (seq: number): HistoryEntry => {
      const text = place === 0 && seq === SEGMENT ? filling.oldest : line()
      const draft: Draft =
        roll() < FILES ? { ...file, name: `${text.slice(0, 20)}.pdf` } : { kind: "text", text }
      const content = encodeContent(draft, seen)
      bytes += content.length
      said++
      const rare = roll() < 1 / filling.rare.oneIn
      const at = Math.floor(from + ((seq - SEGMENT) / ((blocks + 1) * SEGMENT)) * (to - from))
      const speaker = rare ? filling.rare.user : roll() < 0.4 ? user : (others[0] ?? user)
      return {
        ...{ seq, generation: meta.generation, kind: 0, device: account.device.device, n: seq, time: at },
        ...{ hash: seen.hash, user: speaker, item: { type: "content", bytes: content } },
      }
    }
    for (let first = 1; first <= blocks; first += BATCH) {
      const writes = []
      for (let number = first; number < first + BATCH && number <= blocks; number++) {
        const entries = Array.from({ length: SEGMENT }, (_, i) => say(number * SEGMENT + i))
        writes.push(...(await history.replace(meta.room, meta.incarnation, number, entries)))
      }
      await store.write(writes)
    }
    // The open end of a chat has no words beside it.
    const open = (blocks + 1) * SEGMENT
    const tail = Array.from({ length: 1 + Math.floor(roll() * (SEGMENT - 1)) }, (_, i) => say(open + i))
    const seq = open + tail.length - 1
    await store.write([
      ...(await history.replace(meta.room, meta.incarnation, blocks + 1, tail)),
      { put: keys.meta(meta.room), value: { ...meta, seq, at: to } },
    ])
  }
  await store.close()
  return { bytes, messages: said }
}

const file = {
  kind: "file",
  blob: "AAAAAAAAAAAAAAAAAAAAAA" as Id,
  token: new Uint8Array(16),
  key: new Uint8Array(32),
  header: new Uint8Array(24),
  size: 1,
  sealedSize: 1,
  sha256: new Uint8Array(32),
  type: "application/pdf",
} as const
