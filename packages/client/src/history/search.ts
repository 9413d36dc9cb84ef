/**
 * Search over the local history: blocks are read newest first and scanned. An index was rejected: Chinese has no words to
 * index by, and a sealed index over single characters is larger than the text.
 */

/** As texts are compared: upper and lower case, full and half width are the same. */
export const folded = (text: string): string => text.normalize("NFKC").toLowerCase()
const AROUND = 60

/** Small and lasting: one for a whole search. */
export function matcher(query: string): (text: string) => Match | undefined {
  const wanted = folded(query.trim())
  return (text) => {
    if (wanted === "") return { text: oneLine(text.slice(0, 2 * AROUND)) }
    const plain = folded(text)
    const at = plain.indexOf(wanted)
    if (at < 0) return undefined
    // Folding may change lengths (ﬁ, Ａ, ½): then the piece is shown folded, and the place is right in it.
    const source = plain.length === text.length ? text : plain
    const start = Math.max(0, at - AROUND)
    const before = oneLine(source.slice(start, at), "start")
    const found = oneLine(source.slice(at, at + wanted.length), "none")
    const after = oneLine(source.slice(at + wanted.length, at + wanted.length + 2 * AROUND), "end")
    const cut = start > 0 ? "…" : ""
    return {
      text: cut + before + found + after,
      match: { from: cut.length + before.length, length: found.length },
    }
  }
}

export type Match = {
  readonly text: string
  readonly match?: { readonly from: number; readonly length: number }
}

function oneLine(text: string, trim: "start" | "end" | "both" | "none" = "both"): string {
  const line = text.replace(/\s+/g, " ")
  if (trim === "start") return line.trimStart()
  if (trim === "end") return line.trimEnd()
  return trim === "both" ? line.trim() : line
}
