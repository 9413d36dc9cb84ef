/**
 * A snapshot comes from the worker as a copy, so each line of it is a new object even where nothing about it changed, and all
 * of them would be drawn again with every step of reading. What is equal to a line of the snapshot before stays that object.
 */
import type { Timeline, TimelineItem } from "@teahouse/client/view/port/messages.ts"

export function sameLines(): (timeline: Timeline) => Timeline {
  let lines = new Map<string, { readonly text: string; readonly item: TimelineItem }>()
  const done = new WeakMap<Timeline, Timeline>()
  return (timeline) => {
    const known = done.get(timeline)
    if (known) return known
    const next: typeof lines = new Map()
    const items = timeline.items.map((item) => {
      const text = JSON.stringify(item)
      const before = lines.get(item.key)
      const line = before?.text === text ? before : { text, item }
      next.set(item.key, line)
      return line.item
    })
    lines = next
    const made = { ...timeline, items }
    done.set(timeline, made)
    return made
  }
}
