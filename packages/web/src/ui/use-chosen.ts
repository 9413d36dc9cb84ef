import { useState } from "react"

/**
 * A box that was ticked is ticked at once, though what is kept comes back from the worker a moment later. Where keeping it
 * was refused, it shows again what is kept.
 */
export function useChosen<T>(kept: T, keep: (value: T) => unknown): readonly [T, (value: T) => void] {
  const [chosen, setChosen] = useState<{ readonly value: T; readonly instead: T }>()
  const waits = chosen !== undefined && Object.is(chosen.instead, kept)
  if (chosen && !waits) setChosen(undefined)
  const choose = async (value: T) => {
    const now = { value, instead: kept }
    setChosen(now)
    const answer = await keep(value)
    if (refused(answer)) setChosen((later) => (later === now ? undefined : later))
  }
  return [waits ? chosen.value : kept, (value) => void choose(value)]
}

/** What a command answers where nothing was kept (Result). */
const refused = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && "ok" in answer && answer.ok === false
