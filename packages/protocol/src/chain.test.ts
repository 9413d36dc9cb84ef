import { createHash } from "node:crypto"
import fc from "fast-check"
import { expect, test } from "vitest"
import { CHAIN_START, type Link, nextHash } from "./chain.ts"
import { idBytes, idFrom } from "./ids.ts"
import { links } from "./samples.fixture.ts"

const first = links[0] as Link

/** The formula of chain.ts once more, from Node's own parts. */
function expected(previous: Uint8Array, link: Link): Uint8Array {
  const u32 = (v: number) => {
    const b = Buffer.alloc(4)
    b.writeUInt32BE(v)
    return b
  }
  const u64 = (v: number) => {
    const b = Buffer.alloc(8)
    b.writeBigUInt64BE(BigInt(v))
    return b
  }
  const hash = createHash("sha256").update("teahouse/chain/v1\0").update(previous).update(idBytes(link.room))
  hash.update(u32(link.incarnation)).update(u32(link.generation)).update(u64(link.seq))
  hash
    .update(Uint8Array.of(link.kind))
    .update(idBytes(link.device))
    .update(u64(link.n))
    .update(u64(link.time))
  return new Uint8Array(hash.update(link.bodyHash).digest())
}

const raw = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const anyLink: fc.Arbitrary<Link> = fc.record({
  room: raw(16).map(idFrom),
  incarnation: fc.nat(),
  generation: fc.nat(),
  seq: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  kind: fc.constantFrom(0, 1, 2),
  device: raw(16).map(idFrom),
  n: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  time: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  bodyHash: raw(32),
})

test("the hash is the formula's", () => {
  fc.assert(
    fc.property(raw(32), anyLink, (previous, link) => {
      expect(nextHash(previous, link)).toEqual(expected(previous, link))
    }),
  )
})

test("another SHA-256 gives the same", () => {
  const node = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest())
  for (const link of links) expect(nextHash(CHAIN_START, link, node)).toEqual(nextHash(CHAIN_START, link))
})

test("every field is covered", () => {
  const changed: Partial<Link>[] = [
    { room: first.device },
    { incarnation: 2 },
    { generation: 1 },
    { seq: 2 },
    { kind: 0 },
    { device: first.room },
    { n: 2 },
    { time: first.time + 1 },
    { bodyHash: CHAIN_START },
  ]
  expect(changed.map((c) => Object.keys(c)[0]).sort()).toEqual(Object.keys(first).sort())
  const hashes = [first, ...changed.map((c) => ({ ...first, ...c }))].map((l) =>
    nextHash(CHAIN_START, l).join(),
  )
  hashes.push(nextHash(new Uint8Array(32).fill(1), first).join())
  expect(new Set(hashes).size).toBe(hashes.length)
})
