/**
 * What a room's next generation in the log means for this device (SECURITY R3). It is held against the last state that this
 * device has agreed on; where its welcome is for one of this device's key packages, the device is in without asking anybody.
 */
import { type Agreed, agreedOf } from "@teahouse/judge/agreed.ts"
import { judgeGeneration } from "@teahouse/judge/generation.ts"
import { leafOfDevice } from "@teahouse/judge/state.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import { decodeGeneration, type NextGeneration } from "@teahouse/protocol/generation.ts"
import type { PackageRecord } from "../account/key-packages.ts"
import type { Seen } from "../content/core.ts"
import type { Crypto, Device, Room } from "../crypto/port.ts"
import { adopt } from "./read-commit.ts"
import type { RoomState } from "./state.ts"

export type GenerationRead =
  | {
      readonly kind: "entered"
      readonly group: Room
      readonly own: boolean
      /** What it came in with. */
      readonly used?: PackageRecord
      readonly seen?: Seen
    }
  /** It goes on, with this person; this device has to come in by itself. `agreed`: undefined where nothing was left to hold it against. */
  | { readonly kind: "outside"; readonly agreed?: Agreed; readonly seen?: Seen }
  /** It goes on without this person. */
  | { readonly kind: "left"; readonly seen: Seen }
  /** Not the room that was agreed on. */
  | { readonly kind: "refused" }

export type GenerationParts = {
  readonly crypto: Crypto
  readonly me: Device
  readonly keyPackage: (ref: Uint8Array) => Promise<PackageRecord | undefined>
}

export async function readGeneration(
  { meta, group, pending, agreed: before }: RoomState,
  entry: Entry & { readonly body: Uint8Array },
  parts: GenerationParts,
): Promise<GenerationRead> {
  const { crypto, me } = parts
  const { room } = meta
  if (entry.device === me.device && pending && sameBytes(pending.commit, entry.body)) {
    const next = adopt(pending, me, room, crypto)
    return next ? { kind: "entered", group: next, own: true } : { kind: "outside" }
  }
  const next = decodeGeneration(entry.body)
  if (!next) return { kind: "refused" }
  const agreed = group ? agreedOf(group.judged) : before
  // A damaged store: what a new device would do.
  if (!agreed) return { kind: "outside" }
  if (entry.generation !== agreed.generation + 1) return { kind: "refused" }
  const verdict = await judgeGeneration(agreed, { house: me.house, room }, next, { device: entry.device })
  if (!verdict.ok) return { kind: "refused" }
  const { seen } = verdict.value.data
  const after = verdict.value.next
  if (!after.leaves.some((leaf) => leaf.user === me.user)) return { kind: "left", seen }
  const entered = leafOfDevice(after, me.device) && (await enter(next, room, entry.generation, parts))
  return entered ? { ...entered, seen } : { kind: "outside", agreed: agreedOf(after), seen }
}

async function enter(
  { welcome, groupInfo }: NextGeneration,
  room: Room["room"],
  generation: number,
  { crypto, me, keyPackage }: GenerationParts,
) {
  const refs = welcome && crypto.room.welcomeRefs(welcome)
  if (!welcome || !refs?.ok) return undefined
  for (const ref of refs.value) {
    const used = await keyPackage(ref)
    if (!used) continue
    const input = { device: me, room, generation, welcome, groupInfo, keyPackage: used.secret }
    const joined = await crypto.room.join(input)
    if (joined.ok) return { kind: "entered", group: joined.value, own: false, used } as const
  }
  return undefined
}
