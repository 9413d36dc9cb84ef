/**
 * What the house writes down about itself: JSON lines by pino (or the same as text, `log_format`), with request ids, route names,
 * statuses and durations. Never content, tokens, names or addresses: callers pass fields from that short list, and errors lose their
 * message, which may quote what somebody sent.
 */
import { type DestinationStream, type Logger, pino } from "pino"

export type { Logger }

export const createLog = (
  level: string,
  destination: DestinationStream = pino.destination({ fd: 1, sync: true }),
  format: "json" | "text" = "json",
): Logger =>
  pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    format === "json" ? destination : { write: (line) => destination.write(readable(line)) },
  )

/**
 * `2026-11-28T04:00:00.000Z WARN  a certificate ends soon  days=5`: the same fields in the same order, for who reads along. A line stays a line:
 * values with anything but letters, digits and a few signs stand as JSON.
 */
export function readable(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const name = (pino.levels.labels[Number(level)] ?? String(level)).toUpperCase().padEnd(5)
  const value = (one: unknown) =>
    /^[\w./:@+-]+$/.test(String(one)) && typeof one !== "object" ? one : JSON.stringify(one)
  const rest = Object.entries(fields).map(([key, one]) => ` ${key}=${value(one)}`)
  const words = msg === undefined ? "" : ` ${String(msg).replace(/\s+/g, " ")}`
  return `${time} ${name}${words}${rest.length > 0 ? ` ${rest.join("")}` : ""}\n`
}

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
