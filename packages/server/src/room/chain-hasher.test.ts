import { nextHash } from "@teahouse/protocol/chain.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import fc from "fast-check"
import { expect, test } from "vitest"
import { linkHash } from "./chain-hasher.ts"

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

test("the writer's chain is the protocol's chain", () => {
  const u32 = fc.nat(0xffff_ffff)
  const u64 = fc.maxSafeNat()
  const kind = fc.constantFrom(0, 1, 2)
  const body = fc.uint8Array({ maxLength: 300 })
  fc.assert(
    fc.property(
      bytes(32),
      bytes(16),
      u32,
      u32,
      u64,
      kind,
      bytes(16),
      u64,
      u64,
      body,
      (previous, room, ...rest) => {
        const [incarnation, generation, seq, kind, device, n, time, body] = rest
        const same = { incarnation, generation, seq, n, time }
        const ours = linkHash(previous, { ...same, room, kind, device, bodyHash: sha256(body) })
        const ids = { room: idFrom(room), device: idFrom(device) }
        const theirs = nextHash(previous, {
          ...same,
          ...ids,
          kind: kind as 0 | 1 | 2,
          bodyHash: sha256(body),
        })
        expect(Buffer.from(theirs).equals(ours)).toBe(true)
      },
    ),
  )
})
