/**
 * The client: who is signed in in this profile, and the port that screens use. Starting, signing in and signing out happen
 * one after another; commands and views of a signed-in account go to its `Home`.
 *
 *   starting → signed_out ⇄ signed_in, and once for each account and each recovery signed_out → unconfirmed → signed_in
 *
 * What is needed only to register, sign in, renew or delete is loaded when it is: it comes with OPAQUE, from the same house.
 */
import { fromBase64url, sameBytes } from "@teahouse/protocol/bytes.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { createDeviceHere, type Here } from "./account/device-here.ts"
import type { Learned } from "./account/generations.ts"
import { type HouseAnswer, readHouse } from "./account/house.ts"
import { type Index, indexOf } from "./account/index-store.ts"
import type { Proved } from "./account/login.ts"
import { ACCOUNT, type AccountRecord, type HousePin } from "./account/records.ts"
import { createChanges, topics } from "./changes.ts"
import type { FileDoor } from "./file/files.ts"
import { type Home, openHome } from "./home.ts"
import { type Call, createHttp } from "./http.ts"
import { actsOnImported } from "./imported/place.ts"
import { createLock } from "./lock.ts"
import type { ClientParts } from "./parts.ts"
import { commandError, type Problem } from "./problem.ts"
import { isFull } from "./store/full.ts"
import type { Store } from "./store/port.ts"
import { type SealedStore, StoreDamaged } from "./store/sealed.ts"
import { type HomeCommand, homeCommands } from "./view/commands.ts"
import type { CommandResult } from "./view/port/basic.ts"
import type { ClientPort, CommandArgs, CommandName, CommandValue, ViewValue } from "./view/port.ts"
import { watch } from "./view/views.ts"

export type Client = ClientPort & { readonly files: FileDoor; stop(): Promise<void> }

const LOGOUT_MS = 3_000
/** For what the house has not got of the history yet, before signing out. */
const SAFE_MS = 5_000
/** Without an answer a session is ended later, as long as the client runs. */
const LOGOUT_AGAIN_MS = 15_000
const LOGOUT_ATTEMPTS = 20
/** Of a damaged store, as long as the client runs. */
const REPAIRS = 20
/** Between two attempts to set a new password. */
const RENEW_AGAIN_MS = 500

type SignedOut = Extract<ViewValue<"session">, { state: "signed_out" }>
type Opened = Here & { readonly house: HousePin }

