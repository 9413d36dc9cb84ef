import { expect, it } from "vitest"
import { partOf, sumOf } from "./sum.ts"

const node = (id: number, functionName: string, url: string) => ({
  ...{ id, callFrame: { functionName, url, lineNumber: 1 } },
})
const profile = {
  nodes: [
    node(1, "(root)", ""),
    node(2, "(idle)", ""),
    node(3, "(program)", ""),
    node(4, "append", "file:///x/packages/server/src/room/appender.ts"),
    node(5, "append", "file:///x/packages/server/src/room/log.ts"),
    node(6, "send", "file:///x/node_modules/ws/lib/sender.js"),
  ],
  samples: [4, 2, 4, 5, 6, 3, 1],
  timeDeltas: [100, 1_000, 10, 20, 30, 40, 50],
}

it("gives each function the time it was on top, each part that of its functions, and idling nobody", () => {
  const { us, functions, parts } = sumOf(profile)
  expect(us).toBe(200)
  expect(functions[0]).toEqual({ name: "append · server/room/appender.ts", us: 110 })
  expect(parts.find(({ name }) => name === "ws")).toEqual({ name: "ws", us: 30 })
  expect(parts.map(({ us }) => us)).toEqual([110, 40, 30, 20])
})

it("leaves out what was before", () => {
  expect(sumOf(profile, 1_101).us).toBe(100)
})

it("names our files, packages with and without a scope, and Node's own", () => {
  expect(partOf("file:///x/packages/protocol/src/wire.ts", "encode")).toBe("protocol/wire.ts")
  expect(partOf("file:///x/node_modules/@msgpack/msgpack/dist/a.mjs", "encode")).toBe("@msgpack/msgpack")
  expect(partOf("node:net", "write")).toBe("node:net")
  expect(partOf("", "(garbage collector)")).toBe("(garbage collector)")
  expect(partOf("", "writev")).toBe("native")
})
