/** Where files' ciphertexts lie on a plain disk: a folder for each account and file, a file for each piece. */
import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { FileStages } from "@teahouse/client/file/stage.ts"

/** The disk is full, or what this person may keep on it. */
const NO_ROOM = new Set(["ENOSPC", "EDQUOT"])

export function folderStages(root: string): FileStages {
  return {
    async open(account) {
      const folder = join(root, account)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return {
        async write(file, piece, bytes) {
          const home = join(folder, file)
          const half = join(home, `${piece}.new`)
          try {
            await mkdir(home, { recursive: true, mode: 0o700 })
            await writeFile(half, bytes, { mode: 0o600 })
            await rename(half, join(home, String(piece)))
            return true
          } catch (error) {
            await rm(half, { force: true }).catch(() => {})
            if (NO_ROOM.has((error as NodeJS.ErrnoException).code ?? "")) return false
            throw error
          }
        },
        async read(file, piece, from, to) {
          try {
            const handle = await open(join(folder, file, String(piece)))
            try {
              const bytes = new Uint8Array(to - from)
              const { bytesRead } = await handle.read(bytes, 0, bytes.length, from)
              return bytesRead === bytes.length ? bytes : undefined
            } finally {
              await handle.close()
            }
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined
            throw error
          }
        },
        remove: (file) => rm(join(folder, file), { recursive: true, force: true }),
        list: () => readdir(folder),
        room: async () => ({}),
      }
    },
    remove: (account) => rm(join(root, account), { recursive: true, force: true }),
  }
}