export function createClient(parts: ClientParts): Client {
  const { stores, crypto } = parts
  const changes = createChanges()
  const lock = createLock()
  const call = createHttp({ origin: parts.origin, fetch: parts.fetch, token: () => undefined })

  let signedOut: SignedOut | undefined
  let home: Home | undefined
  /** A new account whose recovery code is not confirmed yet. */
  let unconfirmed: Opened | undefined
  let index: Index
  let indexStore: Store
  let release = () => {}
  let stopped = false
  let cancelLogout = () => {}
  let repairs = 0

  const deviceHere = createDeviceHere(parts, () => index)
  const onBug = (error: unknown) => parts.onBug?.(error)

  const session = (): ViewValue<"session"> => {
    if (home) {
      const { user, username, device } = home.account
      const { nickname, picture } = home.settings.value()
      return {
        state: "signed_in",
        user,
        username,
        nickname,
        ...(picture ? { picture } : {}),
        device: device.device,
      }
    }
    const code = unconfirmed?.account.unconfirmed
    if (unconfirmed && code !== undefined)
      return { state: "unconfirmed", username: unconfirmed.account.username, recoveryCode: code }
    return signedOut ?? { state: "starting" }
  }

  const becomeSignedOut = (next: Omit<SignedOut, "state" | "registration">) => {
    signedOut = { state: "signed_out", registration: signedOut?.registration ?? "open", ...next }
    changes.emit(topics.session)
    void askRegistration().catch(onBug)
  }
  const askRegistration = async () => {
    const house = await readHouse(call, index)
    if (!signedOut) return
    if (house.ok) signedOut = { ...signedOut, registration: house.value.answer.registration }
    else if (house.error.kind === "house_changed") signedOut = { ...signedOut, reason: "house_changed" }
    changes.emit(topics.session)
  }

  /** A damaged store is no bug: it is repaired, and where it cannot be, signing in again builds a new one. */
  const failed = (error: unknown) => {
    const at = home
    if (error instanceof StoreDamaged) lock(() => repair(at)).catch(onBug)
    else onBug(error)
  }

  /** Found while somebody is in: they stay. */
  const repair = async (at: Home | undefined) => {
    const house = await index.house()
    // Something else that found it may have been here first.
    if (!at || at !== home || !house) return
    home = undefined
    changes.emit(topics.session)
    await at.stop()
    const { account, store } = at
    if ((await mended(store)) && (await enterWhole({ account, store, house }))) return
    await store.close()
    becomeSignedOut({ username: account.username, reason: "store_damaged" })
    await deviceHere.drop(account.user)
    await index.setDamaged(account.user)
  }

  const enter = async (opened: Opened) => {
    home = await openHome({
      ...parts,
      ...opened,
      stage: await parts.stages.open(opened.account.user),
      changes,
      onSessionEnd: ({ kind }) => void leave(kind, opened.account.session).catch(onBug),
      onFailure: failed,
    })
    signedOut = undefined
    unconfirmed = undefined
    await index.setLast({ user: opened.account.user, username: opened.account.username })
    changes.emit(topics.session, topics.connection, topics.rooms, topics.contacts, topics.settings)
    return home
  }

  /**
   * The session is over; what is stored stays. An answer to an older session may come late, when
   * somebody has signed in again: that one stays.
   */
  const leave = (reason: SignedOut["reason"], session: AccountRecord["session"]) =>
    lock(async () => {
      const gone = home
      if (!gone || gone.account.session !== session) return
      home = undefined
      becomeSignedOut({ username: gone.account.username, ...(reason ? { reason } : {}) })
      await deviceHere.drop(gone.account.user)
      await gone.stop()
      const { session: _, ...rest } = gone.account
      await gone.store.write([{ put: ACCOUNT, value: rest }], "strict")
      await gone.store.close()
    })

  // -------------------------------------------------------------------------------------------------------- starting

  const start = async () => {
    release = await parts.lock(parts.profile)
    if (stopped) return release()
    indexStore = await stores.open("index")
    index = indexOf(indexStore)
    const [last, house] = [await index.last(), await index.house()]
    if (!last || !house) return becomeSignedOut(last ? { username: last.username } : {})
    const opened = await deviceHere.openExisting(last.user)
    const damaged = async () => {
      await index.setDamaged(last.user)
      becomeSignedOut({ username: last.username, reason: "store_damaged" })
    }
    if (opened === "damaged") return damaged()
    if (!opened?.account.session) {
      await opened?.store.close()
      return becomeSignedOut({ username: last.username })
    }
    if (opened.account.unconfirmed !== undefined) {
      unconfirmed = { ...opened, house }
      return becomeSignedOut({ username: last.username })
    }
    if (!(await enterWhole({ ...opened, house }))) await damaged()
  }

  /** False: what the account itself needs is damaged, or the disk goes on damaging what is written to it. */
  const mended = async (store: SealedStore): Promise<boolean> => {
    if (++repairs > REPAIRS) return false
    const { mendStore } = await import("./account/mend.ts")
    return mendStore(store, parts.clock)
  }

  /** Undefined where the store is not whole and cannot be mended: then nobody is in, and it is closed. */
  const enterWhole = async (opened: Opened): Promise<Home | undefined> => {
    for (;;) {
      try {
        return await enter(opened)
      } catch (error) {
        if (!(error instanceof StoreDamaged)) throw error
        if (await mended(opened.store)) continue
        await opened.store.close()
        return undefined
      }
    }
  }

  const started = lock(start)
  started.catch(onBug)

  // ------------------------------------------------------------------------------------------------- the session's own

  const createAccount = async (
    args: CommandArgs<"createAccount">,
  ): Promise<Result<CommandValue<"createAccount">, Problem>> => {
    if (home) return err({ kind: "in_use" })
    const house = await readHouse(call, index)
    if (!house.ok) return house
    const invite = args.invite === undefined ? undefined : fromBase64url(args.invite)
    const { register } = await import("./account/register.ts")
    const registered = await register(call, crypto, house.value.answer, { ...args, invite })
    if (!registered.ok) return registered
    const { account, recoveryCode } = registered.value
    const store = await deviceHere.freshStore(account)
    await dropUnconfirmed()
    unconfirmed = { account, store, house: house.value.pin }
    await index.setLast({ user: account.user, username: account.username })
    changes.emit(topics.session)
    return ok({ recoveryCode })
  }

  /** What is stored stays: signing in to that account shows its code again. */
  const dropUnconfirmed = async () => {
    const dropped = unconfirmed
    unconfirmed = undefined
    await dropped?.store.close()
  }

  const confirmRecoveryCode = async (): Promise<Result<null, Problem>> => {
    if (!unconfirmed) return home ? ok(null) : err({ kind: "signed_out" })
    const { unconfirmed: _, ...account } = unconfirmed.account
    await unconfirmed.store.write([{ put: ACCOUNT, value: account }], "strict")
    await (await enter({ ...unconfirmed, account })).publish()
    return ok(null)
  }

  const signIn = async ({ username, password }: CommandArgs<"signIn">): Promise<Result<null, Problem>> => {
    if (home) return err({ kind: "in_use" })
    const house = await readHouse(call, index)
    if (!house.ok) return house
    const { answer, pin } = house.value
    const { prove } = await import("./account/login.ts")
    const proved = await prove(call, crypto, answer, { username, password })
    if (!proved.ok) return proved
    await dropUnconfirmed()
    const withCode = async (account: AccountRecord, before?: AccountRecord) => {
      const code = before?.unconfirmed
      return code !== undefined && (await isCode(code, proved.value))
        ? { ...account, unconfirmed: code }
        : account
    }
    const settled = await deviceHere.settle(answer, proved.value, withCode)
    if (!settled.ok) return settled
    const { known, ...opened } = settled.value
    if (opened.account.unconfirmed !== undefined) {
      unconfirmed = { ...opened, house: pin }
      changes.emit(topics.session)
      return ok(null)
    }
    const entered = await enterWhole({ ...opened, house: pin })
    await entered?.publish()
    if (entered) return ok(null)
    const again = known ? await deviceHere.settle(answer, proved.value, withCode, true) : undefined
    if (!again?.ok) return again ?? err({ kind: "store_damaged" })
    const { account, store } = again.value
    await (await enter({ account, store, house: pin })).publish()
    return ok(null)
  }

  const bearerOf = ({ session }: Proved) => createHttp({ ...parts, token: () => session.token })

  const isCode = async (code: string, { account, vault }: Proved) => {
    const recovery = await crypto.account.recoveryFrom(code, account.user)
    return recovery.ok && sameBytes(recovery.value.signIn.publicKey, vault.recoveryKey)
  }

  /** Device and store are there before the house is asked for the change, and with them the new code: it cannot be lost. */
  const recover = async ({
    username,
    code,
    password,
  }: CommandArgs<"recover">): Promise<Result<CommandValue<"recover">, Problem>> => {
    if (home) return err({ kind: "in_use" })
    const { newPassword, proveByCode, renew } = await import("./account/renew.ts")
    const chosen = newPassword(crypto, password, username)
    if (!chosen.ok) return chosen
    const house = await readHouse(call, index)
    if (!house.ok) return house
    const { answer, pin } = house.value
    const proved = await proveByCode(call, crypto, answer, { username, code })
    if (!proved.ok) return proved
    await dropUnconfirmed()
    const bearer = bearerOf(proved.value)
    const recoveryCode = crypto.account.newRecoveryCode()
    const settled = await deviceHere.settle(answer, proved.value, async ({ session: _, ...account }) => ({
      ...account,
      unconfirmed: recoveryCode,
    }))
    const { user, session } = proved.value.account
    const fail = async (problem: Problem) => {
      await deviceHere.drop(user)
      void logOut(bearer, LOGOUT_ATTEMPTS).catch(onBug)
      return err(problem)
    }
    if (!settled.ok) return fail(settled.error)
    const { store } = settled.value
    const given = { proved: proved.value, password: chosen.value, code: recoveryCode, pause }
    const renewed = await renew(bearer, crypto, answer, given)
    if (!renewed.ok) {
      await store.close()
      return fail(renewed.error)
    }
    const account = { ...settled.value.account, vault: renewed.value, ...(session && { session }) }
    await store.write([{ put: ACCOUNT, value: account }], "strict")
    unconfirmed = { account, store, house: pin }
    await index.setLast({ user, username: account.username })
    changes.emit(topics.session)
    return ok({ recoveryCode })
  }

  const pause = (ms = RENEW_AGAIN_MS) => new Promise<void>((done) => void parts.timers(ms, done))

  const logOut = async (call: Call, attempts: number): Promise<void> => {
    const answer = await call("logout", {})
    if (answer.ok || answer.error.kind !== "offline" || attempts <= 1 || stopped) return
    cancelLogout = parts.timers(LOGOUT_AGAIN_MS, () => void logOut(call, attempts - 1).catch(onBug))
  }

  const signOut = async ({ forget }: CommandArgs<"signOut">): Promise<Result<null, Problem>> => {
    const gone = home
    if (!gone) {
      const left = unconfirmed?.account.user
      await dropUnconfirmed()
      if (left) await deviceHere.drop(left)
      const last = await index.last()
      if (forget && last) await forgetStore(last.user)
      becomeSignedOut(forget || !last ? {} : { username: last.username })
      return ok(null)
    }
    const { account } = gone
    home = undefined
    becomeSignedOut(forget ? {} : { username: account.username })
    // Before anything that waits for the network.
    await deviceHere.drop(account.user)
    // Without an answer the session ends by itself in time; what matters here is that its token is gone.
    await gone.finish(SAFE_MS)
    await Promise.race([logOut(gone.call, LOGOUT_ATTEMPTS), pause(LOGOUT_MS)])
    await gone.stop()
    const { session: _, ...rest } = gone.account
    await gone.store.write([{ put: ACCOUNT, value: rest }], "strict")
    await gone.store.close()
    if (forget) await forgetStore(account.user)
    return ok(null)
  }

  /** The password, proved anew by whoever is signed in. It makes a session of its own: who asked ends it. */
  const proveAgain = async (
    here: Home,
    password: string,
  ): Promise<Result<{ bearer: Call; answer: HouseAnswer; proved: Proved }, Problem>> => {
    const house = await readHouse(call, index)
    if (!house.ok) return house
    const { username, user, uik } = here.account
    const { prove } = await import("./account/login.ts")
    const proved = await prove(call, crypto, house.value.answer, { username, password })
    if (!proved.ok) return proved
    const { account: found } = proved.value
    const bearer = bearerOf(proved.value)
    if (found.user === user && sameBytes(found.uik, uik)) {
      await here.learn({ amks: found.amks, ...(found.vault && { vault: found.vault }) })
      const { answer } = house.value
      const given = { bearer, answer, proved: proved.value }
      if (found.generation >= here.account.generation) return ok(given)
      const { sayAgain } = await import("./account/say-again.ts")
      const said = await sayAgain(parts, { ...given, house: answer, here, call: here.call })
      if (said.ok) {
        await revokedFrom(here, said.value.learned)
        return ok({ ...given, proved: said.value.proved })
      }
      void logOut(bearer, LOGOUT_ATTEMPTS).catch(onBug)
      return said
    }
    // Another account under this name: what opens it says nothing about who sits here.
    await bearer("logout", {})
    return err({ kind: "identity_changed" })
  }

  const beginExport = async ({
    password,
  }: CommandArgs<"beginExport">): Promise<Result<CommandValue<"beginExport">, Problem>> => {
    const here = home
    if (!here) return err({ kind: "signed_out" })
    if (password !== undefined) {
      const proved = await proveAgain(here, password)
      if (!proved.ok) return proved
      here.exportPasses.proved()
      void logOut(proved.value.bearer, LOGOUT_ATTEMPTS).catch(onBug)
    }
    if (parts.trusted) here.exportPasses.proved()
    const pass = here.exportPasses.begin()
    return pass === undefined ? err({ kind: "password_needed" }) : ok({ pass })
  }

  /**
   * This device's own session stays; the one that proves the old password ends when it is done. Where somebody else knows the
   * password, no other device stays, and not either one that came in while that was being done.
   */
  const changePassword = async ({
    current,
    password,
    others = "stay",
  }: CommandArgs<"changePassword">): Promise<Result<null, Problem>> => {
    const here = home
    const keep = here?.account.session?.id
    if (!here || keep === undefined) return err({ kind: "signed_out" })
    const { newPassword, renew } = await import("./account/renew.ts")
    const chosen = newPassword(crypto, password, here.account.username)
    if (!chosen.ok) return chosen
    const again = await proveAgain(here, current)
    if (!again.ok) return again
    const { bearer, answer, proved } = again.value
    const revokeOthers = async (proved: Proved): Promise<Result<unknown, Problem>> => {
      const { revoke } = await import("./account/revoke.ts")
      const given = { proved, me: here.account.device, house: answer, call: here.call, bearer, pause }
      const revoked = await revoke(crypto, given)
      if (revoked.ok) await revokedFrom(here, revoked.value)
      return revoked
    }
    const first = others === "go" ? await revokeOthers(proved) : ok(null)
    if (!first.ok) {
      void logOut(bearer, LOGOUT_ATTEMPTS).catch(onBug)
      return first
    }
    const given = { proved, password: chosen.value, keep, call: here.call, pause }
    const renewed = await renew(bearer, crypto, answer, given)
    if (renewed.ok) await here.learn({ vault: renewed.value })
    const { generation, amks } = here.account
    const now = { ...proved, account: { ...proved.account, generation, amks } }
    const last = renewed.ok && others === "go" ? await revokeOthers(now) : renewed
    void logOut(bearer, LOGOUT_ATTEMPTS).catch(onBug)
    return last.ok ? ok(null) : last
  }

  /** The house tells every room in the same moment, and the account's next generation begins. */
  const revokeDevice = async ({
    device,
    password,
  }: CommandArgs<"revokeDevice">): Promise<Result<null, Problem>> => {
    const here = home
    if (!here) return err({ kind: "signed_out" })
    const { device: own } = here.account
    if (device === own.device) return err({ kind: "not_allowed" })
    const again = await proveAgain(here, password)
    if (!again.ok) return again
    const { bearer, answer, proved } = again.value
    const { revoke } = await import("./account/revoke.ts")
    const given = { proved, me: own, house: answer, devices: [device], call: here.call, bearer, pause }
    const revoked = await revoke(crypto, given)
    void logOut(bearer, LOGOUT_ATTEMPTS).catch(onBug)
    if (!revoked.ok) return revoked
    await revokedFrom(here, revoked.value)
    return ok(null)
  }

  const revokedFrom = async (here: Home, learned: Learned) => {
    await here.learn(learned)
    here.tellKeys()
    changes.emit(topics.devices)
  }

  /** The password is proved anew, then everything is left, then the house forgets; this device last. */
  const deleteAccount = async ({
    password,
  }: CommandArgs<"deleteAccount">): Promise<Result<null, Problem>> => {
    const going = home
    if (!going) return err({ kind: "signed_out" })
    const proved = await proveAgain(going, password)
    if (!proved.ok) return proved
    const { bearer } = proved.value
    const { leaveEverything } = await import("./account/leave.ts")
    const kept = await leaveEverything(going.answerParts)
    const deleted = kept ? err(kept) : await bearer("deleteAccount", { request: {} })
    if (!deleted.ok) {
      await bearer("logout", {})
      return deleted
    }
    home = undefined
    becomeSignedOut({})
    await going.stop()
    await going.store.close()
    await forgetStore(going.account.user)
    return ok(null)
  }
  const forgetStore = async (user: string) => {
    await deviceHere.forget(user)
    await index.dropLast()
  }

  const sessionCommands = {
    createAccount,
    confirmRecoveryCode,
    signIn,
    recover,
    signOut,
    changePassword,
    beginExport,
    deleteAccount,
    revokeDevice,
  } as Partial<Record<CommandName, (args: never) => Promise<Result<unknown, Problem>>>>

  const run = async (name: CommandName, args: unknown): Promise<Result<unknown, Problem>> => {
    await started
    if (stopped) return err({ kind: "signed_out" })
    const own = sessionCommands[name]
    if (own) return lock(() => own(args as never))
    if (!home) return err({ kind: "signed_out" })
    // What was imported is read, and nothing else is done to it.
    if (actsOnImported(name, args)) return err({ kind: "not_allowed" })
    const handler = homeCommands[name as HomeCommand] as
      | ((home: Home, args: unknown, on: typeof changes) => Promise<Result<unknown, Problem>>)
      | undefined
    return handler ? handler(home, args, changes) : err({ kind: "not_found" })
  }

  return {
    subscribe: (view, args, listener) =>
      watch({ session, home: () => home, changes }, view, args, listener, failed),
    async command<C extends CommandName>(name: C, args: CommandArgs<C>) {
      try {
        const result = await run(name, args)
        return (result.ok ? result : { ok: false, error: commandError(result.error) }) as CommandResult<
          CommandValue<C>
        >
      } catch (error) {
        // No bug, and something that a person can do something about.
        if (isFull(error)) return { ok: false, error: { kind: "device_full" } }
        failed(error)
        const kind = error instanceof StoreDamaged ? "store_damaged" : "internal"
        return { ok: false, error: { kind } }
      }
    },
    files: {
      meta: (name) => home?.files.door.meta(name),
      read: async (name, from, to) => home?.files.door.read(name, from, to),
    },
    async stop() {
      stopped = true
      cancelLogout()
      await started.catch(() => {})
      await lock(async () => {
        await home?.stop()
        await home?.store.close()
        await unconfirmed?.store.close()
        await indexStore?.close()
        release()
      })
    },
  }
}
