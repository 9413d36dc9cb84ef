/** A stage in memory: for tests, and where a browser keeps nothing. */
import type { FileStage, FileStages } from "./stage.ts"

export function memoryStages(): FileStages {
  const all = new Map<string, FileStage>()
  return {
    async open(account) {
      const stage = all.get(account) ?? memoryStage()
      all.set(account, stage)
      return stage
    },
    async remove(account) {
      all.delete(account)
    },
  }
}

/** `maxBytes`: what the device has room for. */
export function memoryStage(maxBytes = Number.POSITIVE_INFINITY): FileStage {
  const files = new Map<string, Map<number, Uint8Array>>()
  let used = 0
  return {
    async write(file, piece, bytes) {
      const pieces = files.get(file) ?? new Map<number, Uint8Array>()
      const grows = bytes.length - (pieces.get(piece)?.length ?? 0)
      if (used + grows > maxBytes) return false
      used += grows
      pieces.set(piece, bytes.slice())
      files.set(file, pieces)
      return true
    },
    read: async (file, piece, from, to) => files.get(file)?.get(piece)?.slice(from, to),
    async remove(file) {
      for (const piece of files.get(file)?.values() ?? []) used -= piece.length
      files.delete(file)
    },
    list: async () => [...files.keys()],
    room: async () => ({ used }),
  }
}
