import type { Down } from "@teahouse/protocol/down.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { encodeDown } from "@teahouse/protocol/wire.ts"
import { expect, test } from "vitest"
import type { SocketHandlers } from "./platform.ts"
import { connect } from "./socket.ts"

test("a dead connection is noticed although the clock was set back meanwhile", () => {
  const opened: SocketHandlers[] = []
  const due: (() => void)[] = []
  let now = 10_000_000
  connect({
    url: "ws://x",
    clock: () => now,
    jitter: () => 0,
    timers(_ms, run) {
      due.push(run)
      return () => void (due.includes(run) && due.splice(due.indexOf(run), 1))
    },
    openSocket(_url, handlers) {
      opened.push(handlers)
      return { send() {}, close() {} }
    },
    greet: async () => ({ session: "AAAAAAAAAAAAAAAAAAAAAA" as Id, signature: new Uint8Array(64) }),
    onFrame() {},
    onState() {},
    onRefused() {},
  })
  const pong: Down = { t: "pong", time: 0 }
  const look = () => due.splice(0).map((run) => run())
  now -= 3_600_000
  for (let i = 0; i < 10; i++) {
    opened.at(-1)?.message(encodeDown(pong))
    look()
  }
  expect(opened).toHaveLength(1)
  for (let i = 0; i < 10; i++) look()
  expect(opened.length).toBeGreaterThan(1)
})
