/** Files into a folder: the one that a person asks for, and those that come while the chat is open. */
import { createWriteStream, existsSync, mkdirSync } from "node:fs"
import { rename, rm } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import type { Client } from "@teahouse/client/client.ts"
import { freeName, savedName } from "@teahouse/client/view/file-name.ts"
import type { FileAt } from "@teahouse/client/view/port/files.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"

const PART = 1024 * 1024

export type Files = {
  readonly client: Pick<Client, "command" | "files">
  /** Where files go; undefined: those that come are not saved by themselves. */
  folder(): string
  automatic(): boolean
  setFolder(folder: string | undefined): void
}

/** The person's own folder for what they get, else one in the profile. */
export function defaultFolder(profileFolder: string, home = homedir()): string {
  const downloads = join(home, "Downloads")
  return existsSync(downloads) ? join(downloads, "Teahouse") : join(profileFolder, "saved")
}

/** Under a name that is free, whole or not at all. Gives its path, or an error kind or system code. */
export async function saveFile(
  { command, files }: Pick<Client, "command" | "files">,
  at: FileAt,
  folder: string,
): Promise<Result<string, string>> {
  const opened = await command("openFile", at)
  if (!opened.ok) return err(opened.error.kind)
  const { url, name, size } = opened.value
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const free = freeName(
      savedName(name),
      (one) => existsSync(join(folder, one)) || existsSync(join(folder, `${one}.part`)),
    )
    const path = join(folder, free)
    try {
      await pipeline(
        partsOf(files, url, size),
        createWriteStream(`${path}.part`, { flags: "wx", mode: 0o600 }),
      )
      await rename(`${path}.part`, path)
    } catch (error) {
      await rm(`${path}.part`, { force: true })
      throw error
    }
    return ok(path)
  } catch (error) {
    return err((error as NodeJS.ErrnoException).code ?? "file_gone")
  } finally {
    await command("closeFile", { url })
  }
}

/** All of it, where it is no larger than `most`. */
export async function readFile(
  { command, files }: Pick<Client, "command" | "files">,
  at: FileAt,
  most: number,
): Promise<Uint8Array | undefined> {
  const opened = await command("openFile", at)
  if (!opened.ok) return undefined
  const { url, size } = opened.value
  try {
    if (size > most) return undefined
    const parts: Uint8Array[] = []
    for await (const part of partsOf(files, url, size)) parts.push(part)
    return Buffer.concat(parts)
  } catch {
    return undefined
  } finally {
    await command("closeFile", { url })
  }
}

async function* partsOf(files: Client["files"], url: string, size: number): AsyncIterable<Uint8Array> {
  const name = url.slice(url.lastIndexOf("/") + 1)
  for (let from = 0; from < size; ) {
    const part = await files.read(name, from, Math.min(size, from + PART))
    if (!part || part.length === 0) throw new Error("the file ended before its end")
    yield part
    from += part.length
  }
}
