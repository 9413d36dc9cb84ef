/** An import, step by step (port/imports.ts says what each does). */
import { err, ok } from "@teahouse/protocol/result.ts"
import type { AnyFile } from "../../content/file.ts"
import { IMPORTS_MAX } from "../../content/notebook.ts"
import { SEGMENT } from "../../history/history.ts"
import { isSameImport } from "../../imported/imports.ts"
import { IMPORT_LINES } from "../../imported/place.ts"
import { emptyBlocks, headOf, type LineToKeep, writeBlock } from "../../imported/write.ts"
import type { ImportCommands, ImportLine, ImportOf } from "../port/imports.ts"
import { done, type Handlers, notFound } from "./handler.ts"

const NAME_MAX = 64
const sound = ({ title, digest, lines, first, last }: ImportOf): boolean =>
  title.length <= 100 && digest.length === 16 && lines > 0 && lines <= IMPORT_LINES && first >= 0 && last >= 0

export const importCommands: Handlers<keyof ImportCommands> = {
  async beginImport({ rooms, imports }, of) {
    const standing = rooms.get(of.room)?.state().meta.standing
    if (!standing || standing === "pending") return notFound
    if (!sound(of)) return err({ kind: "invalid_message" })
    const known = imports.known().find((one) => isSameImport(one, of))
    if (!known && imports.known().length >= IMPORTS_MAX) return err({ kind: "storage_full" })
    return ok({ known: known?.on === true })
  },

  async importBlock(home, { of, block, lines }) {
    const fits = block >= 0 && block * SEGMENT + lines.length <= of.lines && lines.length <= SEGMENT
    if (!home.rooms.get(of.room) || !sound(of) || !fits) return notFound
    const kept: LineToKeep[] = []
    for (const line of lines) kept.push(await withFile(line))
    await writeBlock(home, headOf(home, of), block, kept)
    return done

    async function withFile({ name, at, text, file: where }: ImportLine): Promise<LineToKeep> {
      const found = where && (await home.files.find(where))
      return { name: name.slice(0, NAME_MAX), at, text, ...(found ? { file: bare(found) } : {}) }
    }
  },

  async endImport(home, of) {
    if (!home.rooms.get(of.room) || !sound(of)) return notFound
    await home.imports.put(headOf(home, of))
    home.flush()
    return done
  },

  async dropImport(home, { room, import: digest }) {
    const head = home.imports.of(room).find((one) => isSameImport(one, { room, digest }))
    if (!head) return notFound
    await home.imports.put({ ...head, on: false, at: home.clock() })
    await emptyBlocks(home, head)
    home.flush()
    return done
  },
}

/** Of a file message what makes it a file, and nothing of the message. */
const bare = ({
  blob,
  token,
  key,
  header,
  size,
  sealedSize,
  sha256,
  name,
  type,
  media,
}: AnyFile): AnyFile => ({
  ...{ blob, token, key, header, size, sealedSize, sha256, name, type },
  ...(media ? { media } : {}),
})
