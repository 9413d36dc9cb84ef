/**
 * Friends and requests as the house lists them, with what only this account knows of them: the opened first lines, pinned
 * identities, names. Kept for being shown while offline.
 */
import type { Contact, FriendRequest } from "@teahouse/protocol/http/contact.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type Changes, topics } from "../changes.ts"
import type { FirstLine } from "../content/first-line.ts"
import type { Crypto, Device } from "../crypto/port.ts"
import type { Call } from "../http.ts"
import { createLock } from "../lock.ts"
import type { Problem } from "../problem.ts"
import type { SealedStore } from "../store/sealed.ts"
import { identityOf, openLine } from "./first-lines.ts"
import type { People } from "./people.ts"
import { fetchProfile } from "./profile.ts"

const KEY = "contacts"
const nobody: readonly Id[] = []

/** A request as it is kept: the house's word, and the line once it was opened. */
export type KnownRequest = Omit<FriendRequest, "line" | "from"> & {
  readonly opened?: FirstLine
  readonly uik?: Uint8Array
  /** The name in the asking device's certificate. */
  readonly certified?: string
}
type ContactsRecord = {
  readonly contacts: readonly Contact[]
  readonly requests: readonly KnownRequest[]
  /** Newest first. */
  readonly blocked?: readonly Id[]
}

export type ContactParts = {
  readonly store: SealedStore
  readonly crypto: Crypto
  readonly me: Device
  readonly call: Call
  readonly changes: Changes
  readonly people: People
}

export type Contacts = Awaited<ReturnType<typeof loadContacts>>

export async function loadContacts(parts: ContactParts) {
  const { store, crypto, me, call, changes, people } = parts
  const lock = createLock()
  let record: ContactsRecord = (await store.get<ContactsRecord>(KEY)) ?? { contacts: [], requests: [] }

  const know = async (request: FriendRequest): Promise<KnownRequest> => {
    const old = record.requests.find((one) => one.id === request.id)
    const { line: _, from: __, ...plain } = request
    if (request.direction === "out") return plain
    const opened = old?.opened ?? (await openLine(store, crypto, me, request))
    const from = old?.uik ? undefined : await identityOf(me, request)
    const uik = old?.uik ?? from?.uik
    const certified = old?.certified ?? from?.username
    // A name that its owner did not sign, or not this one: shown is what they signed.
    if (certified !== undefined && certified !== request.username) people.differs()
    return {
      ...plain,
      ...(certified === undefined ? {} : { username: certified, certified }),
      ...(opened ? { opened } : {}),
      ...(uik ? { uik } : {}),
    }
  }

  const refresh = (): Promise<Problem | undefined> =>
    lock(async () => {
      const listed = await call("listContacts", {})
      if (!listed.ok) return listed.error
      const requests: KnownRequest[] = []
      for (const request of listed.value.requests) requests.push(await know(request))
      const { blocked } = listed.value
      record = { contacts: listed.value.contacts, requests, blocked: blocked.map(({ user }) => user) }
      await store.write([{ put: KEY, value: record }])
      for (const { user, username } of blocked) await people.learn(user, { username })
      for (const { user, username, profile } of listed.value.contacts) {
        await people.learn(user, { username })
        if (!people.get(user)?.profileKey) await people.recall(user)
        await fetchProfile(parts, user, profile)
      }
      for (const { user, username, opened } of requests)
        await people.learn(user, { username, ...(opened?.nickname ? { nickname: opened.nickname } : {}) })
      changes.emit(topics.contacts, topics.rooms)
      return undefined
    })

  return {
    refresh,
    friends: () => record.contacts.filter((contact) => contact.state === "friend"),
    all: () => record.contacts,
    /** The same list until it changes. */
    blocked: () => record.blocked ?? nobody,
    isBlocked: (user: Id) => record.blocked?.includes(user) ?? false,
    requests: (direction: FriendRequest["direction"]) =>
      record.requests.filter((request) => request.direction === direction),
    request: (id: Id) => record.requests.find((request) => request.id === id),
  }
}
