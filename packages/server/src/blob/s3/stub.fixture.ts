/**
 * An S3-compatible store for tests: path style, one bucket, PUT, GET with ranges, DELETE, ListObjectsV2. It checks each signature by
 * its own reading of Amazon's specification (“Signature Version 4 signing process”, “Authenticating requests: Authorization
 * header”), which knows nothing of the library that signs; and it can fail as stores do.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { S3Place } from "./bucket.ts"

export type Asked = { readonly method: string; readonly key: string }
/** What becomes of a request instead of an answer. */
export type Fault =
  | { readonly kind: "error"; readonly status: number; readonly code: string }
  /** Ends the connection: before anything is kept, after it is kept and before it is said, or in the middle of the answer. */
  | { readonly kind: "cut"; readonly when: "before" | "unsaid" | "answer" }

export type S3Stub = {
  readonly place: S3Place
  readonly objects: Map<string, Buffer>
  /** Requests whose signature was right, in order. */
  readonly asked: Asked[]
  /** Error codes given for what was not signed right. */
  readonly refused: string[]
  /** Looked at for each request that is signed right. */
  fault: (asked: Asked) => Fault | undefined
  /** How far its clock is from this machine's (ms). */
  clockMs: number
  /** Names in one page of a list. */
  pageSize: number
  /** Nobody answers; and again. */
  stop(): Promise<void>
  start(): Promise<void>
}

const ACCESS_KEY = "TEAHOUSESTUBACCESSKEY"
const SECRET_KEY = "stub/secret+key/for-tests-only-0123456789"
const SKEW_MS = 15 * 60_000

