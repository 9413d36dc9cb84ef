/**
 * The built web app, by a table made once at start: a path that is not in the table does not exist, so there is no path
 * to climb out of. Everything below /assets/ carries a hash in its name and may be kept for ever; everything else is
 * asked for anew each time (by its tag). `/`, the account slots `/1/`, `/2/` … and `/join`, where a group's link leads
 * (its secret stays in the fragment), are the one page of the app, and a missing asset is a 404, never that page: a browser
 * that got HTML for a script would only fail in a stranger way.
 * Rejected: @fastify/static, which brings a dozen packages to answer for forty known files.
 */
import { createHash } from "node:crypto"
import { type Dirent, readdirSync, readFileSync } from "node:fs"
import { extname, join } from "node:path"
import { promisify } from "node:util"
import { brotliCompress, constants, gzip } from "node:zlib"
import type { FastifyReply, FastifyRequest } from "fastify"
import type { Page } from "../assets.ts"

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".mp3": "audio/mpeg",
  ".ogg": "audio/ogg",
  ".txt": "text/plain; charset=utf-8",
}
const compressible = /^(?:text\/|application\/(?:json|manifest|wasm)|image\/svg)/

type File = {
  readonly type: string
  readonly bytes: Uint8Array
  readonly tag: string
  readonly cache: string
  /** Compressed at the first request that takes it. */
  readonly packed: Map<"br" | "gzip", Promise<Buffer>>
}

export type StaticFiles = {
  answer(request: FastifyRequest, reply: FastifyReply, path: string): Promise<FastifyReply>
}

/** `page` is read once; if nothing is in it, the answer says how to make it. */
export function createStaticFiles(page: Page): StaticFiles {
  const files = new Map<string, File>()
  for (const [path, bytes] of page) {
    const type = types[extname(path)]
    if (type === undefined) throw new Error(`nobody knows what kind of file ${path} is`)
    const cache = path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache"
    const tag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`
    files.set(encodeURI(path), { type, bytes, tag, cache, packed: new Map() })
  }
  return {
    async answer(request, reply, path) {
      if (request.method !== "GET" && request.method !== "HEAD")
        return reply.code(405).header("allow", "GET, HEAD").type("text/plain").send("405\n")
      if (/^\/[1-9]\d{0,2}$/.test(path)) return reply.redirect(`${path}/`, 308)
      // Below a slot every address is a place in the app (`/1/chats/…`); nothing else is served there.
      const isPage = path === "/" || /^\/(?:[1-9]\d{0,2}\/|join\/?$)/.test(path)
      const file = files.get(isPage ? "/index.html" : path)
      if (file) return serve(file, request, reply)
      if (isPage) return reply.code(503).type("text/plain; charset=utf-8").send(unbuilt)
      return reply
        .code(404)
        .type("text/plain; charset=utf-8")
        .header("cache-control", "no-store")
        .send("404\n")
    },
  }
}

const unbuilt =
  "The web app has not been built yet. Start the house with “npm start”, which builds it.\n" +
  "网页尚未构建。请用 “npm start” 启动，它会自动构建。\n"

/** The page in a folder; nothing where it has not been built. */
export function* pageIn(folder: string, below = ""): Page {
  let entries: Dirent[]
  try {
    entries = readdirSync(join(folder, below), { withFileTypes: true })
  } catch {
    return
  }
  for (const entry of entries) {
    const path = `${below}/${entry.name}`
    if (entry.isDirectory()) yield* pageIn(folder, path)
    else if (entry.isFile() && isPageFile(path)) yield [path, readFileSync(join(folder, path))]
  }
}

/** Only kinds of files that a page is made of: no source maps, no leftovers. */
const isPageFile = (path: string) => types[extname(path)] !== undefined

async function serve(file: File, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.type(file.type).header("cache-control", file.cache).header("etag", file.tag)
  if (request.headers["if-none-match"]?.includes(file.tag)) return reply.code(304).send()
  if (!compressible.test(file.type) || file.bytes.length < 1024) return reply.send(file.bytes)
  reply.header("vary", "accept-encoding")
  const accepted = String(request.headers["accept-encoding"] ?? "")
  const coding = /\bbr\b/.test(accepted) ? "br" : /\bgzip\b/.test(accepted) ? "gzip" : undefined
  if (!coding) return reply.send(file.bytes)
  let packed = file.packed.get(coding)
  if (!packed) {
    packed = pack[coding](file.bytes)
    file.packed.set(coding, packed)
  }
  return reply.header("content-encoding", coding).send(await packed)
}

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)
const pack = {
  // 9 of 11: the last two steps take ten times as long for two percent.
  br: (bytes: Uint8Array): Promise<Buffer> =>
    brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (bytes: Uint8Array): Promise<Buffer> => zip(bytes, { level: 9 }),
}
