/**
 * One socket. Frames are decoded once, strictly, and handled in the order in which they came; what a frame does later
 * (an append, a backfill) goes on by itself. Nothing that a peer sends becomes an exception in the event loop.
 *
 * What goes out waits in the socket's own buffer. Past `socketQueueBytes` the connection is cut off and its client
 * catches up from the log (docs/contract.md 8): a slow reader costs itself, not the house's memory.
 */
import type { Duplex } from "node:stream"
import type { Down } from "@teahouse/protocol/down.ts"
import { type ErrorKind, type Refusal, refuse } from "@teahouse/protocol/error.ts"
import type { Limits } from "@teahouse/protocol/limits.ts"
import type { Up } from "@teahouse/protocol/up.ts"
import { isNewer, protocolVersion } from "@teahouse/protocol/version.ts"
import { decodeUp, encodeDown } from "@teahouse/protocol/wire.ts"
import type { WebSocket } from "ws"
import { Rate } from "../room/rate.ts"
import { dispatch } from "./dispatch.ts"
import { wsFrame } from "./frame.ts"
import { greet } from "./greeting.ts"
import { closeCodes, type Peer, type SocketParts } from "./peer.ts"

/** A client that has not shown who it is within this time is closed, ms. */
const HELLO_MS = 10_000
/** How long a cut-off client may take to hear why, ms. */
const LAST_WORD_MS = 2_000
/** A backfill goes on when no more than this waits, or a quarter of what may. */
const DRAINED_BYTES = 256 * 1024
/** Of `ws`: neither side has said goodbye. */
const OPEN = 1
/** A greeting has some 200 bytes. Nothing else is kept for a stranger, who might hold as much as a frame may have on each of many sockets. */
const HELLO_BYTES = 4 * 1024

export type Connection = {
  readonly close: (code: number) => void
  /** Heartbeat: asks for a sign of life; whoever has not given the last one is gone. */
  readonly beat: () => void
  /** Without another word. */
  readonly cut: () => void
}

/** Frames of any kind, per message that a device may send. */
const FRAMES_PER_SEND = 4

export const frameRate = ({
  sendsPerSecond,
  sendBurst,
}: Pick<Limits, "sendsPerSecond" | "sendBurst">): Rate =>
  new Rate((sendsPerSecond * FRAMES_PER_SEND) / 1000, sendBurst * FRAMES_PER_SEND)

/** `frames`: how many a device may say, whichever connection it says them on: coming back gives it no more. */
export function connect(ws: WebSocket, socket: Duplex, parts: SocketParts, frames: Rate): Connection {
  const { db, house, hub, subscriptions, limits, now } = parts
  const nonce = parts.random(32)
  let peer: Peer | undefined
  let greeting = false
  /** Of a newer minor than this house's: what it says beyond ours is ignored. */
  let newer = false
  let open = true
  let answered = true
  let waiting: (() => void)[] = []
  let heard = 0
  // With what a backfill then writes, less than is cut off.
  const drainedBytes = Math.min(DRAINED_BYTES, limits.socketQueueBytes / 4)
  // No word about its session: the greeting may be on a slow line, or its device asleep. It is to come again.
  const hurry = setTimeout(() => fail("unavailable", closeCodes.tryAgain), HELLO_MS)

  /** Straight to the socket: the frame is whole, and `ws` holds nothing back where nothing is compressed. */
  function write(frame: Buffer) {
    if (!open || ws.readyState !== OPEN) return
    if (socket.writableLength > 0 && socket.writableLength + frame.length > limits.socketQueueBytes) {
      shut(closeCodes.tryAgain)
      return
    }
    socket.write(frame)
  }
  const say = (frame: Down) => write(wsFrame(encodeDown(frame)))

  const countStranger = (part: Uint8Array) => {
    heard += part.length
    if (heard <= HELLO_BYTES) return
    fail("too_large", closeCodes.policy)
    ws.terminate()
  }
  socket.on("data", countStranger)

  function shut(code: number) {
    if (!open) return
    open = false
    clearTimeout(hurry)
    socket.off("data", countStranger)
    wake()
    if (peer) {
      hub.remove(peer)
      subscriptions.leave(peer)
    }
    ws.close(code)
    // The close frame waits behind all that a slow reader has not read: it is not waited for long.
    setTimeout(() => ws.terminate(), LAST_WORD_MS).unref()
  }

  function fail(kind: ErrorKind | Refusal, code: number) {
    say({ t: "failed", error: typeof kind === "string" ? refuse(kind) : kind })
    shut(code)
  }

  function wake() {
    const now = waiting
    waiting = []
    for (const resolve of now) resolve()
  }

  async function welcome(hello: Extract<Up, { t: "hello" }>): Promise<void> {
    const greeted = await greet(db, house.id, nonce, hello, now())
    if (!open) return
    if (!greeted.ok) {
      fail(greeted.error, closeCodes.policy)
      return
    }
    clearTimeout(hurry)
    socket.off("data", countStranger)
    peer = {
      ...greeted.value,
      write,
      say,
      fail,
      closed: () => !open,
      drained: () =>
        new Promise((resolve) => {
          if (!open || socket.writableLength <= drainedBytes) resolve()
          else waiting.push(resolve)
        }),
    }
    hub.add(peer)
    say({ t: "ready", incarnation: house.incarnation.incarnation, time: now() })
  }

  function hear(bytes: Uint8Array) {
    if (peer && frames.take(peer.device, 1, now()) > 0) {
      fail(refuse("rate_limited", { retryAfterMs: 1000 }), closeCodes.policy)
      // What else it says until the connection is gone stays where it is: reading it only to drop it is what a flood is for.
      ws.pause()
      return
    }
    let frame = decodeUp(bytes, limits.frameBytes, newer || !greeting)
    // The first frame says itself which minor it is of.
    if (!greeting && frame.ok && frame.value.t === "hello" && !isNewer(frame.value))
      frame = decodeUp(bytes, limits.frameBytes)
    if (!frame.ok) {
      if (frame.error !== "unknown_kind") return fail(frame.error, closeCodes.policy)
      return newer ? undefined : fail("malformed", closeCodes.policy)
    }
    if (peer) return later(dispatch(peer, frame.value, parts))
    if (frame.value.t !== "hello" || greeting) return fail("malformed", closeCodes.policy)
    greeting = true
    newer = isNewer(frame.value)
    later(welcome(frame.value))
  }

  function later(work: Promise<void> | undefined) {
    work?.catch((error: unknown) => {
      parts.onError(error)
      fail("unavailable", closeCodes.internal)
    })
  }

  ws.on("message", (data, isBinary) => {
    if (!open) return
    try {
      if (isBinary && data instanceof Uint8Array) hear(data)
      else fail("malformed", closeCodes.policy)
    } catch (error) {
      parts.onError(error)
      fail("internal", closeCodes.internal)
    }
  })
  ws.on("pong", () => {
    answered = true
  })
  // The library refuses what is no WebSocket or too large, and closes by itself: nothing of the house is at fault.
  ws.on("error", () => shut(closeCodes.policy))
  ws.on("close", () => shut(closeCodes.policy))
  socket.on("drain", wake)

  const { major, minor } = protocolVersion
  say({ t: "challenge", house: house.id, nonce, major, minor })
  return {
    close: shut,
    beat() {
      if (!answered) ws.terminate()
      else if (open) ws.ping()
      answered = false
    },
    cut: () => ws.terminate(),
  }
}
