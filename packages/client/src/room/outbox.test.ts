import { refuse } from "@teahouse/protocol/error.ts"
import { expect, test } from "vitest"
import { answerTo, inFlight, nextBatch, unsealed } from "./outbox.ts"
import type { OutboxItem } from "./records.ts"

const item = (order: number, text = "x", more: Partial<OutboxItem> = {}): OutboxItem => ({
  order,
  key: `k${order}`,
  draft: { kind: "text", text },
  at: order,
  state: "waiting",
  ...more,
})
const sealed = { n: 1, generation: 0, epoch: 1, bytes: new Uint8Array(1), content: new Uint8Array(1) }

test("a frame holds what fits, in order, and at least one", () => {
  const small = Array.from({ length: 100 }, (_, i) => item(i + 1))
  expect(nextBatch(small).map((one) => one.order)).toEqual(Array.from({ length: 64 }, (_, i) => i + 1))
  const large = [
    item(1, "茶".repeat(21_000)),
    ...Array.from({ length: 9 }, (_, i) => item(i + 2, "茶".repeat(21_000))),
  ]
  expect(nextBatch(large).length).toBeGreaterThan(0)
  expect(nextBatch(large).length).toBeLessThan(10)
  expect(nextBatch([item(1, "茶".repeat(90_000)), item(2)]).map((one) => one.order)).toEqual([1])
  expect(nextBatch(small, 1)).toHaveLength(1)
})

test("what was refused or is on its way is not taken again", () => {
  const items = [
    item(1, "a", { state: "refused", error: { kind: "room_frozen" } }),
    item(2, "b", { state: "sealed", sealed }),
    item(3, "c", { state: "sealed", sealed, accepted: { seq: 9, time: 1 } }),
    item(4, "d"),
  ]
  expect(nextBatch(items).map((one) => one.order)).toEqual([4])
  expect(inFlight(items).map((one) => one.order)).toEqual([2])
  expect(unsealed(items[2] as OutboxItem)).toEqual(item(3, "c"))
})

test("each refusal has its answer", () => {
  expect(answerTo(refuse("stale_epoch"), 3)).toBe("seal_again")
  expect(answerTo(refuse("already_sent"), 1)).toBe("look")
  expect(answerTo(refuse("rate_limited"), 3)).toBe("later")
  expect(answerTo(refuse("storage_full"), 1)).toBe("later")
  expect(answerTo(refuse("invalid_message"), 3)).toBe("one_by_one")
  expect(answerTo(refuse("invalid_message"), 1)).toBe("refused")
  expect(answerTo(refuse("room_frozen"), 1)).toBe("refused")
  // The same bytes are good as soon as somebody has been removed.
  for (const kind of ["stale_epoch", "room_frozen"] as const)
    expect(answerTo(refuse(kind, { detail: { reason: "removal_due" } }), 3)).toBe("later")
})

test("files that were picked together keep their order; a text, other files and a paused one do not hold anybody up", () => {
  const upload = { prepared: true, paused: false }
  const items = [
    item(1, "1.png", { together: "a", upload }),
    item(2, "2.png", { together: "a" }),
    item(3, "words"),
    item(4, "another time", { together: "b" }),
    item(5, "film", { together: "c", upload: { ...upload, paused: true } }),
    item(6, "still", { together: "c" }),
  ]
  const orders = (all: readonly OutboxItem[]) => nextBatch(all).map((one) => one.order)
  expect(orders(items)).toEqual([3, 4, 6])
  const [first, ...rest] = items as [OutboxItem, ...OutboxItem[]]
  const { upload: _, ...there } = first
  expect(orders([there, ...rest])).toEqual([1, 2, 3, 4, 6])
  expect(orders([{ ...first, state: "refused" }, ...rest])).toEqual([2, 3, 4, 6])
})
