/**
 * Where a profile's store keys lie outside of a browser: a file for each, readable by its owner alone (0600 in a folder of 0700). Whoever can
 * read this user's files can read what the profile holds, as with an SSH key without a passphrase; signing out deletes the key.
 *
 * The key is followed by the beginning of its SHA-256, so that a wrong bit makes it a lost key, which the password brings back, and not another
 * key, under which all of the store would look damaged. A file of 32 bytes is one of an older version.
 */
import { createHash } from "node:crypto"
import { mkdirSync } from "node:fs"
import { open, readFile, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { importKey, type KeyBox } from "@teahouse/client/store/key-box.ts"

const KEY_BYTES = 32
const SUM_BYTES = 8
const sumOf = (raw: Uint8Array) => createHash("sha256").update(raw).digest().subarray(0, SUM_BYTES)

/** Undefined: it is not whole. */
function keyIn(file: Buffer): Uint8Array | undefined {
  const raw = file.subarray(0, KEY_BYTES)
  if (file.length === KEY_BYTES) return raw
  return file.length === KEY_BYTES + SUM_BYTES && sumOf(raw).equals(file.subarray(KEY_BYTES))
    ? raw
    : undefined
}

/** `onDamaged`: the file is there, and no key. */
export function keyFiles(folder: string, onDamaged: (file: string) => void = () => {}): KeyBox {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const fileOf = (profile: string) => join(folder, `${Buffer.from(profile).toString("hex")}.key`)
  return {
    async load(profile) {
      try {
        const raw = keyIn(await readFile(fileOf(profile)))
        if (raw) return await importKey(raw)
        onDamaged(fileOf(profile))
        return undefined
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
        await file.writeFile(Buffer.concat([raw, sumOf(raw)]))
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
