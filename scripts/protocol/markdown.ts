/** docs/protocol.md as text: every table, bound and example comes from the schemas, every explanation from beside them. */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { errorKinds, errors } from "@teahouse/protocol/error.ts"
import { sentences } from "@teahouse/protocol/error-sentence.ts"
import { type Access, numberParams } from "@teahouse/protocol/http/route.ts"
import { API, SOCKET_PATH } from "@teahouse/protocol/http.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { downs, ups } from "@teahouse/protocol/samples.fixture.ts"
import { protocolVersion, VERSION_HEADER, versionText } from "@teahouse/protocol/version.ts"
import { encodeDown, encodeUp } from "@teahouse/protocol/wire.ts"
import { type Commented, headOf, noComment } from "./comments.ts"
import { example } from "./example.ts"
import { defOf } from "./schema-def.ts"
import { frames, partComments, partName, routesBySection, sections, shared, type Told } from "./tables.ts"
import { isOptional, words } from "./words.ts"

export const accessWords: Record<Access, string> = {
  none: "anybody",
  session: "a session",
  device: "a session with a device",
  fresh: "a session whose password was proved within the last five minutes",
  renew: "the same, or a session that the recovery code opened within that time",
  admin: "a session with a device, of an administrator",
}

/** Bytes as base64url: how a frame is shown. Its ids are text already. */
export const shown = (frame: unknown): string =>
  JSON.stringify(frame, (_, value) => (value instanceof Uint8Array ? toBase64url(value) : value), 2)

const cell = (text: string) => text.replaceAll("\n", " ").replaceAll("|", "\\|")

function fieldTable(schema: unknown, comment: Commented): string[] {
  const name = partName(schema)
  if (name !== undefined) return [`[${name}](#${name.toLowerCase()})`]
  const def = defOf(schema)
  if (def?.type !== "object") return [words(schema, partName)]
  const rows = Object.entries(def.shape as object)
  if (rows.length === 0) return ["`{}`"]
  return ["| field | what | |", "| --- | --- | --- |", ...rows.map((row) => fieldRow(...row, comment))]
}

function fieldRow(name: string, schema: unknown, comment: Commented): string {
  const optional = isOptional(schema) ? "optional; " : ""
  return `| \`${name}\` | ${optional}${cell(words(schema, partName))} | ${cell(comment.fields.get(name) ?? "")} |`
}

const block = (info: string, text: string) => ["", `\`\`\`${info}`, text, "```"]
const json = (value: unknown) => JSON.stringify(value, null, 2)

const bodyTitle = (title: string, said: string | undefined) =>
  said === undefined ? [`**${title}**`] : [`**${title}** ${said}`]

function routeText({ name, route, comment }: Told): string[] {
  const out = [
    "",
    `### ${name}`,
    "",
    `\`${route.method} ${API}${route.path}\` — ${accessWords[route.access]}`,
  ]
  if (comment.text) out.push("", comment.text)
  if (route.maxBytes) out.push("", `At most ${route.maxBytes.toLocaleString("en-US")} bytes.`)
  if (route.request) {
    out.push(
      "",
      ...bodyTitle(route.method === "GET" ? "Query" : "Request", comment.bodies.get("request")),
      "",
    )
    out.push(...fieldTable(route.request, comment))
    out.push(...block(`json ${name} request`, json(example(route.request))))
  }
  out.push(
    "",
    ...bodyTitle("Answer", comment.bodies.get("response")),
    "",
    ...fieldTable(route.response, comment),
  )
  out.push(...block(`json ${name} answer`, json(example(route.response))))
  return out
}

function frameText(way: "up" | "down"): string[] {
  return frames(way).flatMap(({ name, schema, comment }) => {
    const out = ["", `### ${way} ${name}`]
    if (comment.text) out.push("", comment.text)
    out.push("", ...fieldTable(schema, comment))
    for (const [title, frame] of Object.entries(way === "up" ? ups : downs)) {
      if (frame.t !== name) continue
      const bytes = way === "up" ? encodeUp(frame as never) : encodeDown(frame as never)
      out.push(...block(`json ${way}: ${title}`, shown(frame)))
      out.push(...block(`text ${way}: ${title}`, toBase64url(bytes)))
    }
    return out
  })
}

