/**
 * Everything of one signed-in account, put together: the composition root below `createClient`. The order at the start is
 * a rule: the notebook is read before any external commit, so that pinned identities are known (SECURITY R5).
 */

import { toBase64url } from "@teahouse/protocol/bytes.ts"
import type { Down } from "@teahouse/protocol/down.ts"
import type { Refusal } from "@teahouse/protocol/error.ts"
import { greetingBytes } from "@teahouse/protocol/greeting.ts"
import { verifyHead } from "@teahouse/protocol/head.ts"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import { topUp } from "./account/key-packages.ts"
import { keyRing } from "./account/keys.ts"
import type { AccountRecord, HousePin } from "./account/records.ts"
import { ensureSelfRoom } from "./account/self-room.ts"
import { loadAlarms } from "./alarms.ts"
import { type Changes, topics } from "./changes.ts"
import type { AnswerParts } from "./contact/answer.ts"
import { loadContacts } from "./contact/contacts.ts"
import { loadPeople } from "./contact/people.ts"
import { resumeAttempts } from "./contact/request.ts"
import { resumeGroups } from "./group/create.ts"
import { createHistory } from "./history/history.ts"
import { createHttp } from "./http.ts"
import { createLock } from "./lock.ts"
import { createNotebook } from "./notebook.ts"
import { pageOf } from "./pages.ts"
import type { ClientParts } from "./parts.ts"
import { loadReading } from "./reading.ts"
import { heedContent, objectionTo } from "./room/heed.ts"
import { defaultPace, type RoomParts } from "./room/parts.ts"
import { createRooms } from "./room/rooms.ts"
import { loadSettings } from "./settings.ts"
import { type Connection, connect } from "./socket.ts"
import type { SealedStore } from "./store/sealed.ts"

export type HomeParts = ClientParts & {
  readonly changes: Changes
  readonly account: AccountRecord
  readonly house: HousePin
  readonly store: SealedStore
  readonly onSessionEnd: (refusal: Refusal) => void
  readonly onFailure: (error: unknown) => void
}

export type Home = Awaited<ReturnType<typeof openHome>>

