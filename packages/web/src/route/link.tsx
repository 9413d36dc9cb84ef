import type { ComponentProps } from "react"
import type { Route } from "./route.ts"
import { useNavigation } from "./use-route.ts"

/** A plain click stays in the page; the modified ones are the browser's. */
export function Link({
  to,
  onGo,
  ...more
}: Omit<ComponentProps<"a">, "href" | "onClick"> & { readonly to: Route; readonly onGo?: () => void }) {
  const { href, go } = useNavigation()
  return (
    <a
      href={href(to)}
      onClick={(event) => {
        if (event.defaultPrevented || event.button !== 0) return
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        go(to)
        onGo?.()
      }}
      {...more}
    />
  )
}
