/** Sizes and durations as people type them. undefined: it is none. */
import { adminLimits } from "@teahouse/server/admin/typed.ts"

const sizes: Readonly<Record<string, number>> = { "": 0, k: 1, m: 2, g: 3, t: 4 }
const spans: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
}

/** `500M`, `5 GB`, `1.5g`, `1048576`: bytes, powers of 1024. */
export function readSize(text: string): number | undefined {
  const found = /^(\d{1,15}(?:\.\d{1,3})?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim())
  if (!found) return undefined
  const bytes = Math.round(Number(found[1]) * 1024 ** (sizes[(found[2] ?? "").toLowerCase()] ?? 0))
  return bytes <= adminLimits.quota ? bytes : undefined
}

/** `30m`, `12h`, `7d`, `2w`: milliseconds; at most a year. */
export function readDuration(text: string): number | undefined {
  const found = /^(\d{1,6})\s*([mhdw])$/i.exec(text.trim())
  const ms = found ? Number(found[1]) * (spans[(found[2] ?? "").toLowerCase()] ?? 0) : 0
  return ms > 0 && ms <= adminLimits.life ? ms : undefined
}

const units = ["B", "KB", "MB", "GB", "TB"]
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0]
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${Number(value.toFixed(unit === 0 || value >= 9.95 ? 0 : 1))} ${units[unit]}`
}

/** To the minute, in UTC; nothing for 0. */
export const timeText = (ms: number): string =>
  ms === 0 ? "–" : new Date(ms).toISOString().slice(0, 16).replace("T", " ")