export async function openHome(parts: HomeParts) {
  const { account, house, store, crypto, changes, clock, timers, jitter, onFailure } = parts
  const { device: me, user } = account
  const { session } = account
  if (!session) throw new Error("nobody is signed in")

  const call = createHttp({
    origin: parts.origin,
    fetch: parts.fetch,
    token: () => session.token,
    onSessionEnd: parts.onSessionEnd,
  })
  let connection: Connection | undefined
  let stopped = false
  const background = (work: Promise<unknown>) => void work.catch(onFailure)

  const keys = keyRing(crypto, () => account.amks)
  const alarms = await loadAlarms(store, clock, changes)
  const notebook = createNotebook({ store, crypto, call, user, keys })
  const people = await loadPeople(store, notebook, changes, () => background(alarms.raise("bad_signature")))
  await people.learn(user, { username: account.username, uik: account.uik })
  const history = createHistory({
    store,
    sealed: crypto.sealed,
    user,
    keys: (generation) => (generation === undefined ? keys.newest() : keys.of(generation)),
  })
  const settings = await loadSettings({ store, notebook, crypto, call, changes, user })
  const contacts = await loadContacts({ store, crypto, me, call, changes, people })

  const roomParts: RoomParts = {
    store,
    crypto,
    me,
    call,
    send: (frame) => connection?.send(frame) ?? false,
    clock,
    timers,
    jitter,
    changes,
    history,
    pace: { ...defaultPace, ...parts.pace },
    newKey: () => toBase64url(crypto.sealed.randomBytes(12)),
    alarm: (kind, room) => background(alarms.raise(kind, room)),
    verifyHead: (room, head) => verifyHead(house.houseKey, room, head),
    async heed(_room, from, content) {
      await heedContent(people, from, content)
      // With the key a newer profile may be readable than the message tells.
      if (content.kind === "profile") {
        background(contacts.refresh())
        background(flush())
      }
    },
    knownIdentity: people.pinned,
    objection: (state) => objectionTo(state, people.pinned),
    // The first identity seen of somebody is pinned (trust on first use); names in certificates are signed.
    onTaken: (state) => {
      for (const leaf of state.group?.judged.leaves ?? []) {
        const known = people.get(leaf.user)
        if (!known?.uik || known.certified === undefined)
          background(people.learn(leaf.user, { uik: leaf.uik, certified: leaf.username }))
      }
    },
    onFailure,
  }
  const rooms = createRooms({
    ...roomParts,
    async onSummary(summary) {
      for (const { user: member, username } of summary.members)
        if (people.get(member)?.username !== username) await people.learn(member, { username })
    },
  })
  const reading = loadReading({
    notebook,
    rooms,
    clock,
    timers,
    jitter,
    everyMs: parts.readEveryMs ?? 60_000,
    onFailure,
  })

  const answerParts: AnswerParts = {
    store,
    crypto,
    me,
    call,
    changes,
    people,
    rooms,
    clock,
    contacts,
    profile: settings.profile,
    pause: (ms) => new Promise((done) => void timers(ms, done)),
  }

  // ------------------------------------------------------------------------------------- what the house reports news of

  const packages = { store, crypto, me, call, clock }
  const flush = () => notebook.flush((name) => !name.startsWith("read/"), pageOf)
  const pullNotebook = async () => {
    if (!(await notebook.pull())) return
    await settings.reload()
    await reading.reload()
    await recallFriends()
  }
  const recallFriends = async () => {
    let news = false
    for (const { user: friend } of contacts.all()) if (await people.recall(friend)) news = true
    if (news) background(contacts.refresh())
  }

  const once = createLock()
  /** Others can reach this device from here on. */
  const publish = () => once(() => topUp(packages))
  /** Everything that a lost hint could have told. */
  const catchUp = () =>
    once(async () => {
      if (stopped) return
      await topUp(packages)
      await pullNotebook()
      await contacts.refresh()
      await recallFriends()
      await ensureSelfRoom({ ...packages, rooms })
      await resumeAttempts(answerParts)
      await resumeGroups(answerParts)
      await rooms.refresh()
      await contacts.refresh()
      await flush()
    })

  const onHint = ({ topics: news }: Extract<Down, { t: "hint" }>) => {
    const about = (topic: (typeof news)[number]) => news.includes(topic)
    if (about("notebook") || about("account_keys")) background(once(pullNotebook))
    if (about("contacts") || about("profile")) background(contacts.refresh())
    // A friendship that is resumed opens its room again, for devices that are not in it yet too.
    if (about("contacts") || about("rooms") || about("welcomes") || about("devices"))
      background(rooms.refresh())
    if (about("key_packages")) background(publish())
    if (about("devices")) changes.emit(topics.devices)
  }

  const onFrame = (frame: Down) => {
    switch (frame.t) {
      case "ready":
        if (frame.incarnation > house.incarnation) background(alarms.raise("new_incarnation"))
        rooms.onReady()
        background(catchUp())
        break
      case "entries":
      case "live":
      case "accepted":
      case "refused":
      case "ended":
        rooms.onFrame(frame)
        break
      case "hint":
        onHint(frame)
        break
      default:
        break
    }
  }

  let up = false
  await rooms.load()
  connection = connect({
    url: parts.origin.replace(/^http/, "ws") + SOCKET_PATH,
    openSocket: parts.openSocket,
    clock,
    timers,
    jitter,
    ...parts.connection,
    greet: async (challenge) => {
      if (challenge.house !== house.house) {
        await alarms.raise("house_changed")
        return undefined
      }
      const bytes = greetingBytes(challenge.house, challenge.nonce, session.id)
      return { session: session.id, signature: await crypto.device.sign(me.signature.privateKey, bytes) }
    },
    onFrame,
    onState: (state) => {
      if (up && state.state !== "connected") rooms.onLost()
      up = state.state === "connected"
      changes.emit(topics.connection)
    },
    onRefused: parts.onSessionEnd,
  })

  return {
    account,
    store,
    call,
    people,
    contacts,
    rooms,
    history,
    notebook,
    settings,
    reading,
    alarms,
    answerParts,
    flush: () => background(flush()),
    connection: () => (connection as Connection).state(),
    reconnect: () => connection?.reconnect(),
    listDevices: () => call("listDevices", { params: { user } }),
    publish,
    async stop() {
      stopped = true
      connection?.stop()
      reading.stop()
      await rooms.stop()
      await once(async () => {})
    },
  }
}
