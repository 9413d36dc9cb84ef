/**
 * Fails the build when a language lacks a string, has one too many, or differs in what it takes. The type of `zh` says the
 * same to the editor; the bundler does not look at types, hence this.
 */
import type { Plugin } from "vite"
import { en } from "../src/text/en.ts"
import { zh } from "../src/text/zh-CN.ts"

type Table = Record<string, unknown>

export function compareTables(base: Table, other: Table, name: string): string[] {
  const faults: string[] = []
  for (const [key, value] of Object.entries(base)) {
    const theirs = other[key]
    if (theirs === undefined) faults.push(`${name} lacks "${key}"`)
    else if (typeof theirs !== typeof value) faults.push(`${name}: "${key}" is not of the same kind`)
    else if (typeof value === "function" && (theirs as { length: number }).length !== value.length)
      faults.push(`${name}: "${key}" takes other arguments`)
    else if (typeof theirs === "string" && theirs.trim() === "") faults.push(`${name}: "${key}" is empty`)
  }
  for (const key of Object.keys(other))
    if (!(key in base)) faults.push(`${name} has "${key}", which nobody uses`)
  return faults
}

export const translations = (): Plugin => ({
  name: "teahouse:translations",
  buildStart() {
    const faults = compareTables(en, zh, "zh-CN")
    if (faults.length > 0) this.error(`Translations differ:\n  ${faults.join("\n  ")}`)
  },
})