const opening = `# The protocol

Made by \`node scripts/protocol-docs.ts\` from the schemas in \`packages/protocol/src\`, and compared with them by a test: to change a word
here, change it there. The HTTP part is also in \`docs/openapi.json\` (OpenAPI 3.1). What a room promises stands in
[contract.md](contract.md), who can read which field in [threats.md](threats.md). What is inside of the encryption is not part of this
page: the house never sees it.

Version ${protocolVersion.major}.${protocolVersion.minor}. Peers speak with each other when their majors are equal; a minor is what an older peer can ignore.
A client names its own in \`hello\` and with each request, as \`${VERSION_HEADER}: ${versionText()}\`; another major is answered with \`unsupported_version\`. What a newer
minor has said is read without what is not known (docs/decisions/43): its unknown fields, unknown words of a list, unknown kinds of frames.

- **Ids** are 16 random bytes: base64url without padding (22 characters) in JSON and paths, raw in frames.
- **Bytes** are base64url without padding in JSON, raw in frames. **Times** are whole milliseconds since 1970, UTC.
- Everything else is parsed strictly: a field that is not named here makes a request or a frame \`malformed\`.

## HTTP

JSON in UTF-8, below \`${API}\`. A session is sent as \`Authorization: Bearer TOKEN\`, the token in base64url. GET takes its fields as a query, the
others as one JSON object; where a route names no request, the body is empty or \`{}\`. The parts of a path are ids, but for
${numberParams.map((name) => `\`:${name}\``).join(" and ")}, which are whole numbers. A body has at most ${limits.requestBytes.toLocaleString("en-US")} bytes where nothing else is said.
Every route may answer with a [refusal](#refusal) and its status; [the kinds](#kinds-of-refusal) stand at the end. The house answers under its
own names only (\`wrong_host\`), and to pages of its own only (\`wrong_origin\`).`

const socket = `
## The socket

A WebSocket at \`${SOCKET_PATH}\`, binary messages, one frame each: a MessagePack map whose \`t\` is its kind, at most ${limits.frameBytes.toLocaleString("en-US")} bytes on the
way up. The house begins with \`challenge\`; the client signs it with its device key in \`hello\`; after \`ready\` it subscribes and sends. A refusal of
the connection itself is \`failed\`, after which the socket closes; a socket closed with 1012 is to be opened again.

Examples are shown twice: as JSON with bytes in base64url, and as the frame's real bytes, in base64url too.`

export function protocolMarkdown(): string {
  const out = [opening]
  for (const [section, told] of routesBySection()) {
    out.push("", `## ${sections[section]}`, "", asText(headOf(`http/${section}.ts`)))
    for (const one of told) out.push(...routeText(one))
  }
  out.push("", "## Objects that several share")
  const comments = partComments()
  for (const [name, schema] of shared) {
    const comment = comments.get(name) ?? noComment
    out.push("", `### ${name}`, ...(comment.text ? ["", comment.text] : []), "")
    out.push(...objectTable(schema, comment))
  }
  out.push(socket, ...frameText("up"), ...frameText("down"), "", "## Kinds of refusal", "")
  out.push(
    "`never`: the same request will always be refused. `later`: unchanged, after `retryAfterMs` or a back-off.",
  )
  out.push("`refresh`: as a new request, after reading the state again.", "")
  out.push("| kind | status | again | 中文 | English |", "| --- | --- | --- | --- | --- |")
  for (const kind of errorKinds) {
    const { zh, en } = sentences[kind]
    out.push(`| \`${kind}\` | ${errors[kind].status} | ${errors[kind].retry} | ${cell(zh)} | ${cell(en)} |`)
  }
  return `${out.join("\n")}\n`
}

/** A part's own table: asked for by name, it would be a link to itself. */
function objectTable(schema: unknown, comment: Commented): string[] {
  const shape = (defOf(schema)?.shape ?? {}) as object
  return [
    ...["| field | what | |", "| --- | --- | --- |"],
    ...Object.entries(shape).map((row) => fieldRow(...row, comment)),
  ]
}

/** Indented lines of a comment are a listing, in Markdown too. */
const asText = (comment: string) => comment.replace(/^ {2,}/gm, "    ")
