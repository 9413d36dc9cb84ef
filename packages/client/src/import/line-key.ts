/** By what a line of an import is known again in a later export of the same chat: who, when and what, and whether its file is there. */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"

export const KEY_BYTES = 16
export type LineToKnow = { readonly name: string; readonly at: number; readonly text: string }

/** A line whose file is missing names it instead (lines.ts), in words that another export need not have. */
const NAMED = /^📎 [^\n]*(?:\n|$)/u
export const namesFile = (text: string): boolean => NAMED.test(text)

export const lineKey = ({ name, at, text }: LineToKnow, hasFile: boolean): Uint8Array =>
  sha256(utf8(JSON.stringify([name, at, text.replace(NAMED, ""), hasFile]))).slice(0, KEY_BYTES)
