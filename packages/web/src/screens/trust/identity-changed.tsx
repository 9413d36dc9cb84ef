/**
 * In place of the composer where a friend's identity is another one than before (SECURITY R1): what happened, what it may
 * mean, and the two ways on. What was being written is kept.
 */
import type { Person } from "@teahouse/client/view/port/basic.ts"
import { Suspense, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { AlertIcon } from "../../ui/icons.tsx"
import { useAction } from "../../ui/use-action.ts"
import { SafetyDialog } from "./safety-row.tsx"

export function IdentityChanged({ peer: { user, name } }: { readonly peer: Person }) {
  const text = useText()
  const safety = useView("safety", { user })
  const accept = useAction("acceptIdentity")
  const [comparing, setComparing] = useState(false)
  const here = safety?.state === "here" ? safety : undefined
  const number = here?.changed?.number
  return (
    <footer className="safe-bottom border-t border-line bg-surface">
      <div className="flex flex-col gap-3 px-4 py-3 mid:px-6">
        <div role="alert" className="flex gap-2 text-sm">
          <AlertIcon size={20} className="mt-0.5 text-danger" />
          <div>
            <p className="font-semibold text-danger">{text.identityChanged(name)}</p>
            {here?.verifiedAt !== undefined && <p>{text.identityWasVerified}</p>}
            <p>{text.identityChangedWhat}</p>
          </div>
        </div>
        <Fault error={accept.error} />
        <div className="flex flex-wrap gap-2">
          <Button look="primary" onClick={() => setComparing(true)}>
            {text.identityCompare}
          </Button>
          <Button
            aria-disabled={accept.busy || number === undefined}
            onClick={() => number !== undefined && void accept.run({ user, number })}
          >
            {text.identityGoOn}
          </Button>
        </div>
      </div>
      {comparing && (
        <Suspense>
          <SafetyDialog user={user} name={name} onClose={() => setComparing(false)} />
        </Suspense>
      )}
    </footer>
  )
}
