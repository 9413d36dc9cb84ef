import type { Happened } from "./happened.ts"

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const WEEK = 7 * DAY

/** Whole units only: 90 s stay 90 seconds. */
export function durationText(seconds: number, text: Happened): string {
  if (seconds % WEEK === 0) return text.timerWeeks(seconds / WEEK)
  if (seconds % DAY === 0) return text.timerDays(seconds / DAY)
  if (seconds % HOUR === 0) return text.timerHours(seconds / HOUR)
  if (seconds % MINUTE === 0) return text.timerMinutes(seconds / MINUTE)
  return text.timerSeconds(seconds)
}

/** What a person can choose; 0 is off. */
export const timers = [0, 30, 5 * MINUTE, HOUR, DAY, WEEK, 4 * WEEK] as const
