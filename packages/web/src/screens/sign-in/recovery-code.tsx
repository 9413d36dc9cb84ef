/** Shown once. Nothing but the button closes it. */
import { useState } from "react"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"

type Props = {
  readonly code: string
  readonly username: string
  readonly busy: boolean
  readonly onSaved: () => void
}

export function RecoveryCode({ code, username, busy, onSaved }: Props) {
  const text = useText()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code)
      setCopied(true)
    } catch {
      // Forbidden by the browser; the code can be selected.
    }
  }
  const download = () => {
    const url = URL.createObjectURL(
      new Blob([`${text.appName} ${username}\n${location.origin}\n\n${code}\n`], { type: "text/plain" }),
    )
    const anchor = document.createElement("a")
    anchor.href = url
    anchor.download = `teahouse-${username}.txt`
    anchor.click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  }
  return (
    <Dialog title={text.recoveryCode}>
      <p className="mb-3 text-sm">{text.recoveryWhy}</p>
      <p
        translate="no"
        className="mb-3 select-all rounded-xl bg-sunken px-4 py-3 text-center font-mono text-lg leading-relaxed tracking-wide wrap-anywhere"
      >
        {code}
      </p>
      <p className="mb-4 text-sm text-soft">{text.recoveryKeep}</p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={copy}>{copied ? text.copied : text.copy}</Button>
        <Button onClick={download}>{text.saveAsFile}</Button>
        <Button look="primary" className="ms-auto" onClick={onSaved} aria-disabled={busy}>
          {text.recoverySaved}
        </Button>
      </div>
    </Dialog>
  )
}
