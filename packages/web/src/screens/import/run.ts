/** The import as the page does it: over its port, with pictures made ready like any that are sent. */
import { type ImportProgress, type ImportReport, runImport } from "@teahouse/client/import/run.ts"
import type { CommandError } from "@teahouse/client/view/port/basic.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { openPainter } from "../../media/painter.ts"
import { prepare } from "../../media/prepare.ts"
import type { Found } from "./picked.ts"

/** The house or this device said no; what had come until then is shown nowhere. */
export class Refused extends Error {
  readonly error: CommandError
  constructor(error: CommandError) {
    super(error.kind)
    this.error = error
  }
}

export async function importInto(
  port: ClientPort,
  { read, source, file }: Found,
  { room, self }: { readonly room: Id; readonly self: Id },
  signal: AbortSignal,
  progress: (done: ImportProgress) => void,
): Promise<ImportReport> {
  const painter = openPainter()
  try {
    return await runImport(
      read,
      { room, self, source },
      {
        async must(name, args) {
          const answer = await port.command(name, args)
          if (!answer.ok) throw new Refused(answer.error)
          return answer.value
        },
        async file(path, name) {
          const found = await file(path)
          if (typeof found === "string") return found
          const { source: bytes, type, media } = await prepare(found, false, painter)
          return { source: bytes, name, type, ...(media ? { media } : {}) }
        },
        stored: (where, key) => stored(port, where, key, signal),
        // Begun again, it sends its files again.
        sent: { get: () => undefined, set: () => {} },
        progress,
        stopped: () => signal.aborted,
      },
    )
  } finally {
    painter.close()
  }
}

function stored(port: ClientPort, room: Id, key: string, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((done) => {
    let stop = () => {}
    const end = (seq: number | undefined) => {
      setTimeout(() => stop())
      done(seq)
    }
    signal.addEventListener("abort", () => end(undefined), { once: true })
    stop = port.subscribe("timeline", { room, around: "end", limit: 50 }, ({ items }) => {
      const item = items.find((one) => one.key === key)
      if (item?.seq !== undefined) end(item.seq)
      else if (item?.type === "message" && item.delivery === "refused") end(undefined)
    })
  })
}
