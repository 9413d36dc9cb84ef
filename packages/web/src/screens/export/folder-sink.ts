/**
 * Into a folder that the person chose. In each folder stands `teahouse.json`, which says whose it is: a later run finds its
 * own folders by it and goes on in them, and no folder of somebody else's is ever written into.
 */
import { freeName, savedName } from "@teahouse/client/view/file-name.ts"
import type { Bytes, ChatFolder, Sink } from "./sink.ts"

const MARK = "teahouse.json"

export function folderSink(root: FileSystemDirectoryHandle): Sink {
  const given = new Set<string>()
  return {
    async folder(title, mark) {
      const wanted = savedName(title)
      for (let name = wanted; ; name = freeName(wanted, (one) => given.has(one.toLowerCase()))) {
        given.add(name.toLowerCase())
        const there = await existing(root, name)
        if (there === "file" || (there && (await markOf(there)) !== mark)) continue
        const place = there ?? (await root.getDirectoryHandle(name, { create: true }))
        const folder = chatFolder(place)
        if (!there) await folder.write(MARK, once(JSON.stringify({ teahouse: mark })))
        return folder
      }
    },
  }
}

async function* once(text: string): Bytes {
  yield new TextEncoder().encode(text)
}

async function existing(
  root: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemDirectoryHandle | "file" | undefined> {
  try {
    return await root.getDirectoryHandle(name)
  } catch (error) {
    if (is(error, "NotFoundError")) return undefined
    if (is(error, "TypeMismatchError")) return "file"
    throw error
  }
}

async function markOf(folder: FileSystemDirectoryHandle): Promise<unknown> {
  try {
    const file = await (await folder.getFileHandle(MARK)).getFile()
    if (file.size > 1_000) return undefined
    return (JSON.parse(await file.text()) as { teahouse?: unknown } | null)?.teahouse
  } catch {
    // Not there, or not ours to read.
    return undefined
  }
}

function chatFolder(folder: FileSystemDirectoryHandle): ChatFolder {
  const at = async (path: string, create: boolean): Promise<[FileSystemDirectoryHandle, string]> => {
    const parts = path.split("/")
    const name = parts.pop() ?? path
    let place = folder
    for (const part of parts) place = await place.getDirectoryHandle(part, { create })
    return [place, name]
  }
  return {
    async has(path, size) {
      try {
        const [place, name] = await at(path, false)
        return (await (await place.getFileHandle(name)).getFile()).size === size
      } catch {
        return false
      }
    },
    async write(path, bytes) {
      const [place, name] = await at(path, true)
      const [handle, got] = await place.getFileHandle(name, { create: true }).then(
        (made) => [made, name] as const,
        async (error: unknown) => {
          // Endings that the browser lets nobody write, such as .lnk.
          if (!(error instanceof TypeError)) throw error
          return [await place.getFileHandle(`${name}_`, { create: true }), `${name}_`] as const
        },
      )
      const out = await handle.createWritable()
      try {
        for await (const chunk of bytes) await out.write(chunk)
        await out.close()
      } catch (error) {
        await out.abort().catch(() => {})
        // Made empty above; what an earlier run had written stays.
        const left = await handle.getFile().catch(() => undefined)
        if (left?.size === 0) await place.removeEntry(got).catch(() => {})
        throw error
      }
      return path.slice(0, path.length - name.length) + got
    },
  }
}

const is = (error: unknown, name: string) => error instanceof DOMException && error.name === name
