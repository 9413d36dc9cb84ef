import { useText } from "../../text/use-text.ts"
import { ShieldIcon } from "../../ui/icons.tsx"

/** Beside the name of somebody whose safety number was compared. */
export function VerifiedMark({ size = 18 }: { readonly size?: number }) {
  const text = useText()
  return (
    <span role="img" aria-label={text.safetyVerified} title={text.safetyVerified} className="text-accent">
      <ShieldIcon size={size} />
    </span>
  )
}
