/**
 * A house writes into its data folder where it is open, so that a second double click leads to it instead of failing. What is
 * written may be left over from one that was killed: so whoever reads it asks there, and believes only the very house
 * to which the folder belongs.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { get as getPlain } from "node:http"
import { get as getSecure } from "node:https"
import { join } from "node:path"
import { HOUSE_FILE } from "@teahouse/server/house/house.ts"

const ADDRESS_FILE = "address.txt"
/** It is this machine that is asked. */
const PATIENCE_MS = 3_000
const MOST = 65_536

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
    const { house } = JSON.parse(await ask(new URL("/api/house", url))) as { house?: unknown }
    return typeof own === "string" && house === own ? url : undefined
  } catch {
    return undefined
  }
}

/** Whatever the certificate is: it is this very machine, and nothing secret is asked or said. */
const ask = (url: URL) =>
  new Promise<string>((done, failed) => {
    const get = url.protocol === "https:" ? getSecure : getPlain
    const asked = get(url, { timeout: PATIENCE_MS, rejectUnauthorized: false, agent: false }, (answer) => {
      let text = ""
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part
        if (text.length > MOST) asked.destroy(new Error("too much"))
      })
      answer.on("end", () => done(text)).on("error", failed)
    })
    asked.on("timeout", () => asked.destroy(new Error("silent"))).on("error", failed)
  })
