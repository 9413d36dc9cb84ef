import type { IncomingMessage } from "node:http"
import { expect, it } from "vitest"
import { createClientAddress, readProxies } from "./client-address.ts"

const asked = (peer: string | undefined, forwarded?: string | string[]) =>
  ({
    socket: { remoteAddress: peer },
    headers: { "x-forwarded-for": forwarded },
  }) as unknown as IncomingMessage
const of = createClientAddress(["127.0.0.0/8", "::1", "10.0.0.0/8", "fd00::/8"])

it("is the connection's, whatever is written, where no trusted proxy asks", () => {
  expect(of(asked("203.0.113.7", "198.51.100.1"))).toBe("203.0.113.7")
  expect(of(asked("::ffff:203.0.113.7"))).toBe("203.0.113.7")
  expect(of(asked("2001:db8::7", "198.51.100.1"))).toBe("2001:db8::7")
  expect(createClientAddress([])(asked("127.0.0.1", "198.51.100.1"))).toBe("127.0.0.1")
  expect(of(asked(undefined, "198.51.100.1"))).toBe("unknown")
})

it("is the last one that is no trusted proxy's; what stands before it is believed by nobody", () => {
  expect(of(asked("127.0.0.1", "198.51.100.1"))).toBe("198.51.100.1")
  expect(of(asked("::1", "6.6.6.6, 198.51.100.1"))).toBe("198.51.100.1")
  expect(of(asked("::ffff:127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3"))).toBe("198.51.100.1")
  expect(of(asked("fd00::1", "2001:db8::9"))).toBe("2001:db8::9")
  expect(of(asked("127.0.0.1", ["6.6.6.6", "198.51.100.1"]))).toBe("198.51.100.1")
  expect(of(asked("127.0.0.1", "[2001:db8::9]:4711"))).toBe("2001:db8::9")
  expect(of(asked("127.0.0.1", "198.51.100.1:4711"))).toBe("198.51.100.1")
})

it("what is no address ends the list", () => {
  expect(of(asked("127.0.0.1"))).toBe("127.0.0.1")
  expect(of(asked("127.0.0.1", ""))).toBe("127.0.0.1")
  expect(of(asked("127.0.0.1", "198.51.100.1, unknown"))).toBe("127.0.0.1")
  expect(of(asked("127.0.0.1", "198.51.100.1, evil, 10.0.0.2"))).toBe("10.0.0.2")
  expect(of(asked("127.0.0.1", `${"6.6.6.6,".repeat(100_000)}198.51.100.1`))).toBe("198.51.100.1")
})

it("addresses and networks are read, and nothing else", () => {
  expect(readProxies("127.0.0.1, 10.0.0.0/8,::1,fd00::/8")).toEqual([
    "127.0.0.1",
    "10.0.0.0/8",
    "::1",
    "fd00::/8",
  ])
  for (const bad of ["", "proxy.example", "10.0.0.0/33", "fd00::/129", "10.0.0.0/", "10.0.0", "127.0.0.1,"])
    expect(readProxies(bad)).toBeUndefined()
})
