/** Where pictures are decoded and drawn: off the page's thread, and gone with its memory when the dialog closes. */
import type { Picture } from "@teahouse/client/media/format.ts"
import { preparePicture } from "./picture.ts"

export type Ask = {
  readonly id: number
  readonly format: Picture
  readonly file: Blob
  readonly original: boolean
}
export type Answer = { readonly id: number; readonly made?: Awaited<ReturnType<typeof preparePicture>> }

// One after another: two large pictures at once would take twice the memory and no less time.
let queue = Promise.resolve()
self.onmessage = ({ data }: MessageEvent<Ask>) => {
  const { id, format, file, original } = data
  queue = queue.then(async () => {
    const made = await preparePicture(format, file, original).catch(() => undefined)
    self.postMessage({ id, ...(made && { made }) } satisfies Answer)
  })
}
