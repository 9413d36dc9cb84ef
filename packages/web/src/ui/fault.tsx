import type { CommandError } from "@teahouse/client/view/port/basic.ts"
import { errorText } from "../text/error-text.ts"
import { useLanguage } from "../text/use-text.ts"

/** A refusal in words, said at once by a screen reader. */
export function Fault({
  error,
  sentence,
}: {
  readonly error?: CommandError | undefined
  readonly sentence?: string | undefined
}) {
  const { language } = useLanguage()
  const words = sentence ?? (error && errorText(error.kind, language))
  return words ? (
    <p role="alert" className="rounded-xl bg-danger-wash px-3 py-2 text-sm text-danger">
      {words}
    </p>
  ) : null
}
