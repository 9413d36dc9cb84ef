/** UX 22: an own file on its way, with what one can do about it. Its place is that of the size line, so nothing jumps. */
import type { Transfer as Moving } from "@teahouse/client/view/port/files.ts"
import { sizeText } from "@teahouse/client/words/size.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useCommand, useView } from "../../port/use-view.ts"
import { errorText } from "../../text/error-text.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { CloseIcon, PauseIcon, PlayIcon } from "../../ui/icons.tsx"

export const useTransfer = (room: Id, key: string, mine: boolean): Moving | undefined => {
  const all = useView("transfers", undefined)?.transfers
  return mine ? all?.find((one) => one.room === room && one.key === key) : undefined
}

export function Transfer({ moving }: { readonly moving: Moving }) {
  const text = useText()
  const command = useCommand()
  const { language } = useLanguage()
  const { room, key, state } = moving
  const percent = Math.floor(moving.progress * 100)
  const words = {
    sealing: text.uploadSealing,
    waiting: text.uploadWaiting,
    running: `${percent} %`,
    paused: text.uploadPaused,
    failed: moving.error ? errorText(moving.error.kind, language) : text.uploadFailed,
  }[state]
  const held = state === "paused" || state === "failed"
  const button =
    "inline-flex size-8 shrink-0 items-center justify-center rounded-full hover:bg-ink/10 touch-manipulation pointer-coarse:size-11"
  return (
    <div className="flex min-w-48 items-center gap-1 text-sm">
      <span className="min-w-0 flex-1">
        <span className={`block tabular-nums ${state === "failed" ? "text-danger" : ""}`}>
          {words} · {sizeText(moving.size)}
        </span>
        <span
          role="progressbar"
          aria-label={text.uploadProgress(moving.name)}
          aria-valuenow={percent}
          className="mt-0.5 block h-1.5 overflow-hidden rounded-full bg-ink/15 forced-colors:border"
        >
          <span
            className="block h-full rounded-full bg-accent transition-[width] forced-colors:bg-[Highlight]"
            style={{ width: `${percent}%` }}
          />
        </span>
      </span>
      {state !== "failed" && (
        <button
          type="button"
          className={button}
          aria-label={held ? text.resumeUpload : text.pauseUpload}
          title={held ? text.resumeUpload : text.pauseUpload}
          onClick={() => void command(held ? "resumeUpload" : "pauseUpload", { room, key })}
        >
          {held ? <PlayIcon size={18} /> : <PauseIcon size={18} />}
        </button>
      )}
      <button
        type="button"
        className={button}
        aria-label={text.cancelUpload}
        title={text.cancelUpload}
        onClick={() => void command("cancelUpload", { room, key })}
      >
        <CloseIcon size={18} />
      </button>
    </div>
  )
}
