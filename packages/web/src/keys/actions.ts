/** What a shortcut does is known by the screen that is there: it says so for as long as it is. The last one to say so wins. */
import { useEffect, useRef } from "react"
import type { Action } from "./shortcuts.ts"

const doers = new Map<Action, (() => void)[]>()

/** False where nobody here can do it. */
export function act(action: Action): boolean {
  const run = doers.get(action)?.at(-1)
  run?.()
  return run !== undefined
}

export function useShortcut(action: Action, run: () => void, active = true): void {
  const newest = useRef(run)
  useEffect(() => {
    newest.current = run
  })
  useEffect(() => {
    if (!active) return
    const mine = () => newest.current()
    const list = doers.get(action) ?? []
    doers.set(action, [...list, mine])
    return () => {
      doers.set(action, doers.get(action)?.filter((each) => each !== mine) ?? [])
    }
  }, [action, active])
}
