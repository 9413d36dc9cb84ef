import type { WaitingWelcome } from "@teahouse/protocol/http/device.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { pastDays } from "@teahouse/protocol/policy.ts"
import { packageByRef, usedPackage } from "../account/key-packages.ts"
import type { Room } from "../crypto/port.ts"
import { acceptable, freshMeta, type Place } from "./fresh.ts"
import { freshRoomWrites } from "./load.ts"
import type { RoomParts } from "./parts.ts"
import { type RoomMeta, startOf } from "./records.ts"

export type Parts = Pick<
  RoomParts,
  | "store"
  | "crypto"
  | "me"
  | "call"
  | "history"
  | "knownIdentity"
  | "knownHead"
  | "knownRoster"
  | "alarm"
  | "alarmed"
  | "verifyLife"
  | "clock"
>
/** No more of a group's past than this is asked for. */
export const PAST_POSITIONS = 20_000

/** undefined: not for us, or not to be joined; the caller forgets the welcome and may come in another way. */
export async function joinByWelcome(
  parts: Parts,
  welcome: WaitingWelcome & Pick<RoomMeta, "life">,
  /** What is known of the room from before this device was removed from it. */
  before?: RoomMeta,
): Promise<RoomMeta | undefined> {
  const { store, crypto, me } = parts
  const refs = crypto.room.welcomeRefs(welcome.welcome)
  if (!refs.ok) return undefined
  for (const ref of refs.value) {
    const keyPackage = await packageByRef(store, ref)
    if (!keyPackage) continue
    const { room, generation, groupInfo } = welcome
    const look = await crypto.room.look(groupInfo, me.house, room, generation)
    if (!look.ok || !acceptable(look.value, me, parts.knownIdentity)) return undefined
    const joined = await crypto.room.join({
      device: me,
      room,
      generation,
      welcome: welcome.welcome,
      groupInfo,
      keyPackage: keyPackage.secret,
    })
    if (!joined.ok) return undefined
    // The room of a friend request begins with two entries and waits until the notice that accepts it is read.
    const direct = joined.value.judged.policy.kind === "direct"
    const standing = direct && welcome.seq <= 2 ? "pending" : "open"
    const n = before ? await usedNumber(parts, room, before.n) : 0
    const fresh = {
      ...freshMeta(joined.value, me.user, welcome, standing, n),
      ...sharedPast(joined.value, welcome, before),
      owesUpdate: true,
    }
    const meta = before ? goingOn(fresh, before) : fresh
    await store.write([...freshRoomWrites(crypto, meta, joined.value), ...usedPackage(keyPackage)], "strict")
    return meta
  }
  return undefined
}

/** What the group shares with who comes in by its rule of this moment: asked for once the device is here (past/past.ts). */
function sharedPast({ judged: { policy } }: Room, { seq, time }: Place, before?: RoomMeta) {
  const days = policy.kind === "group" ? pastDays(policy) : 0
  // The opening is no entry of anybody's history.
  const from = Math.max(2, seq - PAST_POSITIONS, (before?.seq ?? 0) + 1)
  const since = Math.max(0, time - days * 86_400_000)
  return days > 0 && from < seq ? { wanted: { from, to: seq - 1, since } } : {}
}

/** Numbers go on from the last, whatever became of the leaf. */
export async function usedNumber({ call }: Parts, room: Id, known: number): Promise<number> {
  const last = await call("lastNumber", { params: { room } })
  return Math.max(known, last.ok ? last.value.n : 0)
}

export const goingOn = (fresh: RoomMeta, before: RoomMeta): RoomMeta => {
  const { read, unread, draft, last, mentioned, pins, timer, behind } = before
  return {
    ...fresh,
    ...(behind ? { behind } : {}),
    // What was here before stays here, with a hole in it.
    from: startOf(before),
    read,
    unread,
    draft,
    ...(last ? { last } : {}),
    ...(mentioned === undefined ? {} : { mentioned }),
    ...(pins ? { pins } : {}),
    ...(timer === undefined ? {} : { timer }),
  }
}
