/**
 * Voice messages: hold to record and let go to send, slide left to discard; or click to start, then Send or Discard, which is
 * also the way with a keyboard. The bar lies over the composer, so that nothing moves under the finger.
 */
import type { CommandError } from "@teahouse/client/view/port/basic.ts"
import { lengthText } from "@teahouse/client/words/size.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type PointerEvent, useEffect, useRef, useState } from "react"
import { useCommand } from "../../port/use-view.ts"
import { errorText } from "../../text/error-text.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { IconButton } from "../../ui/button.tsx"
import { MicrophoneIcon, SendIcon, TrashIcon } from "../../ui/icons.tsx"
import type { Recorder } from "./recorder.ts"

/** A shorter press is a click. */
const HOLD_MS = 350
/** A shorter recording says nothing. */
const LEAST_MS = 600
const SLIDE_PX = 80

type Phase = "idle" | "starting" | "recording"
type Props = {
  readonly room: Id
  /** The position of what it answers. */
  readonly answers: number | undefined
  readonly onSent: () => void
}

export function VoiceButton({ room, answers, onSent }: Props) {
  const text = useText()
  const { language } = useLanguage()
  const command = useCommand()
  const [phase, setPhase] = useState<Phase>("idle")
  const [held, setHeld] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const [fault, setFault] = useState<string>()
  const recorder = useRef<Recorder>(undefined)
  const pressed = useRef<{ readonly at: number; readonly x: number }>(undefined)
  const turn = useRef(0)

  useEffect(
    () => () => {
      turn.current += 1
      recorder.current?.cancel()
    },
    [],
  )

  const start = async () => {
    const mine = ++turn.current
    setFault(undefined)
    setPhase("starting")
    const { startRecorder } = await import("./recorder.ts")
    const started = await startRecorder()
    if (turn.current !== mine) return typeof started === "string" ? undefined : started.cancel()
    if (typeof started === "string") {
      setPhase("idle")
      setFault(started === "refused" ? text.microphoneRefused : text.microphoneMissing)
      return
    }
    recorder.current = started
    setPhase("recording")
  }
  const end = () => {
    turn.current += 1
    const ended = recorder.current
    recorder.current = undefined
    setPhase("idle")
    setHeld(false)
    setLeaving(false)
    return ended
  }
  const cancel = () => end()?.cancel()
  const send = async () => {
    const ended = end()
    if (!ended) return
    if (ended.elapsed() < LEAST_MS) {
      ended.cancel()
      return setFault(text.voiceTooShort)
    }
    const { sound, ending, duration, waveform } = await ended.stop()
    const stamp = new Date().toISOString().slice(0, 16).replace(/[T:]/g, "-")
    const file = { source: sound, name: `voice-${stamp}.${ending}`, type: sound.type }
    const media = { kind: "voice" as const, duration, waveform }
    const result = await command("sendFiles", {
      ...{ room, files: [{ ...file, media }] },
      ...(answers !== undefined && { reply: answers }),
    })
    if (result.ok) onSent()
    else setFault(sentence(result.error))
  }
  const sentence = (error: CommandError) => errorText(error.kind, language)

  const press = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0 || phase !== "idle") return
      event.currentTarget.setPointerCapture(event.pointerId)
      pressed.current = { at: event.timeStamp, x: event.clientX }
      setHeld(true)
      void start()
    },
    onPointerMove: (event: PointerEvent) => {
      if (pressed.current) setLeaving(pressed.current.x - event.clientX > SLIDE_PX)
    },
    onPointerUp: (event: PointerEvent) => {
      const from = pressed.current
      pressed.current = undefined
      if (!from) return
      setHeld(false)
      if (leaving) cancel()
      else if (event.timeStamp - from.at >= HOLD_MS && phase === "recording") void send()
    },
    onPointerCancel: () => {
      if (pressed.current) cancel()
      pressed.current = undefined
    },
  }
  return (
    <>
      <IconButton
        name={text.recordVoice}
        title={text.recordVoiceHint}
        {...press}
        onContextMenu={(event) => event.preventDefault()}
        onClick={(event) => {
          // A pointer has begun already when it was pressed; this is a keyboard or a screen reader.
          if (event.detail === 0 && phase === "idle") void start()
        }}
        className="touch-none select-none"
      >
        <MicrophoneIcon />
      </IconButton>
      {phase !== "idle" && (
        <RecordingBar
          recorder={phase === "recording" ? recorder.current : undefined}
          held={held}
          leaving={leaving}
          onCancel={cancel}
          onSend={() => void send()}
        />
      )}
      {fault !== undefined && (
        <p
          role="alert"
          className="absolute inset-x-3 bottom-full mb-1 rounded-xl bg-danger-wash px-3 py-2 text-sm text-danger shadow-(--shadow)"
        >
          {fault}
        </p>
      )}
    </>
  )
}

type BarProps = {
  readonly recorder: Recorder | undefined
  readonly held: boolean
  readonly leaving: boolean
  readonly onCancel: () => void
  readonly onSend: () => void
}

function RecordingBar({ recorder, held, leaving, onCancel, onSend }: BarProps) {
  const text = useText()
  const [now, setNow] = useState({ ms: 0, level: 0 })
  const sendButton = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!held) sendButton.current?.focus()
  }, [held])
  useEffect(() => {
    if (!recorder) return
    const timer = setInterval(() => setNow({ ms: recorder.elapsed(), level: recorder.level() }), 100)
    return () => clearInterval(timer)
  }, [recorder])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc for what stands inside
    <div
      onKeyDown={(event) => {
        if (event.key !== "Escape") return
        event.stopPropagation()
        onCancel()
      }}
      className={`absolute inset-0 z-10 flex items-center gap-3 px-4 ${leaving ? "bg-danger-wash" : "bg-surface"} ${held ? "pointer-events-none" : ""}`}
    >
      <span
        aria-hidden="true"
        className="size-3 shrink-0 rounded-full bg-danger"
        style={{ transform: `scale(${0.8 + Math.min(1, now.level) * 1.4})` }}
      />
      <span role="timer" aria-label={text.recording} className="w-12 tabular-nums">
        {lengthText(now.ms)}
      </span>
      <span aria-hidden="true" className="h-1.5 min-w-0 flex-1 overflow-hidden rounded-full bg-sunken">
        <span
          className="block h-full rounded-full bg-accent transition-[width] duration-100"
          style={{ width: `${Math.min(100, now.level * 140)}%` }}
        />
      </span>
      {held ? (
        <span className="text-sm text-soft">{leaving ? text.letGoToCancel : text.slideToCancel}</span>
      ) : (
        <>
          <IconButton name={text.cancelVoice} onClick={onCancel}>
            <TrashIcon />
          </IconButton>
          <button
            ref={sendButton}
            type="button"
            aria-label={text.sendVoice}
            title={text.sendVoice}
            onClick={onSend}
            className="button inline-flex size-[44px] shrink-0 items-center justify-center rounded-2xl bg-accent text-on-accent hover:bg-accent-strong"
          >
            <SendIcon />
          </button>
        </>
      )}
    </div>
  )
}
