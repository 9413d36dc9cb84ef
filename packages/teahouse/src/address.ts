/**
 * A house writes into its data folder where it is open, so that a second double click leads to it instead of failing. What is
 * written may be left over from one that was killed: so whoever reads it asks there, and believes only the very house
 * to which the folder belongs.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { HOUSE_FILE } from "@teahouse/server/house/house.ts"

const ADDRESS_FILE = "address.txt"
/** It is this machine that is asked. */
const PATIENCE_MS = 3_000

/** A folder in which this cannot be written has worse to say by itself. */
export function writeAddress(data: string, url: string): void {
  try {
    writeFileSync(join(data, ADDRESS_FILE), `${url}\n`, { mode: 0o600 })
  } catch {}
}

export function forgetAddress(data: string): void {
  rmSync(join(data, ADDRESS_FILE), { force: true })
}

/** Where the house of this folder answers at this moment. */
export async function addressOf(data: string): Promise<string | undefined> {
  try {
    const url = readFileSync(join(data, ADDRESS_FILE), "utf8").trim()
    const own: unknown = JSON.parse(readFileSync(join(data, HOUSE_FILE), "utf8")).house
    const answer = await fetch(new URL("/api/house", url), { signal: AbortSignal.timeout(PATIENCE_MS) })
    const { house } = (await answer.json()) as { house?: unknown }
    return typeof own === "string" && house === own ? url : undefined
  } catch {
    return undefined
  }
}
