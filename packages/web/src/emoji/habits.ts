/** What a person used last, and the one skin tone for all. Kept in this browser, for each account apart. */

import type { Tone } from "@teahouse/client/emoji/table.ts"
import { useCallback, useContext, useState } from "react"
import { SlotContext } from "../route/use-route.ts"

export type Habits = { readonly recent: readonly string[]; readonly tone: Tone }

export const MAX_RECENT = 32
/** The row in the menu of a message. */
export const quick: readonly string[] = ["👍", "❤️", "😂", "😮", "😢", "🙏"]

const nobody: Habits = { recent: [], tone: 0 }

export function readHabits(stored: string | null): Habits {
  try {
    const { recent, tone } = JSON.parse(stored ?? "") as Partial<Record<keyof Habits, unknown>>
    return {
      recent: Array.isArray(recent)
        ? recent.filter((each) => typeof each === "string" && each.length <= 32).slice(0, MAX_RECENT)
        : [],
      tone: [1, 2, 3, 4, 5].includes(tone as Tone) ? (tone as Tone) : 0,
    }
  } catch {
    return nobody
  }
}

export const used = (habits: Habits, emoji: string): Habits => ({
  ...habits,
  recent: [emoji, ...habits.recent.filter((each) => each !== emoji)].slice(0, MAX_RECENT),
})

export function useHabits(): [Habits, (change: (habits: Habits) => Habits) => void] {
  const key = `teahouse.${useContext(SlotContext)}.emoji`
  const [habits, setHabits] = useState(() => readHabits(localStorage.getItem(key)))
  const change = useCallback(
    (by: (habits: Habits) => Habits) => {
      // Another tab may have written since.
      const next = by(readHabits(localStorage.getItem(key)))
      localStorage.setItem(key, JSON.stringify(next))
      setHabits(next)
    },
    [key],
  )
  return [habits, change]
}
