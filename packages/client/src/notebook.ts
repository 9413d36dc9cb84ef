/**
 * The account's notebook: small records, the same on all devices, sealed so that the house sees neither what they are
 * called nor what they hold (SECURITY "History and notebook"). The local mirror keeps them as the house does; a change is
 * kept beside it until the house has taken it. Two devices may write at once: compare-and-set finds out, the two values
 * are merged, and the write is tried again. The mirror may run ahead of a change that waits (it is pulled before anything
 * is pushed), so a change remembers the version that it was made upon, and is merged with any newer one.
 *
 * A house that has less than it once had, by its own account or by a record of an older version, is found out here and gets back what
 * it lost (notebook/again.ts): always after it was restored, which it says by itself.
 */
import { sameBytes, toBase64url } from "@teahouse/protocol/bytes.ts"
import type { NotebookRecord } from "@teahouse/protocol/http/notebook.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import * as z from "zod/mini"
import { NOTEBOOK_LIFE } from "./account/first-life.ts"
import type { AccountKeyRing } from "./account/keys.ts"
import type { Crypto } from "./crypto/port.ts"
import type { Call } from "./http.ts"
import { createLock } from "./lock.ts"
import type { Page } from "./notebook/page.ts"
import type { SealedStore } from "./store/sealed.ts"

export type Notebook = ReturnType<typeof createNotebook>

export type NotebookParts = {
  readonly store: SealedStore
  readonly crypto: Crypto
  readonly call: Call
  readonly user: Id
  readonly keys: AccountKeyRing
  /** In which life of the house (R5) it is read now. */
  readonly life: () => Promise<number>
  /** The house has older records than it had, in one and the same life. */
  readonly onOlder: () => Promise<void>
  /** It gives records under a key of this generation, which is not here. */
  readonly onLacking: (generation: number) => void
  /** Records that may be among those that the house has lost. */
  readonly named: () => ReadonlyMap<string, Page<never> | undefined>
}

/** Of the local store: all that is kept of the notebook. */
export const NOTEBOOK = "notebook/"
const MIRROR = `${NOTEBOOK}record/`
const mirrorKey = (id: Uint8Array) => MIRROR + toBase64url(id)
const DIRTY = "notebook/dirty/"
/** The version upon which a waiting change was made. */
const BASE = "notebook/base/"
export const NOTEBOOK_CURSOR = `${NOTEBOOK}cursor`
const ATTEMPTS = 5
/** In one run: a house that takes what it is given and loses it again is not given it for ever. */
const AGAIN_MAX = 5

