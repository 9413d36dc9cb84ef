import { busContract } from "./contract.fixture.ts"
import { createMemoryBus } from "./memory.ts"

busContract(
  "memory",
  async () => createMemoryBus(),
  () => new Promise((resolve) => setImmediate(resolve)),
)
