/** One thing that grows, with everything that is measured of it. `far`: as far as a machine of one's own would be asked. */
import type { Picture } from "./plot.ts"

/** `file`: of the picture, without its ending. */
export type Drawn = Picture & { readonly file: string }
export type Axis = (quick: boolean, far: boolean) => Promise<readonly Drawn[]>
