import { busContract } from "./contract.fixture.ts"
import { createMemoryBus } from "./memory.ts"

busContract("memory", async () => {
  const bus = createMemoryBus()
  return { here: bus, there: bus, settle: () => new Promise((resolve) => setImmediate(resolve)) }
})
