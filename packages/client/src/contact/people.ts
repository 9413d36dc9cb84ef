/**
 * Who people are: the pinned identity key (trust on first use), the names to show, and the key of their profile. Kept in
 * memory and in the store; what other devices of the account need goes to the notebook.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type Changes, topics } from "../changes.ts"
import type { ContactRecord } from "../content/notebook.ts"
import type { Notebook } from "../notebook.ts"
import { contactName, contactPage } from "../pages.ts"
import type { SealedStore } from "../store/sealed.ts"
import type { Person } from "../view/port/basic.ts"

export type PersonRecord = {
  readonly user: Id
  readonly username: string
  /** The name that stands in a certificate under the pinned identity key: it wins over what the house says. */
  readonly certified?: string
  /** As their certificates say, signed with their identity key. */
  readonly bot?: boolean
  readonly uik?: Uint8Array
  /** When the person went on with `uik` in place of another key. */
  readonly decidedAt?: number
  /** Identity keys that this device had pinned before the person went on with another one, oldest first. */
  readonly former?: readonly Uint8Array[]
  /** Under which other identity the house has them now (offers.ts). Nothing is decided. */
  readonly offered?: Offered
  /** Their last word on having compared safety numbers, and for which key. */
  readonly verified?: Verified
  readonly remark?: string
  readonly tags?: readonly string[]
  readonly nickname?: string
  readonly status?: string
  /** Names the picture (picture.ts). */
  readonly picture?: string
  readonly profileKey?: Uint8Array
  /** Of the profile that these come from. */
  readonly profileVersion?: number
}
export type Offered = { readonly uik: Uint8Array; readonly username: string }
const FORMER_MAX = 16
export type Verified = NonNullable<ContactRecord["verified"]>
type News = Partial<Omit<PersonRecord, "user" | "decidedAt">>
/** What a person notes of another one, for themselves. */
export type Notes = { readonly remark?: string; readonly tags?: readonly string[] }

const key = (user: Id) => `person/${user}`
const same = (a: unknown, b: unknown) =>
  a instanceof Uint8Array && b instanceof Uint8Array
    ? sameBytes(a, b)
    : Array.isArray(a) && Array.isArray(b)
      ? a.join("\n") === b.join("\n")
      : a === b

export type People = Awaited<ReturnType<typeof loadPeople>>