export function createNotebook(parts: NotebookParts) {
  const { store, crypto, call, user, keys } = parts
  const lock = createLock()
  const pages = new Map<string, Page<unknown>>()

  const idOf = async (name: string) => crypto.sealed.notebookId(await keys.first(), name)
  const open = async <T>(record: NotebookRecord, page: Page<T>): Promise<T | undefined> => {
    const opener = await keys.of(record.generation)
    const at = { user, record: record.id, version: record.version }
    const plain = opener && (await crypto.sealed.openNotebook(opener, at, record.sealed))
    return plain?.ok ? parse(page, plain.value) : undefined
  }
  const seal = async (id: Uint8Array, version: number, plain: Uint8Array): Promise<NotebookRecord> => {
    const newest = await keys.newest()
    const sealed = await crypto.sealed.sealNotebook(newest, { user, record: id, version }, plain)
    return { id, version, generation: newest.generation, sealed }
  }
  const parse = <T>(page: Page<T>, bytes: Uint8Array): T | undefined => {
    const value = unpack(bytes, limits.notebookRecordBytes)
    const parsed = value.ok ? z.safeDecode(page.schema, value.value as never) : undefined
    return parsed?.success ? parsed.data : undefined
  }
  const encode = <T>(page: Page<T>, value: T) => pack(z.encode(page.schema, value))

  const read = async <T>(name: string, page: Page<T>): Promise<T | undefined> => {
    const dirty = await store.get<Uint8Array>(DIRTY + name)
    const record = await store.get<NotebookRecord>(mirrorKey(await idOf(name)))
    // What waits here may wait long: what another device has said since counts all the same.
    if (dirty) return parse(page, await merged(name, page as Page<unknown>, dirty, record))
    return record && open(record, page)
  }

  let compared = 0
  /** undefined: the house did not answer. True: something is new here. */
  const compare = async (life: number, restored: boolean): Promise<boolean | undefined> => {
    if (compared >= AGAIN_MAX) return undefined
    const { giveAgain } = await import("./notebook/again.ts")
    const done = await giveAgain({
      ...{ call, store, keys, mirror: MIRROR, idOf, open, named: parts.named() },
      seal: (id, version, page, value) => seal(id, version, encode(page, value)),
    })
    if (!done) return undefined
    compared++
    versions = undefined
    await store.write([
      { put: NOTEBOOK_CURSOR, value: done.cursor },
      { put: NOTEBOOK_LIFE, value: life },
    ])
    if (done.older && !restored) await parts.onOlder()
    return done.changed
  }

  let versions: Map<string, number> | undefined
  /** The mirror is what the house had a moment ago, all of it. */
  let whole = false
  const pullLocked = async (): Promise<boolean> => {
    whole = false
    let changed = false
    const life = await parts.life()
    const before = await store.get<number>(NOTEBOOK_LIFE)
    if (before !== undefined && before < life) return (await compare(life, true)) ?? false
    if (before === undefined) await store.write([{ put: NOTEBOOK_LIFE, value: life }])
    for (;;) {
      const since = (await store.get<number>(NOTEBOOK_CURSOR)) ?? 0
      const answer = await call("readNotebook", { request: { since } })
      if (!answer.ok) return changed
      const { records, cursor, more } = answer.value
      let older = cursor < since
      // Sealed under a key that is still on its way here: they are asked for again when it is there. What stands in the mirror
      // can be read, or else a change would be made upon nothing.
      for (const { generation } of records) {
        if (await keys.of(generation)) continue
        parts.onLacking(generation)
        return changed
      }
      const writes = []
      for (const record of records) {
        const known = await store.get<NotebookRecord>(mirrorKey(record.id))
        // No version goes back (SECURITY R5).
        if (!known || known.version < record.version)
          writes.push({ put: mirrorKey(record.id), value: record })
        else if (known.version > record.version || !sameBytes(known.sealed, record.sealed)) older = true
      }
      if (older) return (await compare(life, false)) ?? changed
      if (writes.length > 0) changed = true
      for (const { value } of writes) versions?.set(toBase64url(value.id), value.version)
      if (writes.length > 0 || cursor !== since)
        await store.write([...writes, { put: NOTEBOOK_CURSOR, value: cursor }])
      // A house that says there is more and does not go on is not asked for ever.
      whole = !more
      if (!more || cursor <= since) return changed
    }
  }

  /** What waits, with what came meanwhile. */
  const merged = async (
    name: string,
    page: Page<unknown>,
    dirty: Uint8Array,
    known: NotebookRecord | undefined,
  ): Promise<Uint8Array> => {
    if (!known || known.version <= ((await store.get<number>(BASE + name)) ?? 0)) return dirty
    const [mine, theirs] = [parse(page, dirty), await open(known, page)]
    const both = mine === undefined || theirs === undefined ? dirty : encode(page, page.merge(mine, theirs))
    await store.write([
      { put: DIRTY + name, value: both },
      { put: BASE + name, value: known.version },
    ])
    return both
  }

  const push = async (name: string, page: Page<unknown>): Promise<"done" | "merged" | "failed"> => {
    let done: "done" | "merged" = "done"
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const waiting = await store.get<Uint8Array>(DIRTY + name)
      if (!waiting) return done
      const id = await idOf(name)
      const known = await store.get<NotebookRecord>(mirrorKey(id))
      const dirty = await merged(name, page, waiting, known)
      if (dirty !== waiting) done = "merged"
      const version = (known?.version ?? 0) + 1
      const record = await seal(id, version, dirty)
      const answer = await call("writeNotebook", { request: record })
      if (answer.ok) {
        await store.write([
          { put: mirrorKey(id), value: record },
          { drop: DIRTY + name },
          { drop: BASE + name },
        ])
        versions?.set(toBase64url(id), version)
        return done
      }
      if (answer.error.kind !== "version_conflict") return "failed"
      if (await pullLocked()) done = "merged"
      const now = await store.get<NotebookRecord>(mirrorKey(id))
      // Nobody was quicker: the house has no more what it had.
      if ((now?.version ?? 0) < version && (await compare(await parts.life(), false))) done = "merged"
    }
    return "failed"
  }

  return {
    get: <T>(name: string, page: Page<T>) => lock(() => read(name, page)),
    /** Kept at once; `flush` brings it to the house. */
    change: <T>(name: string, page: Page<T>, edit: (old: T | undefined) => T | undefined): Promise<void> =>
      lock(async () => {
        const value = edit(await read(name, page))
        if (value === undefined) return
        pages.set(name, page as Page<unknown>)
        const known = await store.get<NotebookRecord>(mirrorKey(await idOf(name)))
        const first = (await store.get<Uint8Array>(DIRTY + name)) === undefined
        await store.write([
          { put: DIRTY + name, value: encode(page, value) },
          ...(first ? [{ put: BASE + name, value: known?.version ?? 0 }] : []),
        ])
      }),
    /** True if something is new. */
    pull: () => lock(pullLocked),
    /** Of the notebook as the house has it at this moment, with what is new; no head where it did not say all of it. */
    head: () =>
      lock(async () => {
        const news = await pullLocked()
        if (!whole) return { news }
        versions ??= new Map(
          (await store.range<NotebookRecord>(MIRROR)).map(({ value }) => [
            toBase64url(value.id),
            value.version,
          ]),
        )
        const { headOf } = await import("./notebook/head.ts")
        return { news, head: headOf(versions) }
      }),
    /** True if another device's news came in on the way. `pageOf` knows what a name left over from an earlier run is. */
    flush: (
      which: (name: string) => boolean,
      pageOf: (name: string) => Page<never> | undefined,
    ): Promise<boolean> =>
      lock(async () => {
        let news = false
        for (const { key } of await store.range(DIRTY)) {
          const name = key.slice(DIRTY.length)
          const page = pages.get(name) ?? (pageOf(name) as Page<unknown> | undefined)
          if (!page || !which(name)) continue
          const pushed = await push(name, page)
          if (pushed === "merged") news = true
          if (pushed === "failed") break
        }
        return news
      }),
  }
}
