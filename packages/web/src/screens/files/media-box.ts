/** UX 14: how much room a picture takes, known from the message before anything of it is there. Pure. */
const [MAX, MIN] = [320, 80]
/** A sticker that is smaller could not be hit. */
const STICKER_MIN = 24
/** What has no size of its own, from a sender who did not say. */
const UNKNOWN = { width: 240, height: 180 }

export type Box = { readonly width: number; readonly height: number }

export function mediaBox(size: { readonly width?: number; readonly height?: number }): Box {
  const { width, height } = size
  if (!width || !height) return UNKNOWN
  // A line of one pixel gets a box that can be hit; what does not fill it is letterboxed.
  return boxOf(width, height, MAX, MIN)
}

export const stickerBox = ({ width, height }: Box, side: number): Box =>
  boxOf(width, height, side, STICKER_MIN)

function boxOf(width: number, height: number, max: number, min: number): Box {
  const scale = Math.min(1, max / Math.max(width, height))
  const fit = (side: number) => Math.min(max, Math.max(min, Math.round(side * scale)))
  return { width: fit(width), height: fit(height) }
}
