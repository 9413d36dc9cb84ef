import { useText } from "../text/use-text.ts"
import { Logo } from "../ui/logo.tsx"

/** Its words come late: a warm start is over before anybody could read them. */
export function Splash() {
  const text = useText()
  return (
    <main className="flex h-full flex-col items-center justify-center gap-4 bg-paper">
      <h1 className="sr-only">{text.appName}</h1>
      <Logo size={72} />
      <p role="status" className="animate-[rise_400ms_ease-out_800ms_both] text-soft">
        {text.starting}
      </p>
    </main>
  )
}
