/** A greeting that does not come in time: what the house says must not end the session of a device on a slow line. */
import type { Duplex } from "node:stream"
import { endsSession } from "@teahouse/protocol/error.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { decodeDown } from "@teahouse/protocol/wire.ts"
import { afterEach, expect, test, vi } from "vitest"
import type { WebSocket } from "ws"
import { Rate } from "../room/rate.ts"
import { connect } from "./connection.ts"
import type { SocketParts } from "./peer.ts"

afterEach(() => {
  vi.useRealTimers()
})

test("a device that greets late is asked to come again, and is not signed out", () => {
  vi.useFakeTimers()
  const frames: Buffer[] = []
  const closed: number[] = []
  const ws = { readyState: 1, on() {}, close: (code: number) => closed.push(code), terminate() {} }
  const socket = {
    writableLength: 0,
    on() {},
    off() {},
    pause() {},
    write: (frame: Buffer) => frames.push(frame),
  }
  const parts = { limits, now: () => 0, random: (length: number) => new Uint8Array(length) }
  const house = { id: "AAAAAAAAAAAAAAAAAAAAAA" }
  const all = { ...parts, house } as unknown as SocketParts
  connect(ws as unknown as WebSocket, socket as unknown as Duplex, all, new Rate(1, 1))
  vi.runAllTimers()
  const [, last] = frames.map((frame) => decodeDown(frame.subarray(2)))
  if (!last?.ok || last.value.t !== "failed") throw new Error("it is not said why")
  expect(endsSession(last.value.error.kind)).toBe(false)
  // RFC 6455's registry: try again later.
  expect(closed).toEqual([1013])
})
