/** Whether somebody's safety number was compared, and the way to do it. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { lazy, Suspense, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Section } from "../../ui/section.tsx"
import { VerifiedMark } from "./verified-mark.tsx"

export const SafetyDialog = lazy(() =>
  import("./safety-dialog.tsx").then((part) => ({ default: part.SafetyDialog })),
)

export function SafetyRow({ user, name }: { readonly user: Id; readonly name: string }) {
  const text = useText()
  const safety = useView("safety", { user })
  const [open, setOpen] = useState(false)
  if (safety?.state !== "here") return null
  const { changed, verifiedAt } = safety
  return (
    <Section title={text.safetyNumber}>
      <p className={`flex items-center gap-2 ${changed ? "text-danger" : ""}`}>
        {changed ? (
          text.safetyChanged
        ) : verifiedAt === undefined ? (
          text.safetyNotVerified
        ) : (
          <>
            <VerifiedMark />
            {/* The mark says it already. */}
            <span aria-hidden="true">{text.safetyVerified}</span>
          </>
        )}
      </p>
      <Button look="quiet" className="-ms-4 mt-1" onClick={() => setOpen(true)}>
        {text.safetyOpen}
      </Button>
      {open && (
        <Suspense>
          <SafetyDialog user={user} name={name} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </Section>
  )
}
