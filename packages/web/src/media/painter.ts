/** The page's end of the media worker. One worker for each open dialog. */

import type { Picture } from "@teahouse/client/media/format.ts"
import { scriptUrl } from "../trusted-types.ts"
import type { Answer, Ask } from "./media-worker.ts"
import workerUrl from "./media-worker.ts?worker&url"
import type { PreparedPicture } from "./picture.ts"

export type Painter = {
  picture(format: Picture, file: Blob, original: boolean): Promise<PreparedPicture>
  close(): void
}

export function openPainter(): Painter {
  let worker: Worker | undefined
  let last = 0
  const waiting = new Map<number, { file: Blob; done: (made: PreparedPicture) => void }>()
  const answer = (id: number, made: PreparedPicture | undefined) => {
    const one = waiting.get(id)
    waiting.delete(id)
    one?.done(made ?? { file: one.file, plain: "uncleaned" })
  }
  const start = () => {
    const started = new Worker(scriptUrl(workerUrl), { type: "module" })
    started.onmessage = ({ data }: MessageEvent<Answer>) => answer(data.id, data.made)
    // Out of memory, most likely. What waits goes as plain files, and the next one gets a fresh worker.
    started.onerror = () => {
      worker = undefined
      for (const id of [...waiting.keys()]) answer(id, undefined)
    }
    return started
  }
  return {
    picture: (format, file, original) =>
      new Promise((done) => {
        const id = ++last
        waiting.set(id, { file, done })
        worker ??= start()
        worker.postMessage({ id, format, file, original } satisfies Ask)
      }),
    close: () => worker?.terminate(),
  }
}
