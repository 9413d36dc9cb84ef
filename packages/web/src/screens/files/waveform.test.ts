import { expect, it } from "vitest"
import { waveformOf } from "./waveform.ts"

it("a waveform has at most as many bytes as asked for, and shows where it was loud", () => {
  const levels = Array.from({ length: 6_000 }, (_, i) => (i > 2_900 && i < 3_100 ? 0.5 : 0.01))
  const wave = waveformOf(levels, 96)
  expect(wave.length).toBe(96)
  expect(wave[48]).toBe(255)
  expect(wave[5]).toBeLessThan(20)
})

it("silence is flat, and nothing at all is one byte", () => {
  expect([...waveformOf([0, 0, 0])]).toEqual([0, 0, 0])
  expect([...waveformOf([])]).toEqual([0])
})
