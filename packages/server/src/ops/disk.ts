/** How much room a folder's disk has, bytes. undefined: a system that does not say it, or a folder on something that is no disk. */
import { statfs } from "node:fs/promises"

export async function diskOf(
  folder: string,
): Promise<{ readonly free: number; readonly size: number } | undefined> {
  try {
    const { bsize, blocks, bavail } = await statfs(folder)
    return { free: bavail * bsize, size: blocks * bsize }
  } catch {
    return undefined
  }
}
