/** `node scripts/protocol-docs.ts`: writes docs/protocol.md and docs/openapi.json anew; a test holds them to the schemas. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { protocolMarkdown } from "./protocol/markdown.ts"
import { openapi } from "./protocol/openapi.ts"

const docs = join(import.meta.dirname, "..", "docs")
writeFileSync(join(docs, "protocol.md"), protocolMarkdown())
writeFileSync(join(docs, "openapi.json"), `${JSON.stringify(openapi(), null, 2)}\n`)
