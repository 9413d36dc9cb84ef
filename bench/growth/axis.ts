/** One thing that grows, with everything that is measured of it. `far`: as far as a machine of one's own would be asked. */
import type { Curve } from "./curve.ts"
import type { Picture } from "./plot.ts"

/** `file`: of the picture, without its ending. */
export type Drawn = Picture & { readonly file: string }
export type Axis = (quick: boolean, far: boolean) => Promise<readonly Drawn[]>

/** Curves of what was measured together at each size `x`: each says by its key which of the measures it shows. */
export const curvesOf =
  <K extends string>(found: readonly Readonly<Record<"x" | K, number>>[]) =>
  (name: string, unit: string, key: K): Curve => ({
    ...{ name, unit, points: found.map((one) => ({ x: one.x, y: one[key] })) },
  })
