/** Zooming and moving in the viewer, as numbers. The point under the finger or pointer stays where it is. Pure. */
export type Transform = {
  readonly scale: number
  readonly x: number
  readonly y: number
  readonly turn: number
}
export type Point = { readonly x: number; readonly y: number }

export const [MIN_SCALE, MAX_SCALE] = [1, 8]
export const still: Transform = { scale: 1, x: 0, y: 0, turn: 0 }

/** `at`: from the middle of the stage. */
export function zoomed(from: Transform, factor: number, at: Point): Transform {
  const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, from.scale * factor))
  if (scale === MIN_SCALE) return { ...still, turn: from.turn }
  const ratio = scale / from.scale
  return { ...from, scale, x: at.x - (at.x - from.x) * ratio, y: at.y - (at.y - from.y) * ratio }
}

/** Never so far that nothing is left on the stage. */
export function moved(
  from: Transform,
  by: Point,
  stage: { readonly width: number; readonly height: number },
) {
  const limit = (value: number, side: number) => {
    const most = (side * from.scale) / 2
    return Math.min(most, Math.max(-most, value))
  }
  return { ...from, x: limit(from.x + by.x, stage.width), y: limit(from.y + by.y, stage.height) }
}

export const turned = (from: Transform): Transform => ({ ...still, turn: from.turn + 90 })
export const cssOf = ({ scale, x, y, turn }: Transform): string =>
  `translate(${x}px, ${y}px) scale(${scale}) rotate(${turn}deg)`
