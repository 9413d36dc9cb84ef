/**
 * Everything of one signed-in account, put together: the composition root below `createClient`. The order at the start is
 * a rule: the notebook is read before any external commit, so that pinned identities are known (SECURITY R5).
 */

import { toBase64url } from "@teahouse/protocol/bytes.ts"
import type { Down } from "@teahouse/protocol/down.ts"
import { greetingBytes } from "@teahouse/protocol/greeting.ts"
import { verifyHead } from "@teahouse/protocol/head.ts"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { roomIncarnationToSign } from "@teahouse/protocol/incarnation.ts"
import { err } from "@teahouse/protocol/result.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import type { Belief } from "./account/belief.ts"
import { createDevices } from "./account/devices.ts"
import { createExportPasses } from "./account/export-passes.ts"
import { LIFE, noteLife } from "./account/first-life.ts"
import { createGenerations } from "./account/generations.ts"
import { topUp } from "./account/key-packages.ts"
import { keyRing } from "./account/keys.ts"
import { ACCOUNT, type AccountRecord, type HousePin } from "./account/records.ts"
import { ensureSelfRoom } from "./account/self-room.ts"
import { loadAlarms } from "./alarms.ts"
import { backoff } from "./backoff.ts"
import { type Changes, topics } from "./changes.ts"
import type { BlockParts } from "./contact/block.ts"
import { loadContacts } from "./contact/contacts.ts"
import { loadPeople } from "./contact/people.ts"
import { fetchProfile } from "./contact/profile.ts"
import type { Returning } from "./contact/returning.ts"
import { requestsWait, rotationWaits } from "./contact/waiting.ts"
import type { Device } from "./crypto/port.ts"
import { createExpiry, type Expiry } from "./expiry.ts"
import { openFiles } from "./file/files.ts"
import type { FileStage } from "./file/stage.ts"
import { createAdmission } from "./group/admit.ts"
import { groupsWait, joinsWait } from "./group/waiting.ts"
import { createHabits } from "./habits.ts"
import { createHistory } from "./history/history.ts"
import { createMarks } from "./history/marks.ts"
import { createHttp } from "./http.ts"
import { type Imports, loadImports } from "./imported/imports.ts"
import { createIndexing, type Indexing } from "./indexing.ts"
import { type Kept, loadKept } from "./kept.ts"
import type { KeyWatch } from "./key-log/watch.ts"
import { lazily } from "./lazily.ts"
import { createLettingGo } from "./let-go.ts"
import { createLock } from "./lock.ts"
import { createNotebook } from "./notebook.ts"
import { chatName, chatPage, pageOf, pagesOf, readName, readPage, rosterName, rosterPage } from "./pages.ts"
import type { ClientParts } from "./parts.ts"
import type { PastKeeper } from "./past/past.ts"
import { createPresence } from "./presence.ts"
import { loadReading } from "./reading.ts"
import { createReceipts, type Receipts } from "./receipts.ts"
import { heedContent, objectionTo } from "./room/heed.ts"
import { defaultPace, type RoomParts } from "./room/parts.ts"
import { createRooms } from "./room/rooms.ts"
import { openSafekeeping, type Safekeeping, safekeepingPace } from "./safekeeping.ts"
import { loadSettings } from "./settings.ts"
import { type Connection, connect } from "./socket.ts"
import { loadStickers } from "./stickers.ts"
import type { SealedStore } from "./store/sealed.ts"
import type { CommandError } from "./view/port/basic.ts"

export type HomeParts = ClientParts & {
  readonly changes: Changes
  readonly account: AccountRecord
  readonly house: HousePin
  readonly store: SealedStore
  readonly stage: FileStage
  readonly onSessionEnd: (refusal: Pick<CommandError, "kind">) => void
  readonly onFailure: (error: unknown) => void
}

/** Of files' ciphertexts for reading offline, where the device does not say otherwise. */
const KEEP_BYTES = 2 * 1024 ** 3

const MEET_MS = 600_000

export type Home = Awaited<ReturnType<typeof openHome>>

/** `ends`: what has begun and is to be ended, the last first. */
type Stay = { over: boolean; readonly ends: (() => unknown)[] }

