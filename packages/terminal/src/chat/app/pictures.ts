/** The small pictures inside of messages, decoded once and drawn for the width that there is. */
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type Drawing, drawPicture } from "../picture/draw.ts"
import { cellsFor, decodeHash, decodePicture, type Pixels } from "../picture/pixels.ts"
import type { Shell } from "./shell.ts"

const [COLUMNS, ROWS] = [40, 10]
/** So many stay; older ones are decoded again. */
const KEPT = 60

export type Pictures = {
  of(
    room: Id,
    box: { readonly width: number; readonly height: number },
  ): (item: MessageItem) => Drawing | "none" | undefined
}

export function createPictures(shell: Pick<Shell, "port" | "able" | "redraw" | "run">): Pictures {
  const drawn = new Map<string, Drawing | "none" | undefined>()
  const keep = (key: string, value: Drawing | "none" | undefined) => {
    drawn.delete(key)
    drawn.set(key, value)
    const [oldest] = drawn.keys()
    if (drawn.size > KEPT && oldest !== undefined) drawn.delete(oldest)
  }
  const pixelsOf = async (room: Id, item: MessageItem): Promise<Pixels | undefined> => {
    if (item.body.kind !== "file") return undefined
    const { media } = item.body.file
    const at = { room, key: item.key, ...(item.seq === undefined ? {} : { seq: item.seq }) }
    const answer = media?.thumb ? await shell.port.command("filePreview", at) : undefined
    const thumb = answer?.ok ? answer.value.thumb : null
    const pixels = thumb ? await decodePicture(thumb) : undefined
    return pixels ?? (media?.thumbhash ? decodeHash(media.thumbhash) : undefined)
  }
  return {
    of: (room, box) => (item) => {
      const most = { columns: Math.min(COLUMNS, box.width - 6), rows: Math.min(ROWS, box.height - 2) }
      const able = shell.able()
      const key = `${item.key} ${most.columns}x${most.rows} ${able.graphics} ${able.cell.width}`
      if (drawn.has(key)) return drawn.get(key)
      keep(key, undefined)
      if (most.columns < 8 || most.rows < 3) return undefined
      shell.run(async () => {
        const pixels = await pixelsOf(room, item)
        keep(key, pixels ? await drawPicture(pixels, cellsFor(enlarged(pixels), most), able) : "none")
        shell.redraw()
      })
      return undefined
    },
  }
}

/** A thumbnail is small, and is to be seen. */
const enlarged = ({ width, height }: Pixels) => ({ width: width * 16, height: height * 16 })