/** `onDifference`: the house calls somebody by another name than they signed. */
export async function loadPeople(
  store: SealedStore,
  notebook: Notebook,
  changes: Changes,
  onDifference: () => void = () => {},
) {
  const people = new Map<Id, PersonRecord>()
  for (const { value } of await store.range<PersonRecord>("person/")) people.set(value.user, value)

  const put = async (record: PersonRecord) => {
    // Memory first: another piece of news may come while the store works, and must build on this one.
    people.set(record.user, record)
    await store.write([{ put: key(record.user), value: record }])
    changes.emit(topics.contacts, topics.rooms)
  }

  /** The person's decision for a key, in place of the one that was pinned. What was signed under that one goes with it. */
  const repin = (known: PersonRecord, uik: Uint8Array, decidedAt: number) => {
    const { certified: _, offered: __, former = [], ...rest } = known
    const left = known.uik && !sameBytes(known.uik, uik) ? [known.uik] : []
    const before = [...former.filter((one) => !sameBytes(one, uik)), ...left].slice(-FORMER_MAX)
    return put({ ...rest, uik, decidedAt, ...(before.length > 0 ? { former: before } : {}) })
  }

  return {
    get: (user: Id) => people.get(user),
    differs: onDifference,
    pinned: (user: Id) => people.get(user)?.uik,
    person(user: Id): Person {
      const known = people.get(user)
      const username = known?.username ?? ""
      const name = known?.remark || known?.nickname || username
      return {
        ...{ user, username, name },
        ...(known?.picture ? { picture: known.picture } : {}),
        ...(known?.bot ? { bot: true } : {}),
      }
    },
    /** An identity key is taken once and never replaced here: a changed one is for the person to decide. */
    async learn(user: Id, news: News) {
      const old: PersonRecord = people.get(user) ?? { user, username: "" }
      const sameKey = !old.uik || !news.uik || sameBytes(old.uik, news.uik)
      const certified = old.certified ?? (sameKey ? news.certified : undefined)
      const heard = news.username ?? old.username
      if (certified !== undefined && heard !== "" && heard !== certified) onDifference()
      const { certified: _, ...rest } = { ...old, ...news }
      const next: PersonRecord = {
        ...rest,
        ...(old.uik ? { uik: old.uik } : {}),
        ...(certified === undefined ? {} : { certified, username: certified }),
      }
      const changed = (Object.keys(next) as (keyof PersonRecord)[]).some(
        (name) => !same(next[name], old[name]),
      )
      if (changed || !people.has(user)) await put(next)
    },
    /** For the account's other devices, present and future. */
    async share(user: Id) {
      const known = people.get(user)
      if (!known?.uik) return
      const { uik, profileKey, nickname, decidedAt = 0, verified } = known
      const record: ContactRecord = {
        v: 1,
        user,
        uik,
        ...(profileKey === undefined ? {} : { profileKey }),
        ...(nickname === undefined ? {} : { nickname }),
      }
      await notebook.change(contactName(user), contactPage, (old) => {
        // What was noted stays as it is, and so does what another device decided since.
        const behind = (old?.decidedAt ?? 0) > decidedAt
        const marked = (old?.verified?.at ?? -1) < (verified?.at ?? -1) ? verified : old?.verified
        return {
          ...old,
          ...record,
          ...(behind && old ? { uik: old.uik } : decidedAt > 0 ? { decidedAt } : {}),
          ...(marked ? { verified: marked } : {}),
        }
      })
    },
    /** Another identity than the pinned one, by the house's word; undefined: it has them under that one. */
    async offer(user: Id, offered: Offered | undefined) {
      const known = people.get(user)
      if (!known?.uik) return
      const before = known.offered
      const is = offered && !sameBytes(offered.uik, known.uik) ? offered : undefined
      if (before && is ? sameBytes(before.uik, is.uik) : before === is) return
      const { offered: _, ...rest } = known
      await put(is ? { ...rest, offered: is } : rest)
    },
    offered: (user: Id) => people.get(user)?.offered,
    /** Whether there is anybody of whom one identity was left behind. */
    anyLeft: () => [...people.values()].some(({ former }) => former !== undefined),
    /** Whether this person has gone on with another identity of them than this one. */
    isFormer: (user: Id, uik: Uint8Array) =>
      people.get(user)?.former?.some((one) => sameBytes(one, uik)) ?? false,
    /** Since when the key that is pinned counts as compared. */
    verifiedSince(user: Id): number | undefined {
      const known = people.get(user)
      const mark = known?.verified
      return known?.uik && mark?.on && sameBytes(mark.uik, known.uik) ? mark.at : undefined
    },
    /** A word about the key that is pinned. False where none is. */
    async verify(user: Id, on: boolean, at: number): Promise<boolean> {
      const known = people.get(user)
      if (!known?.uik) return false
      // A clock that was set back does not make it the older word.
      const after = Math.max(at, (known.verified?.at ?? 0) + 1)
      await this.learn(user, { verified: { uik: known.uik, on, at: after } })
      await this.share(user)
      return true
    },
    /** The person goes on with another key (SECURITY R1). */
    async decide(user: Id, uik: Uint8Array, at: number) {
      const known = people.get(user)
      if (!known) return
      await repin(known, uik, Math.max(at, (known.decidedAt ?? 0) + 1))
      await this.share(user)
    },
    /** False where the person's identity was never seen: there is nothing to hold on to. */
    async note(user: Id, { remark, tags }: Notes, at: number): Promise<boolean> {
      const known = people.get(user)
      if (!known?.uik) return false
      await this.share(user)
      await notebook.change(
        contactName(user),
        contactPage,
        (old) =>
          old && {
            ...old,
            ...(remark === undefined ? {} : { remark, remarkAt: at }),
            ...(tags === undefined ? {} : { tags: [...tags], tagsAt: at }),
          },
      )
      await this.learn(user, {
        ...(remark === undefined ? {} : { remark }),
        ...(tags === undefined ? {} : { tags }),
      })
      return true
    },
    /** Every tag that somebody has. */
    tags: (): string[] => [...new Set([...people.values()].flatMap(({ tags }) => tags ?? []))],
    /** What another device has written down; true where it is new here. */
    async recall(user: Id): Promise<boolean> {
      const record = await notebook.get(contactName(user), contactPage)
      const known = people.get(user)
      if (!record || record.user !== user) return false
      const { uik, remark, tags, profileKey, nickname, decidedAt = 0, verified } = record
      if (decidedAt > (known?.decidedAt ?? 0)) await repin(known ?? { user, username: "" }, uik, decidedAt)
      const news: News = {
        uik,
        ...(remark === undefined ? {} : { remark }),
        ...(tags === undefined ? {} : { tags }),
        ...(profileKey && !known?.profileKey ? { profileKey } : {}),
        ...(nickname && !known?.nickname ? { nickname } : {}),
        ...(verified && verified.at > (known?.verified?.at ?? -1) ? { verified } : {}),
      }
      const fresh = news.profileKey !== undefined || news.nickname !== undefined
      await this.learn(user, news)
      return fresh
    },
  }
}
