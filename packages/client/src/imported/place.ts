/**
 * Where imported lines stand: in incarnation 0 of a chat, which no house has ever begun, in a stretch of blocks of their own for each
 * import. A stretch is named by the hour of its first line and a few bits of what the export says, so that two devices that import the
 * same make the same blocks, and blocks are in the order of time. A screen's positions of them are negative: before the chat's own.
 *
 *   block number = hour of the first line (20 bits, up to 2089) | slot (9 bits) | block of the import (15 bits: 8 million lines)
 *
 * Rejected: the next free stretch. Two devices that import at the same time would take the same one for different things.
 */
import { SEGMENT } from "../history/history.ts"

export const IMPORTED_INCARNATION = 0
const HOUR_MS = 3_600_000
const HOURS = 2 ** 20
export const SLOTS = 2 ** 9
export const IMPORT_BLOCKS = 2 ** 15
export const IMPORT_LINES = IMPORT_BLOCKS * SEGMENT
const END = HOURS * SLOTS * IMPORT_BLOCKS * SEGMENT

/** `mark`: bytes that stand for what the export says. `taken`: whether another import has this stretch. */
export function stretchFor(firstAt: number, mark: Uint8Array, taken: (base: number) => boolean): number {
  const hour = Math.min(HOURS - 1, Math.max(0, Math.floor(firstAt / HOUR_MS)))
  const bits = ((mark[0] ?? 0) << 8) | (mark[1] ?? 0)
  for (let n = 0; ; n++) {
    const base = (hour * SLOTS + ((bits + n) % SLOTS)) * IMPORT_BLOCKS
    if (n >= SLOTS || !taken(base)) return base
  }
}

/** A position as screens name it, and back. */
export const shownSeq = (stored: number): number => stored - END
export const storedSeq = (shown: number): number => shown + END
export const isImported = (shown: number): boolean => shown < 0

/** Whether a command, by its arguments, would do something to an imported line. Its file may be opened. */
export function actsOnImported(command: string, args: unknown): boolean {
  if (command === "openFile" || command === "filePreview" || command === "exportPage") return false
  const { seq, seqs, reply, edit } = (args ?? {}) as Record<string, unknown>
  return [seq, reply, edit, ...(Array.isArray(seqs) ? seqs : [])].some(
    (one) => typeof one === "number" && isImported(one),
  )
}
