import { useEffect, useRef, useState } from "react"

/** The value, changed at most once in `everyMs`: for what costs more than a glance and is not looked at while it changes. */
export function useSlow<T>(value: T, everyMs: number): T {
  const [shown, setShown] = useState(value)
  const changed = useRef(0)
  useEffect(() => {
    const wait = changed.current + everyMs - performance.now()
    const timer = setTimeout(
      () => {
        changed.current = performance.now()
        setShown(value)
      },
      Math.max(0, wait),
    )
    return () => clearTimeout(timer)
  }, [value, everyMs])
  return shown
}
