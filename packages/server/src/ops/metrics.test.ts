import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { openTestHouse, register } from "../http/house.fixture.ts"
import { createMetrics, quantile, textOf } from "./metrics.ts"

describe("what is counted", () => {
  it("stands in the text as Prometheus reads it, the buckets adding up", async () => {
    const metrics = createMetrics()
    metrics.appended(3, 2)
    metrics.appended(1, 30)
    metrics.appended(1, 60_000)
    metrics.refused.value += 2
    const text = await textOf(metrics, [
      { name: "tea", help: "Cups.", value: () => 4 },
      { name: "unknown", help: "Nobody knows.", value: async () => undefined },
    ])
    const values = new Map(
      text
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#"))
        .map((line) => line.split(" ") as [string, string]),
    )
    expect(values.get("teahouse_messages_total")).toBe("5")
    expect(values.get("teahouse_messages_refused_total")).toBe("2")
    expect(values.get('teahouse_append_seconds_bucket{le="0.001"}')).toBe("0")
    expect(values.get('teahouse_append_seconds_bucket{le="0.0025"}')).toBe("3")
    expect(values.get('teahouse_append_seconds_bucket{le="0.05"}')).toBe("4")
    expect(values.get('teahouse_append_seconds_bucket{le="10"}')).toBe("4")
    expect(values.get('teahouse_append_seconds_bucket{le="+Inf"}')).toBe("5")
    expect(Number(values.get("teahouse_append_seconds_sum"))).toBeCloseTo(60.036)
    expect(values.get("teahouse_append_seconds_count")).toBe("5")
    expect(values.get("tea")).toBe("4")
    expect(text).not.toContain("unknown")
    for (const name of values.keys())
      expect(text).toContain(`# TYPE ${name.replace(/(_bucket.*|_sum|_count)$/, "")} `)
  })

  it("has a quantile of what came between two looks", () => {
    const metrics = createMetrics()
    expect(quantile(0.99, metrics.latency())).toBeUndefined()
    metrics.appended(1_000, 400)
    const before = metrics.latency()
    metrics.appended(98, 2)
    metrics.appended(2, 90)
    expect(quantile(0.5, metrics.latency(), before)).toBe(0.0025)
    expect(quantile(0.99, metrics.latency(), before)).toBe(0.1)
    expect(quantile(0.99, metrics.latency())).toBe(0.5)
  })
})

describe("the address of its own", () => {
  let house: Awaited<ReturnType<typeof openTestHouse>>
  beforeEach(async () => {
    house = await openTestHouse({ metrics: { host: "127.0.0.1", port: 0 } })
  })
  afterEach(() => house.stop())

  it("has the figures, and nothing else; the public port has none; nobody is named", async () => {
    await register(house, "wenying")
    const at = `http://127.0.0.1:${house.metricsPort}`
    const text = await (await fetch(`${at}/metrics`)).text()
    expect(text).toMatch(/^teahouse_connections 0$/m)
    expect(text).toMatch(/^teahouse_ready 1$/m)
    expect(text).toMatch(/^process_resident_memory_bytes \d{7,}$/m)
    expect(Number(/^teahouse_http_requests_total (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(0)
    expect(text).not.toContain("wenying")
    expect((await fetch(`${at}/api/house`)).status).toBe(404)
    expect((await fetch(`${at}/metrics`, { method: "POST" })).status).toBe(405)
    const outside = await fetch(`${house.url}/metrics`)
    expect(await outside.text()).not.toContain("teahouse_connections")
  })
})
