/** Whole or not at all, and never over one that is there: the content is on the disk before it has its name. */
import { randomUUID } from "node:crypto"
import { chmod, link, open, rename, unlink } from "node:fs/promises"

export async function writeOnce(path: string, content: string): Promise<void> {
  const draft = `${path}.${process.pid}.${randomUUID()}.new`
  const file = await open(draft, "w", 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, path)
    await chmod(path, 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return
    // A file system without links: then nothing keeps two programs that start at the same instant apart.
    await rename(draft, path)
  } finally {
    await unlink(draft).catch(() => {})
  }
}
