/**
 * Who is in a room, packed for the notebook (docs/decisions/37): for each person the id, the identity key, and the first bytes of a hash
 * over their devices there, sorted by id. 56 bytes a person: the largest room stays below one record's bound.
 */
import { concat, sameBytes } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { ROSTER_ONE } from "./notebook.ts"

const ID = 16
const KEY = 32
const DEVICES = 8

type Leaf = { readonly user: Id; readonly device: Id; readonly uik: Uint8Array }
export type RosterMember = { readonly uik: Uint8Array; readonly devices: Uint8Array }
export type Roster = ReadonlyMap<Id, RosterMember>

export function rosterOf(leaves: readonly Leaf[]): Roster {
  const byUser = new Map<Id, Leaf[]>()
  for (const leaf of leaves) byUser.set(leaf.user, [...(byUser.get(leaf.user) ?? []), leaf])
  const out = new Map<Id, RosterMember>()
  for (const user of [...byUser.keys()].sort()) {
    const theirs = byUser.get(user) ?? []
    const devices = theirs.map((leaf) => leaf.device).sort()
    const hash = sha256(concat(...devices.map(idBytes)))
    out.set(user, { uik: theirs[0]?.uik ?? new Uint8Array(KEY), devices: hash.slice(0, DEVICES) })
  }
  return out
}

export const encodeRoster = (roster: Roster): Uint8Array =>
  concat(...[...roster].flatMap(([user, { uik, devices }]) => [idBytes(user), uik, devices]))

/** undefined: no whole number of people. */
export function decodeRoster(bytes: Uint8Array): Roster | undefined {
  if (bytes.length % ROSTER_ONE !== 0) return undefined
  const out = new Map<Id, RosterMember>()
  for (let at = 0; at < bytes.length; at += ROSTER_ONE) {
    const uik = bytes.slice(at + ID, at + ID + KEY)
    const devices = bytes.slice(at + ID + KEY, at + ROSTER_ONE)
    out.set(idFrom(bytes.slice(at, at + ID)), { uik, devices })
  }
  return out
}

export type RosterNews = {
  readonly joined: readonly Id[]
  readonly newDevice: readonly Id[]
  readonly newIdentity: readonly Id[]
}
/** Who is there now and was not before, with other devices, or under another identity key. */
export function newsOf(before: Roster, now: Roster): RosterNews {
  const joined: Id[] = []
  const newDevice: Id[] = []
  const newIdentity: Id[] = []
  for (const [user, { uik, devices }] of now) {
    const old = before.get(user)
    if (!old) joined.push(user)
    else if (!sameBytes(old.uik, uik)) newIdentity.push(user)
    else if (!sameBytes(old.devices, devices)) newDevice.push(user)
  }
  return { joined, newDevice, newIdentity }
}
