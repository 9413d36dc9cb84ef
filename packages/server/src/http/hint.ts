/** Hints to the caller's own other devices. */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Hub } from "../socket/hub.ts"
import type { SessionCaller } from "./endpoint.ts"

type Topics = Parameters<Hub["hint"]>[1]

export const hintOthers = (hub: Hub, caller: SessionCaller, topics: Topics): void =>
  caller.device
    ? hub.hint(caller.user, topics, { except: caller.device as Id })
    : hub.hint(caller.user, topics)
