/** UX 5–8 and 11: a plain textarea that grows to 40 % of the height, with what belongs to writing around it. */
import type { CommandError, Member } from "@teahouse/client/view/port/basic.ts"
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import {
  type KeyboardEvent,
  lazy,
  type Ref,
  Suspense,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react"
import { flushSync } from "react-dom"
import { useCommand, useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Fault } from "../../ui/fault.tsx"
import { SendIcon } from "../../ui/icons.tsx"
import { isForIme, sends, useComposition } from "../../ui/ime.ts"
import { useTouch } from "../../ui/use-media.ts"
import { KeptBar } from "../files/kept-bar.tsx"
import { AttachButton, type Sending } from "../files/sending.tsx"
import { ComposerTools } from "./composer-tools.tsx"
import { MentionPopup, optionId } from "./mention-popup.tsx"
import { type Candidate, insertMention, trimmed } from "./mentions.ts"
import { useDraft } from "./use-draft.ts"
import { useMentions } from "./use-mentions.ts"
import { useTyping } from "./use-typing.ts"
import { WritingBar } from "./writing-bar.tsx"

export type ComposerHandle = {
  readonly reply: (item: MessageItem) => void
  readonly edit: (item: MessageItem) => void
  readonly writeAgain: (text: string) => void
  /** What is being answered, by its position; nothing during an edit. */
  readonly answers: () => number | undefined
  /** Something else than the text has answered it. */
  readonly answered: () => void
}

const VoiceButton = lazy(() => import("../files/voice.tsx").then((part) => ({ default: part.VoiceButton })))

type Props = {
  readonly room: Id
  readonly title: string
  /** Whom one can mention: in a group its other members. */
  readonly others: readonly Member[]
  readonly mayCallAll: boolean
  /** Whether opening the chat puts the cursor here. */
  readonly focus: boolean
  readonly sending: Sending
  readonly handle: Ref<ComposerHandle>
  readonly lastOwn: () => MessageItem | undefined
  readonly onSent: () => void
  readonly onEscape: () => void
  readonly onJump: (seq: number) => void
  /** Its dialog stands outside: a form has no place in a form. */
  readonly onPoll: () => void
}

export function Composer(props: Props) {
  const {
    room,
    title,
    others,
    mayCallAll,
    focus,
    sending,
    handle,
    lastOwn,
    onSent,
    onEscape,
    onJump,
    onPoll,
  } = props
  const text = useText()
  const command = useCommand()
  const touch = useTouch()
  const enterSends = useView("settings", undefined)?.enterSends ?? true
  const draft = useDraft(room)
  const typing = useTyping(room)
  const mentioning = useMentions(others, mayCallAll)
  const area = useRef<HTMLTextAreaElement>(null)
  const list = useId()
  const [error, setError] = useState<CommandError>()
  const look = () => {
    const element = area.current
    if (element) mentioning.look(element.value, element.selectionStart, draft.mentions)
  }
  // When a word is chosen the text is whole again and may be saved.
  const composition = useComposition(() => {
    const element = area.current
    if (!element) return
    draft.set(element.value, false)
    typing.typed(element.value)
    look()
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

  /** Puts the cursor at the end, or where it is said, once the text stands there. */
  const writeAt = (caret?: number) => {
    const element = area.current
    if (!element) return
    element.focus({ preventScroll: true })
    const to = caret ?? element.value.length
    element.setSelectionRange(to, to)
    element.scrollTop = element.scrollHeight
  }
  const change = (run: () => void, caret?: number) => {
    flushSync(run)
    writeAt(caret)
  }
  const answers = draft.edit ? undefined : draft.reply?.seq
  const answered = () => {
    if (answers !== undefined) draft.answer(undefined)
  }
  useImperativeHandle(handle, () => ({
    answers: () => answers,
    answered,
    reply: (item) => {
      if (item.seq === undefined) return
      const quote = {
        seq: item.seq,
        from: item.from,
        text: item.text,
        ...(item.body.kind === "sticker" ? { sticker: true as const } : {}),
      }
      change(() => draft.answer(quote))
    },
    edit: (item) => change(() => draft.startEdit(item)),
    writeAgain: (words) =>
      change(() => draft.set(draft.text === "" ? words : `${draft.text}\n${words}`, false)),
  }))

  const send = async () => {
    if (empty || composition.active()) return
    const taken = draft.take()
    setError(undefined)
    typing.over()
    mentioning.close()
    const { text: words, mentions } = trimmed(taken.text, taken.mentions)
    let result: Awaited<ReturnType<typeof command<"send" | "editMessage">>>
    if (taken.edit) {
      result = await command("editMessage", { room, seq: taken.edit.seq, text: words, mentions })
    } else {
      onSent()
      const reply = taken.reply && { reply: taken.reply.seq }
      result = await command("send", { room, text: words, mentions, ...reply })
    }
    if (result.ok) return
    setError(result.error)
    draft.giveBack(taken)
  }

  /** At once, beside what is being written; it answers what that would have answered. */
  const sendSticker = async (id: Id, stay: boolean) => {
    setError(undefined)
    if (!stay) writeAt()
    onSent()
    const reply = answers
    const result = await command("sendSticker", { room, id, ...(reply !== undefined && { reply }) })
    if (!result.ok) setError(result.error)
    else answered()
  }

  /** At the caret. `stay`: the focus stays where more are picked. */
  const insert = (words: string, stay: boolean) => {
    const element = area.current
    if (!element) return
    const { selectionStart: from, selectionEnd: to, value } = element
    const caret = from + words.length
    flushSync(() => draft.set(value.slice(0, from) + words + value.slice(to), false))
    if (stay) element.setSelectionRange(caret, caret)
    else writeAt(caret)
    typing.typed(element.value)
  }

  const choose = (candidate: Candidate) => {
    const caret = area.current?.selectionStart ?? 0
    const done = insertMention(draft.text, draft.mentions, { from: mentioning.from, caret }, candidate)
    change(() => {
      draft.set(done.text, false, done.mentions)
      mentioning.look(done.text, done.caret, done.mentions)
    }, done.caret)
  }

  /** While the list of mentions is open, its keys are the list's. */
  const mentionKey = (name: string): boolean => {
    const chosen = mentioning.found[mentioning.at]
    if (name === "ArrowDown") mentioning.move(1)
    else if (name === "ArrowUp") mentioning.move(-1)
    else if (name === "Escape") mentioning.close()
    else if ((name === "Enter" || name === "Tab") && chosen) choose(chosen)
    else return false
    return true
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
    if (isForIme(key, composition.active())) return
    const bare = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey
    if (mentioning.open && bare && mentionKey(event.key)) {
      event.preventDefault()
      event.stopPropagation()
      return
    }
    if (sends(key, false, { enterSends, touch })) {
      event.preventDefault()
      void send()
    } else if (event.key === "Escape") {
      if (draft.edit) draft.endEdit()
      else if (draft.reply) draft.answer(undefined)
      else return onEscape()
      event.preventDefault()
      event.stopPropagation()
    } else if (event.key === "ArrowUp" && bare && draft.text === "" && !draft.edit) {
      const last = lastOwn()
      if (!last) return
      event.preventDefault()
      change(() => draft.startEdit(last))
    }
  }

  return (
    <form
      className="safe-bottom border-t border-line bg-surface"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <div className="relative mx-auto max-w-4xl px-2 py-2 sm:px-4">
        <div className="pb-1 empty:hidden">
          <Fault error={error} />
          {sending.offer}
          {sending.kept && (
            <KeptBar
              kept={sending.kept}
              onLeave={() => !touch && area.current?.focus({ preventScroll: true })}
            />
          )}
        </div>
        <WritingBar
          writing={draft}
          onJump={onJump}
          onClose={() => change(() => (draft.edit ? draft.endEdit() : draft.answer(undefined)))}
        />
        <div className="relative flex flex-wrap items-end justify-end gap-1">
          {mentioning.open && (
            <MentionPopup
              id={list}
              found={mentioning.found}
              at={mentioning.at}
              onChoose={choose}
              onPoint={mentioning.point}
            />
          )}
          <textarea
            ref={area}
            rows={1}
            value={draft.text}
            onChange={(event) => {
              const half = composition.active() || (event.nativeEvent as InputEvent).isComposing === true
              draft.set(event.target.value, half)
              if (!half) typing.typed(event.target.value)
            }}
            onSelect={() => {
              if (!composition.active()) look()
            }}
            onBlur={typing.over}
            onKeyDown={onKeyDown}
            onPaste={sending.onPaste}
            {...composition.handlers}
            aria-label={text.message}
            aria-autocomplete="list"
            aria-controls={mentioning.open ? list : undefined}
            aria-activedescendant={mentioning.open ? optionId(list, mentioning.at) : undefined}
            placeholder={text.messageTo(title)}
            title={enterSends ? text.enterHint : text.ctrlEnterHint}
            enterKeyHint={enterSends && !touch ? "send" : "enter"}
            className="max-h-[40dvh] min-h-11 min-w-0 flex-[1_1_5rem] resize-none rounded-2xl border border-edge bg-paper px-4 py-2.5 text-base leading-normal wrap-anywhere focus-visible:outline-1 focus-visible:outline-offset-0 placeholder:truncate placeholder:text-soft focus-visible:border-accent"
          />
          <ComposerTools compact={touch && !empty} onEmoji={insert} onSticker={sendSticker} onPoll={onPoll}>
            <AttachButton sending={sending} />
          </ComposerTools>
          {empty && !draft.edit && (
            <Suspense fallback={<span className="size-[44px] shrink-0" />}>
              <VoiceButton
                room={room}
                answers={answers}
                onSent={() => {
                  answered()
                  onSent()
                }}
              />
            </Suspense>
          )}
          <button
            type="submit"
            aria-label={text.send}
            title={draft.edit ? text.saveEdit : text.send}
            disabled={empty}
            onPointerDown={(event) => {
              // The keyboard of a phone stays open.
              if (event.pointerType === "touch") event.preventDefault()
            }}
            className={`button ms-1 size-[44px] shrink-0 items-center justify-center rounded-2xl bg-accent text-on-accent transition-colors enabled:hover:bg-accent-strong disabled:bg-sunken disabled:text-soft ${empty && !draft.edit ? "hidden mid:inline-flex" : "inline-flex"}`}
          >
            <SendIcon />
          </button>
        </div>
      </div>
    </form>
  )
}
