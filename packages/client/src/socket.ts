/**
 * The connection to the house: opens, greets with the device's signature, stays alive, comes back.
 *
 *   closed → connecting → (challenge → hello) → ready → closed → …
 *
 * A connection that says nothing for `silenceMs` although pinged is dead, whatever the platform believes. What was sent
 * and not answered is the outbox's business: frames are neither kept nor repeated here.
 */

import type { Down } from "@teahouse/protocol/down.ts"
import { endsSession, type Refusal } from "@teahouse/protocol/error.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Up } from "@teahouse/protocol/up.ts"
import { protocolVersion, speaks } from "@teahouse/protocol/version.ts"
import { decodeDown, encodeUp } from "@teahouse/protocol/wire.ts"
import { backoff } from "./backoff.ts"
import type { Clock, Jitter, OpenSocket, Socket, Timers } from "./platform.ts"

export type Greeting = { readonly session: Id; readonly signature: Uint8Array }

export type ConnectionParts = {
  readonly url: string
  readonly openSocket: OpenSocket
  readonly clock: Clock
  readonly timers: Timers
  readonly jitter: Jitter
  /** Signs (house, nonce, session); undefined where the challenge is not our house's. */
  readonly greet: (challenge: Extract<Down, { t: "challenge" }>) => Promise<Greeting | undefined>
  readonly onFrame: (frame: Down) => void
  readonly onState: (state: ConnectionState) => void
  /** The house refuses this session for good. */
  readonly onRefused: (refusal: Refusal) => void
  readonly firstRetryMs?: number
  readonly maxRetryMs?: number
  readonly pingMs?: number
  readonly silenceMs?: number
}

export type ConnectionState = {
  readonly state: "connected" | "connecting" | "offline"
  readonly since?: number
  readonly retryAt?: number
  /** The house speaks another major version: only another client can follow it. */
  readonly otherVersion?: true
}

export type Connection = {
  /** False where it is not connected: nothing was sent. */
  send(frame: Up): boolean
  state(): ConnectionState
  reconnect(): void
  stop(): void
}

export function connect(parts: ConnectionParts): Connection {
  const { clock, timers } = parts
  const pingMs = parts.pingMs ?? 20_000
  const silenceMs = parts.silenceMs ?? 45_000
  const retry = { firstMs: parts.firstRetryMs ?? 500, maxMs: parts.maxRetryMs ?? 30_000 }
  const lostAt = clock()
  let state: ConnectionState = { state: "connecting", since: lostAt }
  let socket: Socket | undefined
  let ready = false
  let failures = 0
  let otherVersion = false
  let heard = 0
  /** Looks in a row at which nothing had been heard since the one before. */
  let silences = 0
  let stopped = false
  /** Rises with each attempt: what an older socket still says is not heard. */
  let attempt = 0
  let cancelRetry = () => {}
  let cancelPing = () => {}

  const become = (next: ConnectionState) => {
    state = otherVersion && next.state !== "connected" ? { ...next, otherVersion } : next
    parts.onState(state)
  }
  const since = () => state.since ?? clock()

  const open = () => {
    cancelRetry()
    cancelPing()
    socket?.close()
    if (stopped) return
    const mine = ++attempt
    ready = false
    become({ state: "connecting", since: since() })
    heard = clock()
    silences = 0
    socket = parts.openSocket(parts.url, {
      open: () => {},
      message: (bytes) => {
        if (mine === attempt) receive(bytes, mine)
      },
      close: () => {
        if (mine === attempt) lost()
      },
    })
    watch(mine)
  }

  const lost = () => {
    attempt++
    cancelPing()
    socket = undefined
    ready = false
    if (stopped) return
    const wait = backoff(failures++, parts.jitter, retry)
    cancelRetry = timers(wait, open)
    become({ state: "offline", since: since(), retryAt: clock() + wait })
  }

  const drop = () => {
    const dead = socket
    lost()
    dead?.close()
  }

  const watch = (mine: number) => {
    cancelPing = timers(pingMs, () => {
      if (mine !== attempt) return
      silences++
      // By the clock after the machine was asleep; by the looks where the clock was set back.
      if (clock() - heard > silenceMs || silences * pingMs > silenceMs + pingMs) return drop()
      if (ready) socket?.send(encodeUp({ t: "ping" }))
      watch(mine)
    })
  }

  const receive = (bytes: Uint8Array, mine: number) => {
    heard = clock()
    silences = 0
    const frame = decodeDown(bytes)
    // Of a newer minor: what it is about goes on without it.
    if (!frame.ok && frame.error === "unknown_kind") return
    // A server that speaks another language cannot be followed; perhaps the next one can (a rolling update).
    if (!frame.ok) {
      if (frame.error === "unsupported_version") otherVersion = true
      return drop()
    }
    const down = frame.value
    if (down.t === "challenge") return void greet(down, mine)
    if (down.t === "ready") {
      ready = true
      failures = 0
      otherVersion = false
      become({ state: "connected" })
    }
    if (down.t === "failed" && endsSession(down.error.kind)) parts.onRefused(down.error)
    if (down.t === "failed" && down.error.kind === "unsupported_version") otherVersion = true
    parts.onFrame(down)
  }

  const greet = async (challenge: Extract<Down, { t: "challenge" }>, mine: number) => {
    if (!speaks(challenge)) otherVersion = true
    const greeting = speaks(challenge) ? await parts.greet(challenge) : undefined
    if (mine !== attempt) return
    if (!greeting) return drop()
    socket?.send(encodeUp({ t: "hello", ...protocolVersion, ...greeting }))
  }

  open()
  return {
    send(frame) {
      if (!ready || !socket) return false
      socket.send(encodeUp(frame))
      return true
    },
    state: () => state,
    reconnect() {
      if (stopped || ready) return
      failures = 0
      open()
    },
    stop() {
      stopped = true
      cancelRetry()
      cancelPing()
      attempt++
      socket?.close()
      socket = undefined
      ready = false
    },
  }
}
