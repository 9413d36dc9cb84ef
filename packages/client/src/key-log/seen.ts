/**
 * What a device has seen of a person's key log, and what it makes of what it is shown next. Nothing goes back: a log that is
 * shorter than it was, goes on from another place, or belongs to another identity is a house that shows somebody a lie.
 *
 * Only a restored house may have lost something: it says so, signed, in a head of a later incarnation, and the person has been told
 * (new-life.ts). Then its log is read anew. The identity stays what it was even so.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { besideKeyLog, type KeyLog, type KeyLogDevice } from "@teahouse/protocol/key-log.ts"
import type { KeyLogHead } from "@teahouse/protocol/key-log-head.ts"
import type { KeyHead } from "../content/core.ts"
import type { KeyLogRead } from "./read.ts"

/** `head` is the log's end. */
export type Seen = { readonly log: KeyLog; readonly head: KeyLogHead }
export type Look = { readonly seen?: Seen; readonly changed: boolean }

/** Of a later incarnation than `before` the whole log is to be read. */
export function heedLook(before: Seen | undefined, { head, log }: KeyLogRead): Look {
  const read: Look = log.ok ? { seen: { log: log.value, head }, changed: false } : { changed: true }
  if (!before) return read
  const kept = { seen: before, changed: false }
  const changed = { seen: before, changed: true }
  if (head.incarnation < before.head.incarnation) return changed
  if (head.incarnation > before.head.incarnation) {
    if (!log.ok) return changed
    const { uik } = log.value
    if (before.log.uik && uik && !sameBytes(before.log.uik, uik)) return changed
    // It has lost even the beginning: what was seen is all that there is.
    return before.log.uik && !uik ? kept : read
  }
  const beside = besideKeyLog(before.log, head)
  if (beside === "ahead") return log.ok ? read : changed
  return beside === "on" && head.position === before.head.position ? kept : changed
}

/** A head that somebody has, beside what was seen here. Of another life of the house nothing can be told, unless it is later. */
export function besideSeen(
  seen: Seen | undefined,
  { life, position, hash }: Pick<KeyHead, "life" | "position" | "hash">,
): "on" | "ahead" | "forked" | "cannot_tell" {
  if (!seen || life > seen.head.incarnation) return "ahead"
  return life < seen.head.incarnation ? "cannot_tell" : besideKeyLog(seen.log, { position, hash })
}

export type LeafKeys = {
  readonly user: Id
  readonly device: Id
  readonly uik: Uint8Array
  readonly signatureKey: Uint8Array
}

/** Whether a device in a room stands in its person's log. Where that has not begun there is nothing to stand in. */
export function isListed({ log }: Seen, leaf: LeafKeys): boolean {
  if (!log.uik) return true
  const device = log.devices.get(leaf.device)
  // A device that was taken away stays in a room until somebody has removed it.
  return (
    sameBytes(log.uik, leaf.uik) && device !== undefined && sameBytes(device.signatureKey, leaf.signatureKey)
  )
}

/** As the store keeps it. */
export type SeenRecord = Omit<KeyLog, "devices"> & {
  readonly head: KeyLogHead
  readonly devices: readonly (KeyLogDevice & { readonly device: Id })[]
}
export const toRecord = ({ log, head }: Seen): SeenRecord => ({
  ...log,
  head,
  devices: [...log.devices].map(([device, keys]) => ({ device, ...keys })),
})
export const fromRecord = ({ head, devices, ...rest }: SeenRecord): Seen => ({
  head,
  log: {
    ...rest,
    devices: new Map(devices.map(({ device, signatureKey, revoked }) => [device, { signatureKey, revoked }])),
  },
})
