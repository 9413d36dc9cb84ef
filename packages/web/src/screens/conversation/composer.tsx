/** UX 5–7: a plain textarea that grows to 40 % of the height. */
import type { CommandError } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react"
import { useCommand, useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Fault } from "../../ui/fault.tsx"
import { SendIcon } from "../../ui/icons.tsx"
import { isForIme, sends, useComposition } from "../../ui/ime.ts"
import { useTouch } from "../../ui/use-media.ts"
import { useDraft } from "./use-draft.ts"

type Props = {
  readonly room: Id
  readonly title: string
  /** Whether opening the chat puts the cursor here. */
  readonly focus: boolean
  readonly onSent: () => void
  readonly onEscape: () => void
}

export function Composer({ room, title, focus, onSent, onEscape }: Props) {
  const text = useText()
  const command = useCommand()
  const touch = useTouch()
  const enterSends = useView("settings", undefined)?.enterSends ?? true
  const draft = useDraft(room)
  const area = useRef<HTMLTextAreaElement>(null)
  const [error, setError] = useState<CommandError>()
  // When a word is chosen the text is whole again and may be saved.
  const composition = useComposition(() => {
    if (area.current) draft.set(area.current.value, false)
  })
  const empty = draft.text.trim() === ""

  // biome-ignore lint/correctness/useExhaustiveDependencies: its height follows the text
  useLayoutEffect(() => {
    const element = area.current
    if (!element) return
    element.style.height = "auto"
    element.style.height = `${element.scrollHeight + 2}px`
  }, [draft.text])

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the chat is opened
  useEffect(() => {
    // A keyboard that covers half of a phone is opened by a tap, not by us.
    if (!touch && focus) area.current?.focus({ preventScroll: true })
  }, [])

  const send = async () => {
    if (empty || composition.active()) return
    const taken = draft.take()
    setError(undefined)
    onSent()
    const result = await command("send", { room, text: taken.replace(/^\s*\n|\s+$/g, "") })
    if (result.ok) return
    setError(result.error)
    if (area.current?.value === "") draft.set(taken, false)
  }

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const key = {
      key: event.key,
      shiftKey: event.shiftKey,
      ctrlKey: event.ctrlKey,
      metaKey: event.metaKey,
      altKey: event.altKey,
      isComposing: event.nativeEvent.isComposing,
      keyCode: event.keyCode,
    }
    if (sends(key, composition.active(), { enterSends, touch })) {
      event.preventDefault()
      void send()
    } else if (event.key === "Escape" && !isForIme(key, composition.active())) onEscape()
  }

  return (
    <form
      className="safe-bottom border-t border-line bg-surface"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <div className="mx-auto max-w-4xl px-2 py-2 sm:px-4">
        <div className="pb-1 empty:hidden">
          <Fault error={error} />
        </div>
        <div className="flex items-end gap-2">
          <textarea
            ref={area}
            rows={1}
            value={draft.text}
            onChange={(event) =>
              draft.set(
                event.target.value,
                composition.active() || (event.nativeEvent as InputEvent).isComposing === true,
              )
            }
            onKeyDown={onKeyDown}
            {...composition.handlers}
            aria-label={text.message}
            placeholder={text.messageTo(title)}
            title={enterSends ? text.enterHint : text.ctrlEnterHint}
            enterKeyHint={enterSends && !touch ? "send" : "enter"}
            className="max-h-[40dvh] min-h-11 min-w-0 flex-1 resize-none rounded-2xl border border-edge bg-paper px-4 py-2.5 text-base leading-normal wrap-anywhere focus-visible:outline-1 focus-visible:outline-offset-0 placeholder:truncate placeholder:text-soft focus-visible:border-accent"
          />
          <button
            type="submit"
            aria-label={text.send}
            title={text.send}
            disabled={empty}
            onPointerDown={(event) => {
              // The keyboard of a phone stays open.
              if (event.pointerType === "touch") event.preventDefault()
            }}
            className="button inline-flex size-11 shrink-0 items-center justify-center rounded-2xl bg-accent text-on-accent transition-colors enabled:hover:bg-accent-strong disabled:bg-sunken disabled:text-soft"
          >
            <SendIcon />
          </button>
        </div>
      </div>
    </form>
  )
}
