/**
 * What a revocation begins anew, seen from a device that stays (SECURITY R2; docs/decisions/20): the account's generation, which
 * its certificate carries, and the account key. The certificate comes from the house, because whoever revoked has signed one for
 * each device. The key comes through the room with oneself, and is said there only when nobody could read it but the devices
 * that stay: this device's own leaf is of the new generation, so that no older certificate comes in any more (judge/src/identity.ts),
 * and no leaf is one of a device that was taken away.
 */
import { leafAt } from "@teahouse/judge/state.ts"
import { decodeCertificate, generationOf, sameDevice } from "@teahouse/protocol/certificate.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { verifyCertificate } from "@teahouse/protocol/signature.ts"
import { LOST_MAX } from "../content/account-key.ts"
import type { Content } from "../content/message.ts"
import type { Amk, Crypto } from "../crypto/port.ts"
import type { Call } from "../http.ts"
import { createLock } from "../lock.ts"
import type { Jitter, Timers } from "../platform.ts"
import { isOutdated } from "../room/commits.ts"
import type { RoomActor } from "../room/room.ts"
import type { AccountRecord } from "./records.ts"
import { isOlderVault } from "./vault.ts"

export type GenerationParts = {
  readonly crypto: Crypto
  readonly call: Call
  readonly timers: Timers
  readonly jitter: Jitter
  /** Before a key is asked for, and before it is said again (ms). */
  readonly askAfterMs: number
  readonly account: () => AccountRecord
  /** On the disk when it answers. */
  readonly save: (next: AccountRecord) => Promise<void>
  readonly selfRoom: () => RoomActor | undefined
  /** More of what the house keeps can be read. */
  readonly onKey: () => void
  /** Whether the house counts all generations that this device has, or fewer, where it was restored (say-again.ts). */
  readonly onCounted: (counted: "fewer" | "all") => void
  /** Another vault opens the account. */
  readonly onVault: () => void
  /** Rooms and key packages are to show a newer certificate. */
  readonly onCertificate: () => void
  readonly onFailure: (error: unknown) => void
}

/** What this device learns of its account; keys and generations only ever rise. */
export type Learned = Partial<Pick<AccountRecord, "amks" | "generation" | "lost" | "owed" | "vault">> & {
  readonly certificate?: Uint8Array
}

const AGAIN_MS = 500

