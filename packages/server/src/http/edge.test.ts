import type { IncomingMessage } from "node:http"
import { describe, expect, it } from "vitest"
import { createEdge, isLoopback } from "./edge.ts"
import { Buckets, networkOf } from "./rates.ts"

const request = (host: string | undefined, origin?: string, localAddress = "127.0.0.1") =>
  ({ headers: { host, origin }, socket: { localAddress } }) as unknown as IncomingMessage

describe("Host", () => {
  const edge = createEdge({ host: "127.0.0.1", origins: ["https://chat.example.org", "http://tea.lan:8080"] })

  it.each(["localhost:8000", "127.0.0.1:1", "[::1]:8000", "LOCALHOST", "app.localhost:3", "127.9.9.9"])(
    "a loopback name on any port: %s",
    (host) => expect(edge.check(request(host))).toBeUndefined(),
  )
  it.each(["chat.example.org", "chat.example.org:443", "tea.lan:8080", "Chat.Example.Org"])(
    "a configured public name: %s",
    (host) => expect(edge.check(request(host))).toBeUndefined(),
  )
  it.each([
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "chat.example.org.evil.example",
    "chat.example.org:8000",
    "tea.lan",
    "127.0.0.1@evil.example",
    "192.168.1.2:8000",
    "",
    "a b",
    undefined,
  ])("nothing else: %s", (host) => expect(edge.check(request(host))).toBe("wrong_host"))

  it("listening everywhere, the very address that the connection came in on", () => {
    const open = createEdge({ host: "0.0.0.0", origins: [] })
    expect(open.check(request("192.168.1.2:8000", undefined, "::ffff:192.168.1.2"))).toBeUndefined()
    expect(open.check(request("[fd00::2]:8000", undefined, "fd00::2"))).toBeUndefined()
    expect(open.check(request("192.168.1.3:8000", undefined, "192.168.1.2"))).toBe("wrong_host")
    expect(open.check(request("evil.example:8000", undefined, "192.168.1.2"))).toBe("wrong_host")
  })

  it("listening on one address or name, that one", () => {
    const lan = createEdge({ host: "tea.lan", origins: [] })
    expect(lan.check(request("tea.lan:8000"))).toBeUndefined()
    expect(lan.check(request("192.168.1.2:8000", undefined, "192.168.1.2"))).toBe("wrong_host")
  })
})

describe("Origin", () => {
  const edge = createEdge({ host: "127.0.0.1", origins: ["https://chat.example.org"] })
  const check = (host: string, origin: string) => edge.check(request(host, origin))

  it("is the same host", () => {
    expect(check("127.0.0.1:8000", "http://127.0.0.1:8000")).toBeUndefined()
    expect(check("chat.example.org", "https://chat.example.org")).toBeUndefined()
    expect(check("chat.example.org:443", "https://chat.example.org")).toBeUndefined()
  })
  it.each([
    ["127.0.0.1:8000", "http://evil.example"],
    ["127.0.0.1:8000", "http://127.0.0.1:9000"],
    ["127.0.0.1:8000", "http://localhost:8000"],
    ["chat.example.org", "http://chat.example.org"],
    ["127.0.0.1:8000", "null"],
    ["127.0.0.1:8000", ""],
    ["127.0.0.1:8000", "chrome-extension://abc"],
    ["127.0.0.1:8000", "ftp://127.0.0.1:8000"],
  ])("at %s nothing else: %s", (host, origin) => expect(check(host, origin)).toBe("wrong_origin"))

  it("says whether the person came by https", () => {
    expect(edge.secure(request("chat.example.org"))).toBe(true)
    expect(edge.secure(request("127.0.0.1:8000"))).toBe(false)
  })
})

it("knows loopback addresses", () => {
  for (const host of ["127.0.0.1", "::1", "localhost"]) expect(isLoopback(host)).toBe(true)
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "localhost.lan", "128.0.0.1"])
    expect(isLoopback(host)).toBe(false)
})

describe("rates", () => {
  it("count an IPv6 address as its /64, and a mapped IPv4 address as itself", () => {
    expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe(networkOf("2001:DB8:1:2::9"))
    expect(networkOf("2001:db8:1:2::1")).not.toBe(networkOf("2001:db8:1:3::1"))
    expect(networkOf("fe80::1%eth0")).toBe(networkOf("fe80::2"))
    expect(networkOf("::ffff:10.1.2.3")).toBe("10.1.2.3")
    expect(networkOf("::1")).toBe("0:0:0:0")
  })

  it("refill over time, never above the burst, and never for a clock that is set back", () => {
    let now = 1000
    const buckets = new Buckets({ perMs: 0.001, burst: 2 }, () => now)
    expect([buckets.take("a"), buckets.take("a"), buckets.take("a")]).toEqual([0, 0, 1000])
    now -= 500
    expect(buckets.take("a")).toBe(1000)
    now += 100_000
    expect([buckets.take("a"), buckets.take("a"), buckets.take("a")]).toEqual([0, 0, 1000])
    expect(buckets.take("b")).toBe(0)
  })

  it("forget who has not been seen for long, and stay bounded", () => {
    let now = 0
    const buckets = new Buckets({ perMs: 1, burst: 1 }, () => now)
    for (let i = 0; i < 120_000; i++) {
      now++
      expect(buckets.take(`k${i}`)).toBe(0)
    }
    expect(buckets.size).toBeLessThanOrEqual(50_000)
  })
})
