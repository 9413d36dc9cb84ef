/** GIF89a as a row of blocks: comments, text and applications' own data (XMP) go, except the one that says how often it loops. */
import { joined, latin1, u16le } from "./bytes.ts"
import type { PictureFacts } from "./format.ts"

type Block = {
  readonly kind: "picture" | "control" | "loop" | "other"
  readonly from: number
  readonly to: number
}

const tableBytes = (packed: number) => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0)

/** Where a chain of sub-blocks ends. */
function chainEnd(b: Uint8Array, from: number): number | undefined {
  for (let at = from; at < b.length; at += (b[at] ?? 0) + 1) if (b[at] === 0) return at + 1
  return undefined
}

function blocksOf(b: Uint8Array): { head: number; blocks: Block[] } | undefined {
  const head = 13 + tableBytes(b[10] ?? 0)
  const blocks: Block[] = []
  for (let at = head; at < b.length; ) {
    const from = at
    if (b[at] === 0x3b) return { head, blocks }
    if (b[at] === 0x2c) {
      const to = chainEnd(b, at + 11 + tableBytes(b[at + 9] ?? 0))
      if (to === undefined) return undefined
      blocks.push({ kind: "picture", from, to })
      at = to
    } else if (b[at] === 0x21) {
      const to = chainEnd(b, at + 2)
      if (to === undefined) return undefined
      const loops = b[at + 1] === 0xff && /^(?:NETSCAPE2.0|ANIMEXTS1.0)$/.test(latin1(b, at + 3, 11))
      blocks.push({ kind: b[at + 1] === 0xf9 ? "control" : loops ? "loop" : "other", from, to })
      at = to
    } else return undefined
  }
  // Without its trailer it is broken off, but what is there can be shown.
  return blocks.length > 0 ? { head, blocks } : undefined
}

export function gifFacts(b: Uint8Array): PictureFacts | undefined {
  const all = blocksOf(b)
  const pictures = all?.blocks.filter((one) => one.kind === "picture").length ?? 0
  if (pictures === 0) return undefined
  return { width: u16le(b, 6) ?? 0, height: u16le(b, 8) ?? 0, orientation: 1, animated: pictures > 1 }
}

export function cleanGif(b: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const all = blocksOf(b)
  if (!all) return undefined
  const parts = all.blocks.filter((one) => one.kind !== "other").map((one) => b.subarray(one.from, one.to))
  return joined([b.subarray(0, all.head), ...parts, Uint8Array.of(0x3b)])
}