export function createGenerations(parts: GenerationParts) {
  const { crypto, call, timers, jitter, account, selfRoom } = parts
  const lock = createLock()
  let stopped = false
  let cancelSay = () => {}
  let cancelAsk = () => {}
  let saying = false

  const learn = (change: Learned) =>
    lock(async () => {
      const before = account()
      const amks = (change.amks?.length ?? 0) > before.amks.length ? (change.amks ?? []) : before.amks
      const generation = Math.max(before.generation, change.generation ?? 0)
      const { certificate = before.device.certificate } = change
      const newer = generationOf(certificate) > generationOf(before.device.certificate)
      const device = newer ? { ...before.device, certificate } : before.device
      const lost = [...new Set([...(before.lost ?? []), ...(change.lost ?? [])])].slice(-LOST_MAX)
      const owed = change.owed === undefined ? before.owed : Math.min(change.owed, before.owed ?? change.owed)
      const vault =
        change.vault && !(before.vault && isOlderVault(change.vault, before.vault))
          ? change.vault
          : before.vault
      const more = {
        ...(lost.length > 0 ? { lost } : {}),
        ...(owed === undefined ? {} : { owed }),
        ...(vault ? { vault } : {}),
      }
      const opened = vault?.version !== before.vault?.version || vault?.life !== before.vault?.life
      const risen = newer || opened || amks !== before.amks || generation !== before.generation
      if (risen || lost.join() !== (before.lost ?? []).join() || owed !== before.owed)
        await parts.save({ ...before, amks, generation, device, ...more })
      if (newer) parts.onCertificate()
      if (opened) parts.onVault()
      if (amks.length > before.amks.length) parts.onKey()
    })

  // ---------------------------------------------------------------------------------------------------- saying a key

  /** What lacks until nobody reads what is sealed here but devices that stay, now and in every epoch to come. */
  const toClose = (actor: RoomActor) => {
    const { group } = actor.state()
    const { lost = [], amks, device } = account()
    const leaves = group?.judged.leaves ?? []
    const own = group && leafAt(group.judged, group.leaf)
    const remove = leaves.map((leaf) => leaf.device).filter((one) => lost.includes(one))
    return {
      closed: own !== undefined && own.n >= amks.length && remove.length === 0,
      outdated: group !== undefined && isOutdated(group, device),
      remove,
    }
  }

  const say = async () => {
    const { owed, amks, lost = [] } = account()
    const actor = selfRoom()
    if (owed === undefined || stopped) return
    if (!actor?.connected()) return sayLater()
    const { closed, outdated, remove } = toClose(actor)
    if (!closed) {
      const { group, pending, meta } = actor.state()
      // The house may keep back that a device was taken away; here nobody waits for it.
      if (group && !pending && meta.standing === "open" && (outdated || remove.length > 0))
        await actor.commit(group, { remove })
      return sayLater()
    }
    for (const { generation, key, signature } of amks)
      if (signature && generation >= owed)
        await actor.post({ kind: "accountKey", generation, key, signature, lost: [...lost] })
    await said(owed)
  }
  /** All from `from` on: unless more was asked for meanwhile nothing is owed any more. */
  const said = (from: number) =>
    lock(async () => {
      const { owed, ...rest } = account()
      if (owed === undefined) return
      if (owed < from) return sayLater()
      await parts.save(rest)
    })
  const sayLater = (afterMs = AGAIN_MS) => {
    cancelSay()
    cancelSay = timers(afterMs, look)
  }
  const look = () => {
    if (saying || stopped) return
    cancelSay()
    saying = true
    say()
      .catch(parts.onFailure)
      .finally(() => {
        saying = false
      })
  }

  // ------------------------------------------------------------------------------------------------------ asking for one

  const lacks = () => account().amks.length < account().generation
  let asked = 0
  const ask = async () => {
    const { generation, amks } = account()
    const actor = selfRoom()
    if (stopped || !lacks() || asked >= generation) return
    // It may stand in what has not been read yet.
    if (!actor?.live()) return askLater()
    asked = generation
    await actor.post({ kind: "accountKeyWanted", generation: amks.length })
  }
  const askLater = () => {
    cancelAsk()
    cancelAsk = timers(parts.askAfterMs * (1 + jitter()), () => void ask().catch(parts.onFailure))
  }

  const takeKey = async (amk: Amk, lost: readonly Id[]) => {
    const { uik, user, amks } = account()
    if (!(await crypto.account.verifyAmk(uik, user, amk))) return
    // Another device was quicker; it has said those before it first.
    if (amk.generation === amks.length) await said(0)
    await learn(amk.generation === amks.length + 1 ? { amks: [...amks, amk], lost } : { lost })
  }

  return {
    learn,
    /** The room with oneself, or this device's place in it, is another than before. */
    look,

    /** Whether there is a newer generation than this device's. */
    async follow(): Promise<void> {
      // What is learned while the answer is on its way is none of its business.
      const known = account().amks.length
      const who = await call("me", {})
      if (!who.ok) return
      parts.onCounted(who.value.generation < known ? "fewer" : "all")
      const { user, device: own } = account()
      if (who.value.generation > generationOf(own.certificate)) {
        const listed = await call("listDevices", { params: { user } })
        const found = listed.ok && listed.value.devices.find(({ device }) => device === own.device)
        const before = decodeCertificate(own.certificate)
        const read = found ? decodeCertificate(found.certificate) : undefined
        const fits = before && read && sameDevice(before, read) && read.username === before.username
        if (found && fits && (await verifyCertificate(read, own.signature.publicKey)))
          await learn({ certificate: found.certificate, generation: read.generation })
      }
      if (lacks()) askLater()
      look()
    },

    /** Said in the room with oneself, by another of the account's devices. */
    async heed(content: Content): Promise<void> {
      if (content.kind === "accountKey") {
        const { generation, key, signature, lost } = content
        await takeKey({ generation, key, signature }, lost)
      }
      if (content.kind === "accountKeyWanted" && content.generation < account().amks.length) {
        await learn({ owed: content.generation + 1 })
        // Not every device at once.
        sayLater(parts.askAfterMs * jitter())
      }
    },

    stop() {
      stopped = true
      cancelSay()
      cancelAsk()
    },
  }
}
