/** An import, step by step (port/imports.ts says what each does). */
import { err, ok } from "@teahouse/protocol/result.ts"
import type { AnyFile } from "../../content/file.ts"
import { IMPORTS_MAX } from "../../content/notebook.ts"
import { SEGMENT } from "../../history/history.ts"
import type { Home } from "../../home.ts"
import { type ImportHead, isSameImport } from "../../imported/imports.ts"
import { IMPORT_LINES } from "../../imported/place.ts"
import { emptyBlocks, headOf, isEmptied, isWhole, type LineToKeep, writeBlock } from "../../imported/write.ts"
import type { ImportCommands, ImportLine, ImportOf } from "../port/imports.ts"
import { done, type Handlers, notFound } from "./handler.ts"

const NAME_MAX = 64
const sound = ({ title, digest, lines, first, last }: ImportOf): boolean =>
  title.length <= 100 && digest.length === 16 && lines > 0 && lines <= IMPORT_LINES && first >= 0 && last >= 0

export const importCommands: Handlers<keyof ImportCommands> = {
  async ownImports({ imports }) {
    return ok({ imports: imports.known().filter(({ on }) => on) })
  },

  async importedLines(home, of) {
    const { linesThere } = await import("../../imported/lines-there.ts")
    return ok({ keys: await linesThere(home, of) })
  },

  async beginImport(home, of) {
    const { rooms, imports } = home
    const standing = rooms.get(of.room)?.state().meta.standing
    if (!standing || standing === "pending") return notFound
    if (!sound(of)) return err({ kind: "invalid_message" })
    const known = imports.known().find((one) => isSameImport(one, of))
    if (!known && imports.known().length >= IMPORTS_MAX) return err({ kind: "storage_full" })
    if (!known?.on) return ok({ known: false })
    if (await isEmptied(home, known)) {
      // Its deletion was cut off. What was deleted stays so: it ends, and the same lines come to blocks of their own.
      await drop(home, known)
      return ok({ known: false })
    }
    // Noted and not here: the same import fills the same blocks.
    return ok({ known: await isWhole(home, known) })
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
    const head = headOf(home, of)
    if (!(await isWhole(home, head))) return notFound
    await home.imports.put(head)
    home.flush()
    return done
  },

  async dropImport(home, { room, import: digest }) {
    const head = home.imports.of(room).find((one) => isSameImport(one, { room, digest }))
    if (!head) return notFound
    await drop(home, head)
    return done
  },
}

/** Noted last: while it is not, whoever sees a line of it can delete it again, and so can whoever imports it again. */
async function drop(home: Home, head: ImportHead): Promise<void> {
  await emptyBlocks(home, head)
  await home.imports.put({ ...head, on: false, at: home.clock() })
  home.flush()
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
