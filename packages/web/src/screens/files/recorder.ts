/** The microphone: a recording of at most five minutes with its loudness. The browser's own recorder, Opus where it can. */
import { waveformOf } from "./waveform.ts"

export const VOICE_MAX_MS = 5 * 60_000
const LEVEL_EVERY_MS = 50
const BITS_PER_SECOND = 32_000

const types = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/mp4", "m4a"],
  ["audio/ogg;codecs=opus", "ogg"],
] as const

export type Recorded = {
  readonly sound: Blob
  readonly ending: string
  readonly duration: number
  readonly waveform: Uint8Array
}
export type Recorder = {
  /** 0 to 1, now. */
  readonly level: () => number
  readonly elapsed: () => number
  /** What was said so far. */
  stop(): Promise<Recorded>
  cancel(): void
}

export async function startRecorder(): Promise<Recorder | "refused" | "missing"> {
  const kind = types.find(([type]) => MediaRecorder.isTypeSupported(type))
  if (!kind) return "missing"
  let stream: MediaStream
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, channelCount: 1 },
    })
  } catch (error) {
    return error instanceof DOMException && error.name === "NotAllowedError" ? "refused" : "missing"
  }
  const [mimeType, ending] = kind
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND })
  const context = new AudioContext()
  const analyser = new AnalyserNode(context, { fftSize: 1024 })
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const parts: Blob[] = []
  const levels: number[] = []
  const begun = performance.now()
  let ended: number | undefined
  const elapsed = () => Math.min(VOICE_MAX_MS, (ended ?? performance.now()) - begun)
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    levels.push(samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0))
    if (elapsed() >= VOICE_MAX_MS) end()
  }, LEVEL_EVERY_MS)
  const stopped = new Promise<void>((done) => recorder.addEventListener("stop", () => done(), { once: true }))
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data))
  recorder.start()

  /** The microphone's light goes out at once. */
  function end() {
    if (ended !== undefined) return
    ended = performance.now()
    clearInterval(timer)
    if (recorder.state !== "inactive") recorder.stop()
    for (const track of stream.getTracks()) track.stop()
    void context.close()
  }
  return {
    level: () => levels.at(-1) ?? 0,
    elapsed,
    cancel: end,
    async stop() {
      end()
      await stopped
      const sound = new Blob(parts, { type: mimeType.split(";")[0] ?? "" })
      return { sound, ending, duration: Math.round(elapsed()), waveform: waveformOf(levels) }
    },
  }
}
