/** Where files' ciphertexts lie on a plain disk: a folder for each account and file, a file for each piece. */
import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { FileStages } from "@teahouse/client/file/stage.ts"

export function folderStages(root: string): FileStages {
  return {
    async open(account) {
      const folder = join(root, account)
      await mkdir(folder, { recursive: true })
      return {
        async write(file, piece, bytes) {
          const home = join(folder, file)
          await mkdir(home, { recursive: true })
          await writeFile(join(home, `${piece}.new`), bytes)
          await rename(join(home, `${piece}.new`), join(home, String(piece)))
          return true
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
