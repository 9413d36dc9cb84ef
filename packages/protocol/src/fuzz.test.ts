/**
 * 100,000 frames that nobody should send: noise, valid frames with a few bytes changed, cut, doubled or spliced. The
 * decoders answer each with a value. The seed is printed on failure and may be given as TEAHOUSE_FUZZ_SEED.
 */
import { expect, test } from "vitest"
import { concat } from "./bytes.ts"
import { mutate, type Random, seeded } from "./mutate.fixture.ts"
import { downs, ups } from "./samples.fixture.ts"
import { decodeDown, decodeUp, encodeDown, encodeUp } from "./wire.ts"

const FRAMES = 100_000
const seed = Number(process.env.TEAHOUSE_FUZZ_SEED ?? 20_261_122)
const valid = [...Object.values(ups).map(encodeUp), ...Object.values(downs).map(encodeDown)]

const noise = (random: Random) => Uint8Array.from({ length: random(64) }, () => random(256))

test(`decoders answer ${FRAMES} hostile frames (seed ${seed})`, () => {
  const random = seeded(seed)
  const outcomes = { ok: 0, malformed: 0, too_large: 0, unknown_kind: 0, unsupported_version: 0 }
  for (let i = 0; i < FRAMES; i++) {
    const frame = i % 4 === 0 ? noise(random) : mutate(valid[random(valid.length)] ?? concat(), random)
    for (const answer of [decodeUp(frame), decodeDown(frame)]) outcomes[answer.ok ? "ok" : answer.error]++
  }
  // Both outcomes are met often: a mutation is not always fatal (a changed byte inside a body), and mostly is.
  expect(outcomes.ok).toBeGreaterThan(FRAMES / 100)
  expect(outcomes.malformed).toBeGreaterThan(FRAMES / 2)
})

test("what a decoder accepts, the encoder writes, and the decoder reads again", () => {
  const random = seeded(seed + 1)
  for (let i = 0; i < 20_000; i++) {
    const frame = mutate(valid[random(valid.length)] ?? concat(), random)
    const first = decodeUp(frame)
    if (first.ok) expect(decodeUp(encodeUp(first.value))).toEqual(first)
    const second = decodeDown(frame)
    if (second.ok) expect(decodeDown(encodeDown(second.value))).toEqual(second)
  }
})
