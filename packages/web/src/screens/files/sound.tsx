/** Sounds and voice messages: one plays at a time, at a speed that stays as it was chosen. */
import type { ShownFile } from "@teahouse/client/view/port/files.ts"
import { lengthText } from "@teahouse/client/words/size.ts"
import { useEffect, useRef, useState } from "react"
import { useHouse } from "../../port/use-view.ts"
import { errorText } from "../../text/error-text.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { PauseIcon, PlayIcon } from "../../ui/icons.tsx"
import { isListened, noteListened } from "./listened.ts"
import { FileName } from "./name.tsx"
import { useOpened } from "./open-file.ts"
import { type At, nameOf } from "./previews.ts"

const SPEEDS = [1, 1.5, 2] as const
const BARS = 40
let chosenSpeed = 0
let playingNow: HTMLAudioElement | undefined

type Props = {
  readonly at: At
  readonly file: ShownFile
  readonly media: NonNullable<ShownFile["media"]>
  readonly mine: boolean
  /** Tab reaches its buttons. */
  readonly active: boolean
}

export function Sound({ at, file, media, mine, active }: Props) {
  const text = useText()
  const { language } = useLanguage()
  const { slot } = useHouse()
  const audio = useRef<HTMLAudioElement>(null)
  const [wanted, setWanted] = useState(false)
  const [playing, setPlaying] = useState(false)
  const [position, setPosition] = useState(0)
  const [speed, setSpeed] = useState(chosenSpeed)
  const [failed, setFailed] = useState(false)
  const [listened, setListened] = useState(() => mine || isListened(localStorage, slot, nameOf(at)))
  const { opened, error } = useOpened(at, wanted)
  const voice = media.kind === "voice"
  const duration = media.duration ?? 0

  useEffect(() => {
    const player = audio.current
    if (!player || !opened?.inline) return
    void player.play().catch(() => {})
  }, [opened])
  useEffect(() => {
    if (audio.current) audio.current.playbackRate = SPEEDS[speed] ?? 1
  }, [speed])

  const toggle = () => {
    setWanted(true)
    if (!listened) {
      noteListened(localStorage, slot, nameOf(at))
      setListened(true)
    }
    const player = audio.current
    if (!player?.src) return
    if (player.paused) void player.play().catch(() => {})
    else player.pause()
  }
  const words = error
    ? errorText(error.kind, language)
    : failed || (opened && !opened.inline)
      ? text.cannotPlay
      : undefined
  return (
    <div className="flex w-72 max-w-full flex-col gap-1">
      {!voice && <FileName name={file.name} className="font-medium" />}
      <div className="flex flex-wrap items-center gap-2">
        <button
          type="button"
          tabIndex={active ? 0 : -1}
          aria-label={playing ? text.pause : text.play}
          onClick={toggle}
          className="inline-flex size-10 pointer-coarse:size-11 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent hover:bg-accent-strong"
        >
          {playing ? <PauseIcon size={20} /> : <PlayIcon size={20} />}
        </button>
        <span className="relative h-8 min-w-12 flex-1 pointer-coarse:h-11">
          <Waveform bytes={media.waveform} done={duration > 0 ? position / duration : 0} />
          <input
            type="range"
            tabIndex={active ? 0 : -1}
            aria-label={text.playPosition}
            aria-valuetext={lengthText(position)}
            min={0}
            max={Math.max(1, duration)}
            step={100}
            value={Math.min(position, Math.max(1, duration))}
            onChange={(event) => {
              const ms = Number(event.target.value)
              setPosition(ms)
              setWanted(true)
              if (audio.current?.src) audio.current.currentTime = ms / 1000
            }}
            className="absolute inset-0 size-full cursor-pointer opacity-0 focus-visible:opacity-60"
          />
        </span>
        <button
          type="button"
          tabIndex={active ? 0 : -1}
          aria-label={`${text.speed} ${SPEEDS[speed]}×`}
          title={text.speed}
          onClick={() => {
            chosenSpeed = (speed + 1) % SPEEDS.length
            setSpeed(chosenSpeed)
          }}
          className="min-h-8 min-w-10 pointer-coarse:min-h-11 pointer-coarse:min-w-11 rounded-lg text-xs font-medium tabular-nums hover:bg-ink/10"
        >
          {SPEEDS[speed]}×
        </button>
      </div>
      <span className="flex items-center gap-2 text-xs tabular-nums opacity-85">
        {lengthText(playing || position > 0 ? position : duration)}
        {!listened && (
          <span
            role="img"
            aria-label={text.notListened}
            title={text.notListened}
            className="size-2 rounded-full bg-danger"
          />
        )}
      </span>
      {words && (
        <span role="alert" className="text-sm text-danger">
          {words}
        </span>
      )}
      {/* biome-ignore lint/a11y/useMediaCaption: people's own sounds have no captions */}
      <audio
        ref={audio}
        src={opened?.inline ? opened.url : undefined}
        preload="metadata"
        onPlay={(event) => {
          if (playingNow !== event.currentTarget) playingNow?.pause()
          playingNow = event.currentTarget
          event.currentTarget.playbackRate = SPEEDS[speed] ?? 1
          setPlaying(true)
        }}
        onPause={() => setPlaying(false)}
        onEnded={() => setPosition(0)}
        onTimeUpdate={(event) => setPosition(event.currentTarget.currentTime * 1000)}
        onError={() => opened && setFailed(true)}
      />
    </div>
  )
}

/** Without a waveform it is a plain line. */
function Waveform({ bytes, done }: { readonly bytes: Uint8Array | undefined; readonly done: number }) {
  const bars = Array.from({ length: BARS }, (_, i) => {
    if (!bytes || bytes.length === 0) return 8
    return 8 + ((bytes[Math.floor((i * bytes.length) / BARS)] ?? 0) / 255) * 92
  })
  return (
    <svg viewBox={`0 0 ${BARS * 4} 100`} preserveAspectRatio="none" aria-hidden="true" className="size-full">
      {bars.map((height, i) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: bars never move
          key={i}
          x={i * 4 + 0.5}
          y={50 - height / 2}
          width={2.6}
          height={height}
          rx={1}
          fill="currentColor"
          opacity={i / BARS < done ? 1 : 0.4}
        />
      ))}
    </svg>
  )
}
