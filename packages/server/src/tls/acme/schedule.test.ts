import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { failureOf, networkFailure } from "./failure.ts"
import { afterFailure, mayTry, renewalTime } from "./schedule.ts"
import { retryAfter } from "./wire.ts"

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
const failure = { kind: "connection" } as const

describe("when to ask a certificate authority", () => {
  it("a renewal is due with a third of the life left, at most a thirtieth of it earlier", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: DAY, max: 400 * DAY }), (cert, life) => {
        const at = renewalTime({ cert, from: 1000, until: 1000 + life })
        expect(at).toBeLessThanOrEqual(1000 + (life * 2) / 3)
        expect(at).toBeGreaterThanOrEqual(1000 + (life * 19) / 30 - 1)
      }),
    )
    const life = { from: 0, until: 90 * DAY }
    expect(renewalTime({ cert: "a", ...life })).toBe(renewalTime({ cert: "a", ...life }))
    expect(renewalTime({ cert: "a", ...life })).not.toBe(renewalTime({ cert: "b", ...life }))
  })

  it("each failure waits longer, at most twice a day, and at most five tries are in any hour", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
        (chances) => {
          let [now, failures] = [0, 0]
          const tries = [now]
          for (const chance of chances) {
            const last = afterFailure(failures, failure, now, chance)
            expect(mayTry(last, last.next - 1, false)).toBe(false)
            ;({ failures } = last)
            now = last.next
            tries.push(now)
          }
          for (const at of tries)
            expect(tries.filter((one) => one >= at && one < at + HOUR).length).toBeLessThan(5)
          expect((tries.at(-1) ?? 0) - (tries.at(-2) ?? 0)).toBeGreaterThanOrEqual(12 * HOUR)
          expect((tries.at(-1) ?? 0) - (tries.at(-2) ?? 0)).toBeLessThanOrEqual(15 * HOUR)
        },
      ),
    )
  })

  it("a person who has mended something waits a quarter of an hour, and as long as the authority says", () => {
    const long = afterFailure(9, failure, 0, 0)
    expect([mayTry(long, 14 * MINUTE, true), mayTry(long, 15 * MINUTE, true)]).toEqual([false, true])
    expect(mayTry(long, 15 * MINUTE, false)).toBe(false)
    const limited = afterFailure(0, { kind: "rate_limited", notBefore: 30 * HOUR }, 0, 0)
    expect(limited.next).toBe(30 * HOUR)
    expect([mayTry(limited, 29 * HOUR, true), mayTry(limited, 30 * HOUR, false)]).toEqual([false, true])
  })

  it("a clock that was wrong when it failed keeps nobody waiting", () => {
    const ahead = afterFailure(0, failure, 1000 * DAY, 0)
    expect(mayTry(ahead, DAY, false)).toBe(true)
  })

  it("Retry-After is seconds or a date, and believed for a week", () => {
    expect(retryAfter("120", 0)).toBe(120_000)
    expect(retryAfter("Thu, 01 Jan 1970 01:00:00 GMT", 0)).toBe(HOUR)
    expect(retryAfter("99999999", 0)).toBe(7 * DAY)
    expect([retryAfter("soon", 0), retryAfter(null, 0)]).toEqual([undefined, undefined])
  })
})

describe("why there is no certificate", () => {
  const type = (name: string) => `urn:ietf:params:acme:error:${name}`
  it("is told by the problem of the name, and in one line", () => {
    const inner = {
      type: type("caa"),
      detail: "CAA\u0007 record\nforbids",
      identifier: { value: "b.example" },
    }
    expect(failureOf({ type: type("malformed"), detail: "some", subproblems: [inner] }, 403)).toEqual({
      ...{ kind: "caa", name: "b.example", detail: "CAA record forbids" },
    })
    expect(failureOf({ detail: "x".repeat(1000) }, 503).detail).toHaveLength(300)
    expect([failureOf({}, 503).kind, failureOf({}, 429).kind, failureOf({}, 400).kind]).toEqual([
      ...["busy", "rate_limited", "other"],
    ])
  })
  it("tells a line that is down from a certificate that nobody knows", () => {
    const failed = (code: string) => networkFailure(new TypeError("fetch failed", { cause: { code } })).kind
    expect([failed("ECONNREFUSED"), failed("SELF_SIGNED_CERT_IN_CHAIN")]).toEqual([
      "unreachable",
      "untrusted",
    ])
  })
})