export async function openS3Stub(bucket = "tea-blobs"): Promise<S3Stub> {
  const region = "eu-test-1"
  let server = createServer()
  const objects = new Map<string, Buffer>()
  let port = 0

  const start = async () => {
    server = createServer((request, response) => {
      serve(request, response).catch(() => response.destroy())
    })
    await new Promise<void>((done) => server.listen(port, "127.0.0.1", done))
    port = (server.address() as AddressInfo).port
  }
  await start()
  const stub: S3Stub = {
    place: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket,
      region,
      accessKey: ACCESS_KEY,
      secretKey: SECRET_KEY,
      pathStyle: true,
    },
    objects,
    asked: [],
    refused: [],
    fault: () => undefined,
    clockMs: 0,
    pageSize: 1000,
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
    start,
  }

  function say(response: ServerResponse, status: number, code: string): void {
    response.writeHead(status, { "content-type": "application/xml" })
    response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message/></Error>`)
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts)
    const url = new URL(request.url ?? "/", stub.place.endpoint)
    const wrong = wrongWith(request, url, body)
    if (wrong) {
      stub.refused.push(wrong)
      return say(response, wrong === "XAmzContentSHA256Mismatch" ? 400 : 403, wrong)
    }
    const [, named, key = ""] = /^\/([^/]+)\/(.*)$/.exec(decodeURIComponent(url.pathname)) ?? []
    const asked = { method: request.method ?? "", key }
    stub.asked.push(asked)
    const fault = stub.fault(asked)
    if (fault?.kind === "error") return say(response, fault.status, fault.code)
    if (fault?.when === "before") return void request.socket.destroy()
    if (named !== bucket) return say(response, 404, "NoSuchBucket")
    const cut = fault?.when
    if (asked.method === "PUT") {
      objects.set(key, body)
      if (cut) return void request.socket.destroy()
      return void response.writeHead(200, { etag: '"x"' }).end()
    }
    if (asked.method === "DELETE") {
      objects.delete(key)
      if (cut) return void request.socket.destroy()
      return void response.writeHead(204).end()
    }
    if (asked.method !== "GET") return say(response, 405, "MethodNotAllowed")
    if (key === "" && url.searchParams.get("list-type") === "2") return list(url.searchParams, response)
    const object = objects.get(key)
    if (!object) return say(response, 404, "NoSuchKey")
    const [, first = "0", last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? []
    const from = Number(first)
    const to = Math.min(last === undefined ? object.length : Number(last) + 1, object.length)
    if (from >= object.length) return say(response, 416, "InvalidRange")
    const part = object.subarray(from, to)
    const range = { "content-range": `bytes ${from}-${to - 1}/${object.length}` }
    response.writeHead(last === undefined ? 200 : 206, { "content-length": part.length, ...range })
    if (!cut) return void response.end(part)
    response.write(part.subarray(0, Math.ceil(part.length / 2)), () => request.socket.destroy())
  }

  function list(query: URLSearchParams, response: ServerResponse): void {
    const [prefix, delimiter] = [query.get("prefix") ?? "", query.get("delimiter")]
    const after = query.get("continuation-token") ?? ""
    const rows = new Map<string, "key" | "folder">()
    for (const key of [...objects.keys()].filter((one) => one.startsWith(prefix)).sort()) {
      const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1
      if (end < 0) rows.set(key, "key")
      else rows.set(key.slice(0, end + 1), "folder")
    }
    // Tokens are nobody's business; these have in them what XML and queries have to escape.
    const tokenOf = (name: string) => `&<${Buffer.from(name).toString("base64")}+/=`
    const beginning = after && Buffer.from(after.slice(2, -3), "base64").toString()
    const left = [...rows].filter(([name]) => name > beginning)
    const page = left.slice(0, Math.min(stub.pageSize, Number(query.get("max-keys") ?? 1000)))
    const more = page.length < left.length
    const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;")
    const items = page.map(([name, kind]) =>
      kind === "key"
        ? `<Contents><Key>${escaped(name)}</Key><Size>${objects.get(name)?.length}</Size></Contents>`
        : `<CommonPrefixes><Prefix>${escaped(name)}</Prefix></CommonPrefixes>`,
    )
    const next = more
      ? `<NextContinuationToken>${escaped(tokenOf(page.at(-1)?.[0] ?? ""))}</NextContinuationToken>`
      : ""
    response.writeHead(200, { "content-type": "application/xml" })
    response.end(
      `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><Prefix>${escaped(prefix)}</Prefix><IsTruncated>${more}</IsTruncated>${items.join("")}${next}</ListBucketResult>`,
    )
  }

  /** The code of Amazon's that says what is wrong with how it is signed. */
  function wrongWith(request: IncomingMessage, url: URL, body: Buffer): string | undefined {
    const { authorization = "", "x-amz-date": date, "x-amz-content-sha256": sum } = request.headers
    const parts =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
        authorization,
      )
    if (!parts || typeof date !== "string" || typeof sum !== "string") return "AccessDenied"
    const [, access, day = "", zone = "", names = "", signature = ""] = parts
    if (access !== ACCESS_KEY) return "InvalidAccessKeyId"
    const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"))
    if (!date.startsWith(day) || Number.isNaN(at)) return "AccessDenied"
    if (Math.abs(at - (Date.now() + stub.clockMs)) > SKEW_MS) return "RequestTimeTooSkewed"
    if (zone !== region) return "SignatureDoesNotMatch"
    // Amazon asks that these be signed, and with them each header of its own that is sent.
    const signed = names.split(";")
    const must = Object.keys(request.headers).filter((name) => name === "host" || name.startsWith("x-amz-"))
    if (!must.every((name) => signed.includes(name))) return "AccessDenied"
    const wanted = signatureOf({
      ...{ method: request.method ?? "", url, date, region: zone, sum, secretKey: SECRET_KEY },
      headers: signed.map((name) => [name, String(request.headers[name] ?? "")]),
    })
    if (!timingSafeEqual(Buffer.from(wanted), Buffer.from(signature))) return "SignatureDoesNotMatch"
    const there = createHash("sha256").update(body).digest("hex")
    return sum === there ? undefined : "XAmzContentSHA256Mismatch"
  }
  return stub
}

export type ToSign = {
  readonly method: string
  readonly url: URL
  /** As they are signed, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** `20130524T000000Z`. */
  readonly date: string
  readonly region: string
  /** SHA-256 of the body, hexadecimal. */
  readonly sum: string
  readonly secretKey: string
}

export function signatureOf({ method, url, headers, date, region, sum, secretKey }: ToSign): string {
  const encoded = (text: string) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  const path = url.pathname
    .split("/")
    .map((part) => encoded(decodeURIComponent(part)))
    .join("/")
  const query = [...url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&")
  const canonical = [
    method,
    path,
    query,
    ...headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, " ")}`),
    "",
    headers.map(([name]) => name).join(";"),
    sum,
  ].join("\n")
  const day = date.slice(0, 8)
  const scope = `${day}/${region}/s3/aws4_request`
  const hash = createHash("sha256").update(canonical).digest("hex")
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest()
  const key = hmac(hmac(hmac(hmac(`AWS4${secretKey}`, day), region), "s3"), "aws4_request")
  return hmac(key, ["AWS4-HMAC-SHA256", date, scope, hash].join("\n")).toString("hex")
}
