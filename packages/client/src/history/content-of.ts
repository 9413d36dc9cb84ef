/**
 * What an entry says. It is decoded once for as long as its block is in memory: a window of a chat is computed anew with each
 * step of reading, and the strict parse of its lines was most of that.
 */
import { type Content, decodeContent } from "../content/message.ts"
import type { HistoryEntry } from "./entry.ts"

const decoded = new WeakMap<Uint8Array, { readonly content: Content | undefined }>()

export function contentOf({ item }: Pick<HistoryEntry, "item">): Content | undefined {
  if (item.type !== "content") return undefined
  const known = decoded.get(item.bytes)
  if (known) return known.content
  const content = decodeContent(item.bytes)
  decoded.set(item.bytes, { content })
  return content
}
