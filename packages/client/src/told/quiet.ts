/** Do not disturb: now, or within hours of the day that may reach over midnight. Pure. */
import type { ToldSettings } from "../view/port/told.ts"

export const DAY_MINUTES = 1440

/** `minute` of the local day. Hours that begin when they end are the whole day. */
export function isQuiet(settings: ToldSettings, minute: number): boolean {
  if (settings.quiet !== "hours") return settings.quiet === "on"
  const { quietFrom: from, quietTo: to } = settings
  if (from === to) return true
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

export const minuteOf = (date: Date): number => date.getHours() * 60 + date.getMinutes()

/** As `<input type=time>` writes it. */
export const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`

export function clockMinute(text: string): number | undefined {
  const found = /^(\d{2}):(\d{2})$/.exec(text)
  const minute = found ? Number(found[1]) * 60 + Number(found[2]) : -1
  return minute >= 0 && minute < DAY_MINUTES ? minute : undefined
}
