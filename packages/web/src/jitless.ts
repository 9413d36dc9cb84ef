/** Our policy forbids `eval`; zod must not even try. Imported first, by the page and by the worker. */
import * as z from "zod/mini"

z.config({ jitless: true })
