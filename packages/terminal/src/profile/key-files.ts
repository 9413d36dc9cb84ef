/**
 * Where a profile's store keys lie outside of a browser: a file for each, readable by its owner alone (0600 in a folder of 0700). Whoever can
 * read this user's files can read what the profile holds, as with an SSH key without a passphrase; signing out deletes the key.
 */

import { mkdirSync } from "node:fs"
import { open, readFile, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { importKey, type KeyBox } from "@teahouse/client/store/key-box.ts"

const KEY_BYTES = 32

export function keyFiles(folder: string): KeyBox {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const fileOf = (profile: string) => join(folder, `${Buffer.from(profile).toString("hex")}.key`)
  return {
    async load(profile) {
      try {
        const raw = await readFile(fileOf(profile))
        return raw.length === KEY_BYTES ? await importKey(raw) : undefined
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined
        throw error
      }
    },
    async save(profile, raw) {
      const key = await importKey(raw)
      const place = fileOf(profile)
      const file = await open(`${place}.new`, "w", 0o600)
      try {
        await file.writeFile(raw)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(`${place}.new`, place)
      return key
    },
    drop: (profile) => rm(fileOf(profile), { force: true }),
  }
}
