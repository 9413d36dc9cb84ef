/** UX 12, with Intl only: `14:05`, `昨天 14:05`, `星期三 14:05`, `5月3日 14:05`, `2025年5月3日`. */
import type { Language } from "../view/port/basic.ts"

const DAY = 86_400_000
/** A pause of this length gets a time of its own, and ends a group of messages. */
export const PAUSE_MS = 5 * 60_000

export type TimeStyle = { readonly language: Language; readonly locale: string; readonly timeZone?: string }

const cache = new Map<string, Intl.DateTimeFormat>()
function formatter(style: TimeStyle, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${style.locale}|${style.timeZone ?? ""}|${JSON.stringify(options)}`
  let found = cache.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(style.locale, {
      ...options,
      ...(style.timeZone && { timeZone: style.timeZone }),
    })
    cache.set(key, found)
  }
  return found
}

/** Days since the epoch in the person's own calendar. */
function dayNumber(at: number, style: TimeStyle): number {
  const parts = formatter(
    { ...style, locale: "en-CA" },
    { year: "numeric", month: "2-digit", day: "2-digit" },
  ).formatToParts(at)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of("year"), of("month") - 1, of("day")) / DAY
}

const yearOf = (at: number, style: TimeStyle) =>
  formatter({ ...style, locale: "en-CA" }, { year: "numeric" }).format(at)

export const clock = (at: number, style: TimeStyle): string =>
  formatter(
    style,
    style.language === "zh-CN"
      ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
      : { hour: "numeric", minute: "2-digit" },
  ).format(at)

function yesterday(style: TimeStyle): string {
  const word = new Intl.RelativeTimeFormat(style.locale, { numeric: "auto" }).format(-1, "day")
  return word.charAt(0).toLocaleUpperCase(style.locale) + word.slice(1)
}

type Distance = "today" | "yesterday" | "week" | "year" | "older"
function distance(at: number, now: number, style: TimeStyle): Distance {
  const days = dayNumber(now, style) - dayNumber(at, style)
  if (days <= 0) return "today"
  if (days === 1) return "yesterday"
  if (days < 7) return "week"
  return yearOf(at, style) === yearOf(now, style) ? "year" : "older"
}

/** The centred line above a group of messages. */
export function separator(at: number, now: number, style: TimeStyle): string {
  switch (distance(at, now, style)) {
    case "today":
      return clock(at, style)
    case "yesterday":
      return `${yesterday(style)} ${clock(at, style)}`
    case "week":
      return `${formatter(style, { weekday: "long" }).format(at)} ${clock(at, style)}`
    case "year":
      return `${formatter(style, { month: "long", day: "numeric" }).format(at)} ${clock(at, style)}`
    case "older":
      return formatter(style, { year: "numeric", month: "long", day: "numeric" }).format(at)
  }
}

/** The short form at the edge of a chat's row. */
export function rowTime(at: number, now: number, style: TimeStyle): string {
  switch (distance(at, now, style)) {
    case "today":
      return clock(at, style)
    case "yesterday":
      return yesterday(style)
    case "week":
      return formatter(style, { weekday: style.language === "zh-CN" ? "long" : "short" }).format(at)
    case "year":
      return formatter(style, {
        month: style.language === "zh-CN" ? "long" : "short",
        day: "numeric",
      }).format(at)
    case "older":
      return formatter(style, { year: "numeric", month: "numeric", day: "numeric" }).format(at)
  }
}

/** Short, and to the minute: it tells two things of one day apart. */
export const dayAndClock = (at: number, style: TimeStyle): string =>
  formatter(style, { dateStyle: "medium", timeStyle: "short" }).format(at)

/** For the tooltip and for `<time>`. */
export const exactTime = (at: number, style: TimeStyle): string =>
  formatter(style, { dateStyle: "full", timeStyle: "medium" }).format(at)
