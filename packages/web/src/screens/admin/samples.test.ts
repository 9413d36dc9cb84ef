import type { AdminLive } from "@teahouse/protocol/http/admin.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { describe, expect, it } from "vitest"
import { compareTables } from "../../../build/translations.ts"
import { pathOf, rangeOf, SAMPLES, seriesOf, withSample } from "./samples.ts"
import { en, inviteState, zh } from "./text.ts"

const node = (n: number) => idFrom(new Uint8Array(16).fill(n))
const at = (time: number, more: Partial<AdminLive> = {}): AdminLive => ({
  ...{
    node: node(1),
    time,
    connections: 1,
    messages: null,
    deliveries: null,
    p99: null,
    memory: 5,
    disk: null,
  },
  ...more,
})

describe("what is drawn", () => {
  it("are rates of counters, and a gap where the node is another or began anew", () => {
    const samples = [
      at(0, { messages: 10 }),
      at(2000, { messages: 30, disk: { size: 100, free: 40 } }),
      at(4000, { messages: 5 }),
      at(6000, { messages: 6, node: node(2) }),
      at(8000, { messages: 10, node: node(2) }),
      at(8000, { messages: 11, node: node(2) }),
    ]
    const { messages, deliveries, disk, connections } = seriesOf(samples)
    expect(messages).toEqual([null, 10, null, null, 2, null])
    expect(deliveries).toEqual([null, null, null, null, null, null])
    expect(disk).toEqual([null, 60, null, null, null, null])
    expect(connections).toEqual([1, 1, 1, 1, 1, 1])
  })

  it("are the last two minutes, the first of them with a rate too", () => {
    let samples: readonly AdminLive[] = []
    for (let i = 0; i < 200; i++) samples = withSample(samples, at(i * 2000, { messages: i * 4 }))
    expect(samples).toHaveLength(SAMPLES + 1)
    expect(seriesOf(samples).messages).toEqual(Array(SAMPLES).fill(2))
  })

  it("is one line, with gaps, that ends at the right edge", () => {
    expect(pathOf([], 118, 10)).toBe("")
    expect(pathOf([null], 118, 10)).toBe("")
    expect(pathOf([1, 3], 118, 10)).toBe("M116.0 10.0L118.0 0.0")
    expect(pathOf([1, null, 2], 118, 10)).toBe("M114.0 10.0M118.0 0.0")
    expect(pathOf([1, 2], 118, 10, { floor: 0 })).toBe("M116.0 5.0L118.0 0.0")
    expect(pathOf([4, 4], 118, 10)).toBe("M116.0 5.0L118.0 5.0")
    expect(pathOf([0, 0], 118, 10, { floor: 0 })).toBe("M116.0 10.0L118.0 10.0")
    expect(pathOf([5, 5], 118, 10, { floor: 0, ceiling: 20 })).toBe("M116.0 7.5L118.0 7.5")
    expect(rangeOf([3, null, 1])).toEqual({ low: 1, high: 3 })
    expect(rangeOf([null])).toBeUndefined()
  })
})

it("both languages say the same things", () => {
  expect(compareTables(en, zh, "zh-CN")).toEqual([])
})

it("an invitation holds until it is used up, expired or revoked", () => {
  const one = { invite: node(1), admin: false, created: 0, uses: 2, used: 1, expires: 100, revoked: 0 }
  expect(inviteState(one, 99)).toBe("holds")
  expect(inviteState(one, 100)).toBe("expired")
  expect(inviteState({ ...one, expires: 0 }, 100)).toBe("holds")
  expect(inviteState({ ...one, used: 2 }, 99)).toBe("usedUp")
  expect(inviteState({ ...one, revoked: 5 }, 99)).toBe("revoked")
})
