/** How this program was delivered: what differs between its source tree and one executable file, and nothing else does. */
import type { Assets } from "@teahouse/server/assets.ts"

export type Program = {
  /** What an executable has inside; undefined: the files of the source tree. */
  readonly assets?: Assets
  /** The data folder where nobody names one. undefined: `data`, where the program was started. */
  readonly data?: string
  /** Somebody has double-clicked it: the browser is opened too, unless a flag says otherwise. */
  readonly clicked: boolean
}

export const fromSource: Program = { clicked: false }
