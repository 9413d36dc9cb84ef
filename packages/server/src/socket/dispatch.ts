/** From a frame to what it asks for. Who asks is the connection's peer, never anything inside the frame. */
import type { Up } from "@teahouse/protocol/up.ts"
import { encodeAccepted } from "../room/encode.ts"
import type { AppendRequest, AppendResult } from "../room/log.ts"
import { wsFrame } from "./frame.ts"
import { closeCodes, type Peer, type SocketParts } from "./peer.ts"

/** A promise where something can still fail later; it rejects for bugs and a failing database only. */
export function dispatch(peer: Peer, frame: Up, parts: SocketParts): Promise<void> | undefined {
  switch (frame.t) {
    case "send":
      parts.sender.send(peer.device, frame, (result, request) => answer(peer, result, request))
      return undefined
    case "subscribe":
      if (!parts.subscriptions.busy(peer)) return parts.subscriptions.subscribe(peer, frame.rooms)
      peer.fail("rate_limited", closeCodes.tryAgain)
      return undefined
    case "ephemeral":
      if (!parts.subscriptions.hears(peer, frame.room)) return undefined
      return parts.subscriptions.relay(peer, frame.room, frame.body)
    case "ping":
      peer.say({ t: "pong", time: parts.now() })
      return undefined
    case "hello":
      peer.fail("malformed", closeCodes.policy)
      return undefined
  }
}

function answer(peer: Peer, result: AppendResult, request: AppendRequest) {
  if (result.ok) peer.write(wsFrame(encodeAccepted(request, result.value)))
  else peer.say({ t: "refused", room: request.room, n: request.items[0]?.n ?? 0, error: result.error })
}
