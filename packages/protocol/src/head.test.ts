import { ed25519 } from "@noble/curves/ed25519.js"
import { describe, expect, test } from "vitest"
import { sha256 } from "./hash.ts"
import { headLeaf, headToSign, headTree, type SignedHead, verifyHead } from "./head.ts"
import { id, heads as sampleHeads } from "./samples.fixture.ts"

const secret = new Uint8Array(32).fill(7)
const house = ed25519.getPublicKey(secret)

function signed(count: number): { room: ReturnType<typeof id>; signed: SignedHead }[] {
  const heads = sampleHeads(count)
  const tree = headTree(heads.map((h) => headLeaf(h)))
  const signature = ed25519.sign(headToSign(tree.root), secret)
  return heads.map(({ room, ...h }, i) => {
    const place = tree.places[i]
    if (!place) throw new Error("a leaf without a place")
    return { room, signed: { ...h, ...place, signature } }
  })
}

/** The tree again, recursively, as its description says: pairs from the left, an odd one goes up as it is. */
function root(level: Uint8Array[]): Uint8Array {
  if (level.length === 1) return level[0] as Uint8Array
  const next: Uint8Array[] = []
  for (let i = 0; i < level.length; i += 2) {
    const pair = level.slice(i, i + 2)
    next.push(
      pair.length === 2
        ? sha256(
            Uint8Array.from([
              ...Buffer.from("teahouse/head node/v1\0"),
              ...(pair[0] ?? []),
              ...(pair[1] ?? []),
            ]),
          )
        : (pair[0] as Uint8Array),
    )
  }
  return root(next)
}

describe.each(Array.from({ length: 20 }, (_, i) => i + 1))("%i rooms in one signature", (count) => {
  const all = signed(count)

  test("each room's path leads to the root that was signed", async () => {
    const leaves = sampleHeads(count).map((h) => headLeaf(h))
    expect(headTree(leaves).root).toEqual(root(leaves))
    for (const { room, signed } of all) expect(await verifyHead(house, room, signed)).toBe(true)
  })

  test("and to no other", async () => {
    const one = all[count - 1]
    if (!one) throw new Error("no head")
    const { room, signed: head } = one
    const wrong: SignedHead[] = [
      { ...head, seq: head.seq + 1 },
      { ...head, generation: head.generation + 1 },
      { ...head, incarnation: head.incarnation + 1 },
      { ...head, time: head.time + 1 },
      { ...head, hash: new Uint8Array(32) },
      { ...head, path: [...head.path, new Uint8Array(32)] },
      ...(head.path.length > 0
        ? [
            { ...head, path: head.path.slice(1) },
            { ...head, index: head.index ^ 1 },
          ]
        : []),
      { ...head, signature: head.signature.map((b, i) => (i === 5 ? b ^ 1 : b)) },
    ]
    for (const forged of wrong) expect(await verifyHead(house, room, forged)).toBe(false)
    expect(await verifyHead(house, id(99), head)).toBe(false)
    expect(await verifyHead(new Uint8Array(32), room, head)).toBe(false)
    expect(await verifyHead(new Uint8Array(31), room, head)).toBe(false)
  })
})
