/**
 * The accessible names that a test, a document and a screen reader may rely on. The English ones are the contract; the
 * Chinese ones are what the page's own table says for the same entry, so that the journeys run in both languages.
 */
import { en } from "../../packages/web/src/text/en.ts"
import { zh } from "../../packages/web/src/text/zh-CN.ts"

/** The name in one language of what is called so in English. */
export type Names = (english: string) => string

export const english: Names = (name) => name

export const chinese: Names = (name) => {
  // The page's own table stands after those of its parts: of two entries that are called alike its entry is meant.
  const key = Object.entries(en).findLast(([, value]) => value === name)?.[0]
  const value: unknown = key === undefined ? undefined : zh[key as keyof typeof zh]
  if (typeof value !== "string") throw new Error(`the page has no Chinese name for “${name}”`)
  return value
}
