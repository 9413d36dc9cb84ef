/**
 * Milliseconds from `now` to the next of the times in `text`: one or several of HH:MM or HH:MM:SS, local, with commas between them.
 * At least one. Undefined where one of them is no time.
 */
export function msUntil(text: string, now: Date): number | undefined {
  const waits = text.split(",").map((one) => msUntilOne(one.trim(), now))
  return waits.every((wait) => wait !== undefined) ? Math.min(...waits) : undefined
}

function msUntilOne(text: string, now: Date): number | undefined {
  const [, hours = "", minutes = "", seconds = "0"] = /^(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? []
  if (hours === "" || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined
  const next = new Date(now)
  next.setHours(Number(hours), Number(minutes), Number(seconds), 0)
  // By the calendar, not by 24 hours: the days on which clocks change are longer or shorter.
  if (next.getTime() <= now.getTime()) next.setDate(next.getDate() + 1)
  return next.getTime() - now.getTime()
}