/** Where one of its records cannot be read, what was begun by then is ended before it throws. */
export async function openHome(parts: HomeParts) {
  const stay: Stay = { over: false, ends: [] }
  const stop = async () => {
    stay.over = true
    // One that fails is no reason to leave the others running.
    for (const end of stay.ends.splice(0).reverse()) {
      try {
        await end()
      } catch (error) {
        parts.onFailure(error)
      }
    }
  }
  try {
    // Not spread into another: what it says of the account is asked for each time.
    return Object.assign(await assemble(parts, stay), { stop })
  } catch (error) {
    await stop()
    throw error
  }
}

async function assemble(parts: HomeParts, stay: Stay) {
  const { ends } = stay
  const { house, store, crypto, changes, clock, timers, jitter, onFailure } = parts
  let { account } = parts
  const { user, session } = account
  if (!session) throw new Error("nobody is signed in")
  const me: Device = {
    ...account.device,
    // A revocation brings a newer one.
    get certificate() {
      return account.device.certificate
    },
  }

  const call = createHttp({
    origin: parts.origin,
    fetch: parts.fetch,
    token: () => session.token,
    onSessionEnd: parts.onSessionEnd,
  })
  let connection: Connection | undefined
  let up = false
  /** False: what the house has is not compared with what it had, because it may have been restored. */
  let heeding = Promise.resolve(true)
  const once = createLock()
  ends.push(() => once(async () => {}))
  const background = (work: Promise<unknown>) => void work.catch(onFailure)

  await noteLife(store, account, house.incarnation)
  const keys = keyRing(crypto, () => account.amks)
  const alarms = await loadAlarms(store, clock, changes)
  /** As the house has proved it (new-life.ts). */
  const life = async () => (await store.get<number>(LIFE)) ?? house.incarnation
  const notebook = createNotebook({
    ...{ store, crypto, user, keys, life },
    // A write that is refused is compared, too.
    call: (async (...asked: Parameters<typeof call>) =>
      (await heeding) ? call(...asked) : err({ kind: "offline" })) as typeof call,
    async onOlder() {
      const { isInNewLife } = await import("./new-life.ts")
      if (!(await isInNewLife({ store, house, call }))) await alarms.raise("account_rolled_back")
    },
    onLacking: (generation) => background((async () => (await believing()).lacking(generation))()),
    named: () =>
      pagesOf(
        contacts.all().map(({ user: friend }) => friend),
        rooms.all().map(({ room }) => room),
      ),
  })
  const people = await loadPeople(store, notebook, changes, () => background(alarms.raise("bad_signature")))
  await people.learn(user, { username: account.username, uik: account.uik })
  const history = createHistory({
    store,
    sealed: crypto.sealed,
    user,
    keys: (generation) => (generation === undefined ? keys.newest() : keys.of(generation)),
  })
  const marks = createMarks(store)
  const settings = await loadSettings({ store, notebook, crypto, call, changes, user, people })
  const contacts = await loadContacts({ store, crypto, me, call, changes, people })

  /** They look at rooms, and rooms tell them what came. */
  let receipts: Receipts | undefined
  let kept: Kept | undefined
  let importsHere: Imports | undefined
  let expiry: Expiry | undefined
  let safekeeping: Safekeeping | undefined
  let indexing: Indexing | undefined

  /** Loaded where somebody asks for the past, or this device does. */
  const past = lazily<PastKeeper>(async () => {
    const { isSettled } = safe
    return (await import("./past/past.ts")).createPast({
      ...{ store, crypto, me, rooms, history, marks, changes, clock, timers, jitter, onFailure },
      ...{ http: files.http, isSettled, keeps, afterMs: roomParts.pace.pastAfterMs },
      turnsAnHour: roomParts.pace.pastTurnsAnHour,
      ...{ alarm: roomParts.alarm, onLetGo: roomParts.onLetGo },
    })
  })
  const lookBack = (room: Id) => {
    if (safekeeping && !stay.over) background(past.get().then((keeper) => keeper.note(room)))
  }
  const keeps = async (room: Id) => (await notebook.get(chatName(room), chatPage))?.kept?.on ?? true

  /** States of groups whose members are known here. */
  const looked = new WeakSet<object>()
  /** … and noted. */
  const noted = new WeakSet<object>()
  const lettingGo = createLettingGo({
    ...{ store, call, onFailure },
    // Without a connection the house may be another one by now.
    isSettled: (room) => up && (rooms.get(room)?.settled(incarnation) ?? true),
  })
  ends.push(() => lettingGo.stop())

  let keyWatch: KeyWatch | undefined
  const keyLogs = lazily<KeyWatch>(async () => {
    const { openKeyWatch } = await import("./key-log/watch.ts")
    keyWatch = await openKeyWatch({
      ...{ store, call, house, rooms, notebook, life, timers, onFailure, account: () => account },
      raise(kind, room, about) {
        const name = about === user ? "" : people.person(about).name
        return alarms.raise(kind, room, { user: about, name })
      },
    })
    return keyWatch
  })
  const keysWatched = keyLogs.get

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
    marks,
    pace: { ...defaultPace, ...parts.pace },
    newKey: () => toBase64url(crypto.sealed.randomBytes(12)),
    alarm: (kind, room) => background(alarms.raise(kind, room)),
    verifyHead: (room, head) => verifyHead(house.houseKey, room, head),
    verifyLife: (room, said) =>
      verifyEd25519(house.houseKey, said.signature, roomIncarnationToSign(house.house, room, said)),
    async heed(room, from, content) {
      await heedContent(people, from, content)
      const { keyHeads } = content
      if (keyHeads) background(keysWatched().then((watch) => watch.said(room, keyHeads)))
      if (from === user && room === selfRoom()?.room) {
        await generations.heed(content)
        await (await believing()).heed(content)
      }
      // With the key a newer profile may be readable than the message tells.
      if (content.kind === "profile") {
        background(contacts.refresh())
        background(fetchProfile({ store, crypto, call, people }, from, content.version))
        background(flush())
      }
    },
    blocked: (user) => contacts.isBlocked(user),
    knownIdentity: people.pinned,
    async knownHead(room) {
      const read = await notebook.get(readName(room), readPage)
      return read?.head && { ...read.head, incarnation: read.incarnation }
    },
    knownRoster: (room) => notebook.get(rosterName(room), rosterPage),
    alarmed: (kind, room) => alarms.all().some((one) => one.kind === kind && one.room === room),
    async claim(member) {
      const { claimGuest } = await import("./group/packages.ts")
      const claimed = await claimGuest(answerParts, member)
      if (claimed.ok) return claimed.value.devices.map((one) => one.keyPackage)
      const { kind } = claimed.error
      // Who has nothing sound is left out, and can be added again.
      const gone = kind === "unknown_user" || kind === "identity_changed" || kind === "invalid_key_package"
      return gone ? [] : undefined
    },
    invite(room, users) {
      background(import("./group/grow.ts").then(({ inviteMany }) => inviteMany(answerParts, room, users)))
    },
    keyHeads: (meta) => keyWatch?.heads(meta) ?? [],
    redo(...what) {
      background(import("./group/redo.ts").then(({ redo }) => redo(answerParts, ...what)))
    },
    async lifeNow() {
      await heeding
      return life()
    },
    objection: (state) => objectionTo(state, people),
    // The first identity seen of somebody is pinned (trust on first use); names in certificates are signed.
    onTaken: (state) => {
      const judged = state.group?.judged
      // Who is in a room changes with commits only: a message in a room of 500 looks at none of them.
      const leaves = judged && !looked.has(judged) ? judged.leaves : []
      if (judged && (!looked.has(judged) || keyWatch?.awaits(state.meta.room))) keyWatch?.taken(state)
      if (judged) looked.add(judged)
      for (const leaf of leaves) {
        const known = people.get(leaf.user)
        if (!known?.uik || known.certified === undefined)
          background(
            people.learn(leaf.user, { uik: leaf.uik, certified: leaf.username, bot: leaf.kind === "bot" }),
          )
      }
      if (state.meta.kind === "self") {
        generations.look()
        background(believing().then((belief) => belief.onSelf()))
      } else if (judged && !noted.has(judged)) {
        noted.add(judged)
        background(believing().then((belief) => belief.onMembers(state.meta.room)))
      }
      receipts?.note(state)
      kept?.taken(state)
      safekeeping?.note()
      indexing?.note()
      if (state.meta.past || state.meta.wanted || state.meta.gap) lookBack(state.meta.room)
    },
    onLetGo: () => lettingGo.run(),
    onExpiring: () => expiry?.look(),
    onFailure,
  }
  const rooms = createRooms({
    ...roomParts,
    async onSummary(summary) {
      for (const { user: member, username } of summary.members)
        if (people.get(member)?.username !== username) await people.learn(member, { username })
    },
  })
  ends.push(
    () => rooms.stop(),
    () => past.begun()?.then((keeper) => keeper.stop()),
    () => keyLogs.begun()?.then((watch) => watch.stop()),
  )
  const selfRoom = () => rooms.all().find((actor) => actor.state().meta.kind === "self")
  const generations = createGenerations({
    ...{ crypto, call, timers, jitter, askAfterMs: roomParts.pace.pastAfterMs, onFailure, selfRoom },
    account: () => account,
    async save(next) {
      account = next
      await store.write([{ put: ACCOUNT, value: next }], "strict")
    },
    onVault: () => background(checkVault()),
    onCounted: (counted) =>
      background(
        counted === "fewer"
          ? import("./account/say-again.ts").then(({ tellLost }) => tellLost(store, alarms))
          : // What waited for it goes at once.
            alarms.dismiss("keys_lost/").then((told) => (told ? safe.finish() : undefined)),
      ),
    onKey() {
      background(pullNotebook())
      background(onHistory())
    },
    onCertificate() {
      for (const actor of rooms.all()) actor.pump()
      background(publish())
    },
  })
  ends.push(() => generations.stop())
  /** Loaded when there is something to believe. */
  const belief = lazily<Belief>(async () =>
    (await import("./account/belief.ts")).createBelief({
      ...{ notebook, call, alarms, selfRoom, life, timers, jitter, onFailure },
      everyMs: parts.beliefEveryMs ?? 60_000,
      onNews: () => once(reload),
      stateOf: (room) => rooms.get(room)?.state(),
    }),
  )
  const believing = belief.get
  ends.push(() => belief.begun()?.then((one) => one.stop()))
  /** False where the house has opened the account by an older vault than its devices know: this device goes no further. */
  const checkVault = async (): Promise<boolean> => {
    const { older } = await (await believing()).vault(account.vault)
    if (!older) return true
    account = { ...account, vault: older }
    await store.write([{ put: ACCOUNT, value: account }], "strict")
    parts.onSessionEnd({ kind: "vault_rolled_back" })
    return false
  }
  const files = await openFiles({
    ...{ store, stage: parts.stage, crypto, history, rooms, changes, clock, timers, jitter, call, onFailure },
    ...{ origin: parts.origin, fetch: parts.fetch, keepBytes: parts.keepBytes ?? KEEP_BYTES },
    token: () => session.token,
  })
  ends.push(() => files.stop())
  const habits = createHabits({ notebook, changes, clock, onFailure })
  const stickers = await loadStickers({ notebook, changes, clock })
  const reading = loadReading({
    notebook,
    rooms,
    clock,
    timers,
    jitter,
    everyMs: parts.readEveryMs ?? 60_000,
    onFailure,
  })

  ends.push(() => reading.stop())

  safekeeping = await openSafekeeping({
    ...{ store, sealed: crypto.sealed, keys, user, call, rooms, alarms, changes, clock, timers, jitter },
    keeps,
    imported: (room) => importsHere?.of(room) ?? [],
    life: () => incarnation,
    pace: { ...safekeepingPace, ...parts.safekeeping },
    onFailure,
  })
  const safe = safekeeping
  ends.push(() => safe.stop())
  indexing = createIndexing({ store, rooms, timers, onFailure })
  ends.push(() => indexing?.stop())
  indexing.note()
  let waited = () => {}
  ends.push(() => waited())
  const presence = createPresence({
    rooms,
    crypto,
    me: user,
    send: roomParts.send,
    shown: () => settings.value().showTyping,
    clock,
    timers,
    changes,
    onFailure,
  })
  ends.push(() => presence.stop())
  receipts = createReceipts({
    rooms,
    me: user,
    showsRead: () => settings.value().readReceipts,
    timers,
    jitter,
    everyMs: parts.receiptEveryMs ?? 2_500,
    onFailure,
  })
  ends.push(() => receipts?.stop())
  expiry = createExpiry({ store, rooms, clock, timers, onFailure })
  ends.push(() => expiry?.stop())

  const answerParts: BlockParts = {
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
    settings,
    onFailure,
    pause: (ms) => new Promise((done) => void timers(ms, done)),
  }

  const admission = createAdmission({
    ...answerParts,
    timers,
    jitter,
    admitAfterMs: roomParts.pace.admitAfterMs,
    onFailure,
  })

  const returning = lazily<Returning>(async () =>
    (await import("./contact/returning.ts")).createReturning({ ...answerParts, timers, jitter }),
  )
  /** Of whom this person has decided that they began anew. Answers when it is done as far as it can be now. */
  const bringBack = async () => (await returning.get()).run()
  ends.push(() => returning.begun()?.then((one) => one.stop()))
  const met = new Map<Id, number>()

  // ------------------------------------------------------------------------------------- what the house reports news of

  ends.push(() => admission.stop())
  const devices = createDevices({ answering: () => answerParts, notebook, changes })
  ends.push(() => devices.stop())
  const packages = { store, crypto, me, call, clock }
  const flush = async () => {
    if (await notebook.flush((name) => !/^(read|roster)\//.test(name), pageOf)) await reload()
    ;(await believing()).look()
  }
  const onHistory = async () => {
    if (await heeding) await safe.onHint()
  }
  const pullNotebook = async () => {
    if (!(await notebook.pull())) return
    await reload()
    ;(await believing()).look()
  }
  /** After another device's news. */
  const reload = async () => {
    await settings.reload()
    await reading.reload()
    await habits.reload()
    await stickers.reload()
    await kept?.reload()
    await importsHere?.reload()
    await recallFriends()
  }
  const recallFriends = async () => {
    let news = false
    for (const { user: friend } of contacts.all()) if (await people.recall(friend)) news = true
    if (news) background(contacts.refresh())
  }

  /** As the house has greeted this device. */
  let incarnation = 0
  const heed = async () =>
    // Not the pin: whoever asks which house this is raises that one.
    incarnation <= (await life()) ||
    (await import("./new-life.ts")).heedLife({ store, house, call, alarms, safe }, incarnation)
  let unheeded = 0
  let cancelHeed = () => {}
  ends.push(() => cancelHeed())
  const onGreeted = () => {
    cancelHeed()
    heeding = heeding.then(heed).catch((error) => {
      onFailure(error)
      return false
    })
    background(catchUp())
  }
  const heedAgain = () => {
    cancelHeed()
    if (stay.over) return
    const wait = backoff(unheeded++, jitter, { firstMs: 1_000, maxMs: 60_000 })
    // Without a connection the next greeting does it.
    cancelHeed = timers(wait, () => up && onGreeted())
  }
  /** Others can reach this device from here on. */
  const publish = () => once(() => topUp(packages))
  /** Everything that a lost hint could have told. */
  const catchUp = () =>
    once(async () => {
      if (stay.over) return
      if (!(await heeding)) return heedAgain()
      unheeded = 0
      await generations.follow()
      const watch = await keysWatched()
      await watch.own()
      await topUp(packages)
      await pullNotebook()
      if (!(await checkVault()) || stay.over) return
      await contacts.refresh()
      await recallFriends()
      // The past comes while rooms are still being joined: each room's as soon as the room is here.
      background(safe.onReady())
      await ensureSelfRoom({ ...packages, rooms })
      if (await requestsWait(store)) await (await import("./contact/request.ts")).resumeAttempts(answerParts)
      if (await groupsWait(store)) await (await import("./group/create.ts")).resumeGroups(answerParts)
      if (await rotationWaits(store)) await (await import("./contact/block.ts")).resumeRotation(answerParts)
      await rooms.refresh()
      safe.onRooms()
      await contacts.refresh()
      await flush()
      await refreshJoinings()
      if (stay.over) return
      admission.onNews()
      if (people.anyLeft()) background(bringBack())
      watch.all()
    })

  const refreshJoinings = async () => {
    if (await joinsWait(store)) await (await import("./group/join.ts")).refreshJoinings(answerParts)
  }

  const onHint = ({ topics: news }: Extract<Down, { t: "hint" }>) => {
    const about = (topic: (typeof news)[number]) => news.includes(topic)
    if (about("notebook")) background(once(pullNotebook))
    if (about("devices") || about("account_keys")) background(keysWatched().then((watch) => watch.own()))
    if (about("account_keys")) background(once(generations.follow))
    if (about("contacts") || about("profile")) background(contacts.refresh())
    // A friendship that is resumed opens its room again, for devices that are not in it yet too.
    if (about("contacts") || about("rooms") || about("welcomes") || about("devices"))
      background(rooms.refresh().then(refreshJoinings))
    else if (about("joins")) background(refreshJoinings())
    if (about("joins")) admission.onNews()
    if (about("contacts") || about("rooms")) keyWatch?.again()
    if (about("key_packages")) background(publish())
    if (about("devices")) changes.emit(topics.devices)
    if (about("history")) background(onHistory())
  }

  const onFrame = (frame: Down) => {
    switch (frame.t) {
      case "ready":
        incarnation = frame.incarnation
        onGreeted()
        rooms.onReady()
        receipts?.onReady()
        presence.onReady()
        lettingGo.run()
        break
      case "entries":
      case "live":
      case "accepted":
      case "refused":
      case "ended":
        rooms.onFrame(frame)
        break
      case "ephemeral":
        background(presence.onFrame(frame))
        break
      case "hint":
        onHint(frame)
        break
      default:
        break
    }
  }

  // Whoever shows from now on what they have read, says it.
  ends.push(changes.on([topics.settings], () => receipts?.onReady()))
  await rooms.load()
  // What counts as unread depends on who is blocked, here or by another device.
  let blocked = contacts.blocked().join()
  const recount = () => {
    if (contacts.blocked().join() === blocked) return
    blocked = contacts.blocked().join()
    for (const actor of rooms.all()) background(actor.recount())
  }
  ends.push(changes.on([topics.contacts], recount))
  await files.drafts.tidy((room) => (rooms.get(room)?.state().meta.standing ?? "removed") !== "removed")
  await habits.load(rooms.all().map((actor) => actor.room))
  const keptHere = await loadKept({ store, notebook, rooms, clock, changes, onFailure })
  kept = keptHere
  const imports = await loadImports({ notebook, changes })
  importsHere = imports
  expiry.look()
  // Files on their way stop at once, whatever else takes its time to end.
  ends.push(
    () => files.stop(),
    () => connection?.stop(),
  )
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
      if (up && state.state !== "connected") {
        rooms.onLost()
        presence.onLost()
        safe.onLost()
      }
      if (!up && state.state === "connected") files.uploads.hurry()
      up = state.state === "connected"
      changes.emit(topics.connection)
    },
    onRefused: parts.onSessionEnd,
  })

  return {
    get account() {
      return account
    },
    /** Of this account, from who has just proved the password. */
    learn: generations.learn,
    /** The account's keys are to be said to its other devices. */
    tellKeys: generations.look,
    clock,
    profile: parts.profile,
    store,
    call,
    people,
    contacts,
    rooms,
    history,
    marks,
    notebook,
    settings,
    reading,
    files,
    habits,
    safekeeping: safe,
    stickers,
    kept: keptHere,
    imports,
    presence,
    alarms,
    answerParts,
    admission,
    exportPasses: createExportPasses(clock, roomParts.newKey),
    flush: () => background(flush()),
    bringBack,
    /** Their chat is opened: who they are now is looked at, once in ten minutes. */
    meet(friend: Id) {
      const now = clock()
      if (!up || (met.get(friend) ?? 0) > now - MEET_MS) return
      met.set(friend, now)
      background(import("./contact/offers.ts").then(({ lookAt }) => lookAt({ call, me, people }, friend)))
    },
    /** Before signing out: what came while this device was still catching up is made safe too. Takes at most `ms`. */
    finish: (ms: number) => Promise.race([once(safe.finish), answerParts.pause(ms)]),
    /** Lets whatever else waits have its turn. */
    breathe: () => answerParts.pause(0),
    /** Runs it after `ms` without another call, unless the client ends before. */
    later(ms: number, run: () => void) {
      waited()
      if (!stay.over) waited = timers(ms, run)
    },
    failed: onFailure,
    connection: () => (connection as Connection).state(),
    reconnect: () => connection?.reconnect(),
    devices,
    publish,
  }
}
