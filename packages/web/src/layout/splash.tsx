import { useEffect, useState } from "react"
import { useText } from "../text/use-text.ts"
import { Button } from "../ui/button.tsx"
import { Logo } from "../ui/logo.tsx"

/** When to admit that something is in the way: a worker that did not load, or an old one that still holds the account. */
const LONG_MS = 10_000

/** Its words come late: a warm start is over before anybody could read them. */
export function Splash() {
  const text = useText()
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <main
      data-starting
      className="flex h-full flex-col items-center justify-center gap-4 bg-paper p-6 text-center"
    >
      <h1 className="sr-only">{text.appName}</h1>
      <Logo size={72} />
      <p role="status" className="animate-[rise_400ms_ease-out_800ms_both] text-soft">
        {long ? text.startingLong : text.starting}
      </p>
      {long && <Button onClick={() => location.reload()}>{text.reload}</Button>}
    </main>
  )
}
