/**
 * The stage in the browser's private file system: a folder for each account, one for each file, a file for each piece. A piece
 * is written beside and put in place when it is closed, so one that is there is whole. Where a browser has no such file system,
 * or forbids it (private windows), pieces are records of IndexedDB.
 */

import { idbStages } from "@teahouse/client/file/idb-stage.ts"
import type { FileStage, FileStages } from "@teahouse/client/file/stage.ts"

/** Names of ours are base64url ids; some file systems do not tell `A` from `a`. */
const nameOf = (id: string) => Array.from(id, (c) => c.charCodeAt(0).toString(16)).join("")
const idOf = (name: string) => name.replace(/../g, (hex) => String.fromCharCode(Number.parseInt(hex, 16)))

type Folder = FileSystemDirectoryHandle
type Listed = { keys(): AsyncIterable<string> }

export function webStages(slot: string): FileStages {
  const root = async (): Promise<Folder> => {
    const top = await navigator.storage.getDirectory()
    return (await top.getDirectoryHandle("files", { create: true })).getDirectoryHandle(slot, {
      create: true,
    })
  }
  let fallback: FileStages | undefined
  const usable = async (): Promise<Folder | undefined> => {
    try {
      const folder = await root()
      // Some browsers give handles out that cannot be written in a worker.
      const probe = await folder.getFileHandle("probe", { create: true })
      await (await probe.createWritable()).close()
      return folder
    } catch {
      return undefined
    }
  }
  return {
    async open(account) {
      const folder = await usable()
      if (folder) return opfsStage(await folder.getDirectoryHandle(nameOf(account), { create: true }))
      fallback ??= idbStages(slot, estimate)
      return fallback.open(account)
    },
    async remove(account) {
      await (await root().catch(() => undefined))
        ?.removeEntry(nameOf(account), { recursive: true })
        .catch(() => {})
      await (fallback ?? idbStages(slot, estimate)).remove(account)
    },
  }
}

function opfsStage(folder: Folder): FileStage {
  return {
    async write(file, piece, bytes) {
      try {
        const home = await folder.getDirectoryHandle(nameOf(file), { create: true })
        const handle = await home.getFileHandle(String(piece), { create: true })
        const writable = await handle.createWritable()
        await writable.write(bytes as Uint8Array<ArrayBuffer>)
        await writable.close()
        return true
      } catch (error) {
        if (isFull(error)) return false
        throw error
      }
    },
    async read(file, piece, from, to) {
      try {
        const home = await folder.getDirectoryHandle(nameOf(file))
        const blob = await (await home.getFileHandle(String(piece))).getFile()
        // An empty file is one whose first writing was cut off.
        return blob.size < to ? undefined : new Uint8Array(await blob.slice(from, to).arrayBuffer())
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    async remove(file) {
      await folder.removeEntry(nameOf(file), { recursive: true }).catch((error: unknown) => {
        if (!isMissing(error)) throw error
      })
    },
    async list() {
      const names: string[] = []
      for await (const name of (folder as unknown as Listed).keys()) names.push(idOf(name))
      return names
    },
    room: estimate,
  }
}

async function estimate(): Promise<{ readonly used?: number; readonly quota?: number }> {
  const { usage, quota } = await navigator.storage.estimate()
  return { ...(usage === undefined ? {} : { used: usage }), ...(quota === undefined ? {} : { quota }) }
}

const isFull = (error: unknown): boolean => (error as Error | null)?.name === "QuotaExceededError"
const isMissing = (error: unknown): boolean => (error as Error | null)?.name === "NotFoundError"
