/**
 * What the house writes down about itself: JSON lines by pino, with request ids, route names, statuses and durations. Never
 * content, tokens, names or addresses: callers pass fields from that short list, and errors lose their message, which may
 * quote what somebody sent.
 */
import { type DestinationStream, type Logger, pino } from "pino"

export type { Logger }

export const createLog = (level: string, destination?: DestinationStream): Logger =>
  pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination ?? pino.destination({ fd: 1, sync: true }),
  )

/** An unexpected error as it may be logged: its kind and where it arose. */
export function trace(error: unknown): { error: string; code?: string; at?: string[] } {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = (error as { code?: unknown }).code
  const at = error.stack
    ?.split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim())
  return { error: error.name, ...(typeof code === "string" ? { code } : {}), ...(at ? { at } : {}) }
}
