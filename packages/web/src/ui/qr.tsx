/** A text as a QR code: one SVG path, dark on light in every theme, because scanners want it so. */
import { encode } from "uqr"

/** Modules of quiet zone around it (ISO/IEC 18004). */
const BORDER = 4

export function Qr({ value, label }: { readonly value: string; readonly label: string }) {
  const { size, data } = encode(value, { ecc: "M", border: BORDER })
  const path = data
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join("")
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} className="mx-auto size-52 rounded-xl">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  )
}
