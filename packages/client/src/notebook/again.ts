/**
 * A house that has lost part of the notebook gets it again (SECURITY R5; docs/decisions/37). All that it has is read from the
 * beginning and compared with the mirror here, record by record: what is newer there is taken, what is newer here is given back as
 * the very bytes that the house once took, so that every device knows them under their version. Where both have changed they are
 * merged as two devices' changes are, under a version that nobody has seen. Nothing here is ever replaced by an older record.
 *
 * Rejected: writing version after version up to the one that was there: a house that lost a year would be asked thousands of times.
 */
import { sameBytes, toBase64url } from "@teahouse/protocol/bytes.ts"
import type { NotebookRecord } from "@teahouse/protocol/http/notebook.ts"
import type { AccountKeyRing } from "../account/keys.ts"
import type { Call } from "../http.ts"
import type { SealedStore, SealedWrite } from "../store/sealed.ts"
import type { Page } from "./page.ts"

export type AgainParts = {
  readonly call: Call
  readonly store: SealedStore
  readonly keys: Pick<AccountKeyRing, "of">
  /** Where the mirror's records stand in the store. */
  readonly mirror: string
  readonly idOf: (name: string) => Promise<Uint8Array>
  /** What of the records has a name here: what it is says how two of it are merged. */
  readonly named: ReadonlyMap<string, Page<never> | undefined>
  readonly open: (record: NotebookRecord, page: Page<unknown>) => Promise<unknown>
  readonly seal: (
    id: Uint8Array,
    version: number,
    page: Page<unknown>,
    value: unknown,
  ) => Promise<NotebookRecord>
}

export type Again = {
  /** As of what was read. */
  readonly cursor: number
  /** The house had less than is here. */
  readonly older: boolean
  /** It had something newer, too. */
  readonly changed: boolean
}

/** undefined: the house did not answer all of it, or not all can be read here. */
export async function giveAgain(parts: AgainParts): Promise<Again | undefined> {
  const { call, store, mirror } = parts
  const read = await readAll(parts)
  if (!read) return undefined
  const { there, cursor } = read
  const pages = new Map<string, Page<unknown>>()
  for (const [name, page] of parts.named)
    if (page) pages.set(mirror + toBase64url(await parts.idOf(name)), page as never)
  const newer: SealedWrite[] = []
  let older = false
  for (const { key, value: mine } of await store.range<NotebookRecord>(mirror)) {
    const theirs = there.get(key)
    there.delete(key)
    if (theirs && theirs.version > mine.version) newer.push({ put: key, value: theirs })
    if (theirs && (theirs.version > mine.version || isSame(mine, theirs))) continue
    older = true
    const page = pages.get(key)
    const both = page && theirs ? await united(parts, page, mine, theirs) : undefined
    // The same version with other bytes, of which nothing can be read: the next change of it settles which it is.
    if (!both && theirs?.version === mine.version) continue
    const given = await call("writeNotebook", {
      request: { ...(both ?? mine), over: theirs?.version ?? 0 },
    })
    if (given.ok && both) await store.write([{ put: key, value: both }])
    if (!given.ok && given.error.kind !== "version_conflict") return undefined
  }
  for (const [key, record] of there) newer.push({ put: key, value: record })
  if (newer.length > 0) await store.write(newer)
  return { cursor, older, changed: newer.length > 0 }
}

async function readAll({ call, keys, mirror }: AgainParts) {
  const there = new Map<string, NotebookRecord>()
  let cursor = 0
  for (let more = true; more; ) {
    const answer = await call("readNotebook", { request: { since: cursor } })
    if (!answer.ok) return undefined
    for (const record of answer.value.records) {
      if (!(await keys.of(record.generation))) return undefined
      there.set(mirror + toBase64url(record.id), record)
    }
    more = answer.value.more && answer.value.cursor > cursor
    cursor = answer.value.cursor
  }
  return { there, cursor }
}

/** Of two that one device alone has seen each: what both say. undefined: mine says all of it. */
async function united(
  { open, seal }: AgainParts,
  page: Page<unknown>,
  mine: NotebookRecord,
  theirs: NotebookRecord,
): Promise<NotebookRecord | undefined> {
  const [a, b] = [await open(mine, page), await open(theirs, page)]
  if (a === undefined || b === undefined) return undefined
  const version = Math.max(mine.version, theirs.version) + 1
  const both = page.merge(a, b)
  const nothingNew = theirs.version < mine.version && JSON.stringify(both) === JSON.stringify(a)
  return nothingNew ? undefined : seal(mine.id, version, page, both)
}

const isSame = (a: NotebookRecord, b: NotebookRecord) =>
  a.version === b.version && sameBytes(a.sealed, b.sealed)
