import { expect, test } from "vitest"
import { openHouse } from "../../../test/house.ts"

test("a house that is quiet after its start gives back in both threads what starting took", async () => {
  // Each line of it begins with the process and the heap, and says who asked; V8 itself asks in other words.
  const house = await openHouse({ flags: ["--trace-gc"] })
  try {
    const asked = /^\[\d+:(0x[0-9a-f]+).* Mark-Compact .*(?:testing|last resort)/gm
    const heaps = () => new Set([...house.output().matchAll(asked)].map(([, heap]) => heap)).size
    await expect.poll(heaps).toBe(2)
  } finally {
    await house.remove()
  }
})
