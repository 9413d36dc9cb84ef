import type { Id } from "@teahouse/protocol/ids.ts"
import { headOf, logOf, signer, startOfLog } from "@teahouse/protocol/key-log.fixture.ts"
import type { KeyLog, KeyLogChange } from "@teahouse/protocol/key-log.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { bytes, id } from "@teahouse/protocol/samples.fixture.ts"
import { expect, test } from "vitest"
import { contactPage } from "../pages.ts"
import { besideSeen, fromRecord, heedLook, isListed, type Seen, toRecord } from "./seen.ts"

const house = signer()
const uik = signer()
const added = (n: number): KeyLogChange => ({
  kind: "device_added",
  device: id(n),
  signatureKey: bytes(32, n),
})
const life: KeyLogChange[] = [
  { kind: "identity", uik: uik.publicKey },
  { kind: "account_key", generation: 1 },
  added(1),
  added(2),
  { kind: "device_revoked", device: id(1) },
]
const upTo = (length: number) => logOf(uik, life.slice(0, length)).log
const shown = (log: KeyLog, incarnation = 1) => ({ head: headOf(house, log, incarnation), log: ok(log) })
const seenAs = (log: KeyLog, incarnation = 1): Seen => ({ log, head: headOf(house, log, incarnation) })
const other = signer()
const another = logOf(other, [{ kind: "identity", uik: other.publicKey }, ...life.slice(1)]).log
const fork = logOf(uik, [added(9), added(10)], upTo(3)).log

test("a log may go on, and nothing else", () => {
  const before = seenAs(upTo(4))
  const verdict = (read: Parameters<typeof heedLook>[1]) => {
    const { seen, changed } = heedLook(before, read)
    return [seen?.head.position, changed]
  }
  expect(verdict(shown(upTo(5)))).toEqual([5, false])
  expect(verdict(shown(upTo(4)))).toEqual([4, false])
  // Shorter, from another place, another's, and one that does not hold: what was seen stays.
  expect(verdict(shown(upTo(3)))).toEqual([4, true])
  expect(verdict(shown(startOfLog()))).toEqual([4, true])
  expect(verdict({ head: headOf(house, fork), log: err("not_next") })).toEqual([4, true])
  expect(verdict(shown(logOf(uik, [added(9)], upTo(3)).log))).toEqual([4, true])
  expect(verdict(shown(another))).toEqual([5, false])
  expect(verdict({ head: headOf(house, another), log: err("not_next") })).toEqual([4, true])
  expect(heedLook(undefined, { head: headOf(house, fork), log: err("bad_signature") })).toEqual({
    changed: true,
  })
})

test("a restored house may have lost the newest, and never gives another identity", () => {
  const before = seenAs(upTo(5))
  const verdict = (log: KeyLog, incarnation: number) => {
    const { seen, changed } = heedLook(before, shown(log, incarnation))
    return [seen?.head.position, seen?.head.incarnation, changed]
  }
  expect(verdict(upTo(3), 2)).toEqual([3, 2, false])
  expect(verdict(fork, 2)).toEqual([5, 2, false])
  expect(verdict(startOfLog(), 2)).toEqual([5, 1, false])
  expect(verdict(another, 2)).toEqual([5, 1, true])
  // The life before is over.
  expect(heedLook(seenAs(upTo(3), 2), shown(upTo(5), 1)).changed).toBe(true)
})

test("what a member has lies on the chain that was seen here, or does not", () => {
  const seen = seenAs(upTo(4))
  const at = (log: KeyLog, incarnation = 1) => {
    const { position, hash } = headOf(house, log)
    return besideSeen(seen, { life: incarnation, position, hash })
  }
  expect(at(upTo(2))).toBe("on")
  expect(at(upTo(4))).toBe("on")
  expect(at(upTo(5))).toBe("ahead")
  expect(at(logOf(uik, [added(9)], upTo(3)).log)).toBe("forked")
  expect(at(another.hashes.length > 4 ? { ...another, hashes: another.hashes.slice(0, 4) } : another)).toBe(
    "forked",
  )
  expect(at(upTo(2), 2)).toBe("ahead")
  expect(besideSeen(seenAs(upTo(4), 2), { life: 1, position: 9, hash: bytes(32, 1) })).toBe("cannot_tell")
  expect(besideSeen(undefined, { life: 1, position: 1, hash: bytes(32, 1) })).toBe("ahead")
})

test("a device in a room stands in its person's log, under this identity and with this key", () => {
  const seen = seenAs(upTo(5))
  const leaf = { user: seen.log.user, device: id(2), uik: uik.publicKey, signatureKey: bytes(32, 2) }
  expect(isListed(seen, leaf)).toBe(true)
  // Taken away, and not removed there yet.
  expect(isListed(seen, { ...leaf, device: id(1), signatureKey: bytes(32, 1) })).toBe(true)
  for (const lie of [{ device: id(3) as Id }, { uik: other.publicKey }, { signatureKey: bytes(32, 3) }])
    expect(isListed(seen, { ...leaf, ...lie })).toBe(false)
  // A log that has not begun says nothing.
  expect(isListed(seenAs(startOfLog()), { ...leaf, uik: other.publicKey })).toBe(true)
})

test("what is stored is read as it was", () => {
  for (const log of [upTo(5), startOfLog()]) expect(fromRecord(toRecord(seenAs(log)))).toEqual(seenAs(log))
})

test("of two devices' notes on a friend the one that has seen more stays", () => {
  const noted = (life: number, position: number) => ({
    ...{ v: 1, user: id(1), uik: bytes(32, 1) },
    keys: { life, position, hash: bytes(32, position) },
  })
  const merged = (a: ReturnType<typeof noted>, b: ReturnType<typeof noted>) =>
    [contactPage.merge(a, b), contactPage.merge(b, a)].map(({ keys }) => [keys?.life, keys?.position])
  expect(merged(noted(1, 4), noted(1, 5))).toEqual(new Array(2).fill([1, 5]))
  expect(merged(noted(2, 3), noted(1, 5))).toEqual(new Array(2).fill([2, 3]))
  const { keys: _, ...none } = noted(1, 1)
  expect(contactPage.merge(none, noted(1, 4)).keys?.position).toBe(4)
})
