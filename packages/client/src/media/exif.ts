/** The one thing that we read of EXIF (a TIFF header and directories): which way up the picture is. 1 to 8; 1 is upright. */
import { latin1, u16, u16le, u32, u32le } from "./bytes.ts"

const ORIENTATION = 0x0112

export function orientationOf(tiff: Uint8Array): number {
  const order = latin1(tiff, 0, 2)
  if (order !== "II" && order !== "MM") return 1
  const short = order === "II" ? u16le : u16
  const long = order === "II" ? u32le : u32
  const directory = long(tiff, 4)
  if (directory === undefined) return 1
  const count = short(tiff, directory) ?? 0
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + i * 12
    if (short(tiff, entry) !== ORIENTATION) continue
    const value = short(tiff, entry + 8) ?? 1
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

/** EXIF that says nothing but the orientation, big-endian, for a JPEG that is too large to be turned. */
export const onlyOrientation = (orientation: number): Uint8Array =>
  Uint8Array.of(
    ...[0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8],
    ...[0, 1, ORIENTATION >> 8, ORIENTATION & 0xff, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  )
