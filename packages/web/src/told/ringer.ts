/**
 * UX 25: two taps on a cup, made here and not loaded. A browser lets a page make a sound after its first gesture; whoever
 * never touched this tab hears it from another tab, or sees a small button.
 */
const GESTURES = ["pointerdown", "keydown", "touchend"] as const

/** Frequencies of the partials of one tap, Hz, and how loud each is. */
const PARTIALS = [
  [1046.5, 0.5],
  [2637, 0.18],
  [4186, 0.06],
] as const
const TAPS = [
  { after: 0, pitch: 1 },
  { after: 0.11, pitch: 1.335 },
] as const

export type Ringer = {
  /** False where the browser refuses. `volume` from 0 to 1. */
  ring(volume: number): boolean
  /** Inside a gesture. Resolves to whether sound is possible now. */
  unlock(): Promise<boolean>
  stop(): void
}

export function createRinger(target: Pick<Window, "addEventListener" | "removeEventListener">): Ringer {
  let audio: AudioContext | undefined
  const deafen = () => {
    for (const gesture of GESTURES) target.removeEventListener(gesture, onGesture, true)
  }
  const unlock = async () => {
    if (typeof AudioContext === "undefined") return false
    audio ??= new AudioContext()
    // Where it is not allowed this may stay unanswered.
    if (audio.state !== "running")
      await Promise.race([audio.resume(), new Promise((late) => setTimeout(late, 500))]).catch(() => {})
    return audio.state === "running"
  }
  function onGesture() {
    void unlock().then((running) => {
      if (running) deafen()
    })
  }
  for (const gesture of GESTURES) target.addEventListener(gesture, onGesture, true)

  return {
    unlock,
    ring(volume) {
      if (audio?.state !== "running") return false
      const out = audio.createGain()
      out.gain.value = volume * 0.6
      out.connect(audio.destination)
      for (const { after, pitch } of TAPS) tap(audio, out, audio.currentTime + 0.01 + after, pitch)
      return true
    },
    stop() {
      deafen()
      void audio?.close().catch(() => {})
      audio = undefined
    },
  }
}

function tap(audio: AudioContext, out: AudioNode, at: number, pitch: number): void {
  for (const [frequency, loudness] of PARTIALS) {
    const tone = audio.createOscillator()
    const envelope = audio.createGain()
    const length = 0.45 / Math.sqrt(frequency / 1000)
    tone.frequency.value = frequency * pitch
    envelope.gain.setValueAtTime(0.0001, at)
    envelope.gain.exponentialRampToValueAtTime(loudness, at + 0.004)
    envelope.gain.exponentialRampToValueAtTime(0.0001, at + length)
    tone.connect(envelope).connect(out)
    tone.start(at)
    tone.stop(at + length + 0.02)
  }
}
