/** The bus that the configuration asks for, and what the log says of it. */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Logger } from "../ops/log.ts"
import { createMemoryBus } from "./memory.ts"
import type { Bus } from "./port.ts"

/** Between two lines about messages that could not be read (ms). */
const BROKEN_MS = 60_000

export async function openBus(
  url: string | undefined,
  house: Id,
  log: Pick<Logger, "info" | "warn">,
  onError: (error: unknown) => void,
): Promise<Bus> {
  if (url === undefined) return createMemoryBus(onError)
  // Loaded where it is asked for: a house with one node does not pay for it.
  const { createNatsBus } = await import("./nats.ts")
  let broken = 0
  let said = 0
  return createNatsBus({
    ...{ url, house, onError },
    onState(state, why) {
      if (state === "connected") log.info("nats is connected")
      else if (state === "away")
        log.warn({ why }, "nats is away: the house goes on, other nodes are heard of later")
      else {
        broken++
        if (Date.now() - said < BROKEN_MS) return
        said = Date.now()
        log.warn({ count: broken }, "what came over nats could not be read and was dropped")
      }
    },
  })
}
