/** UX 37: a new version waits for this button. Drafts are saved while typing and when the page goes. */
import { useSyncExternalStore } from "react"
import { activateUpdate, subscribeUpdate, updateWaits } from "../sw-register.ts"
import { useText } from "../text/use-text.ts"
import { inLine } from "../ui/button.tsx"

export function NewVersion() {
  const text = useText()
  const waits = useSyncExternalStore(subscribeUpdate, updateWaits)
  if (!waits) return null
  return (
    <div role="status" className="flex items-center justify-center gap-2 bg-wash px-4 py-0.5 text-sm">
      {text.newVersion}
      <button type="button" className={inLine} onClick={activateUpdate}>
        {text.reload}
      </button>
    </div>
  )
}
