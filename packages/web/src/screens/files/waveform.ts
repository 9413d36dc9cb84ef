/** Loudness over time, one byte for each stretch. Pure. */
export const WAVEFORM_MAX = 96

/** `levels`: 0 to 1, evenly spaced. The loudest of each stretch, and the loudest of all is 255: a whisper is seen, too. */
export function waveformOf(levels: readonly number[], max = WAVEFORM_MAX): Uint8Array<ArrayBuffer> {
  const count = Math.min(max, Math.max(1, levels.length))
  const stretches = Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * levels.length) / count)
    const to = Math.max(from + 1, Math.floor(((i + 1) * levels.length) / count))
    return Math.max(0, ...levels.slice(from, to))
  })
  const loudest = Math.max(0.02, ...stretches)
  return Uint8Array.from(stretches, (level) => Math.round((level / loudest) * 255))
}
