/** Browser tests see the page as it is in this tree, whichever way they are started. */
import { buildWeb } from "../scripts/build-web.mjs"

export default function setup(): void {
  buildWeb()
}
