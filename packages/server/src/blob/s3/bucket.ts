/**
 * The four things that are asked of a bucket, signed with SigV4 by aws4fetch: put, get a range, delete, list. Every body is
 * signed with its SHA-256, so that what was cut or changed on the way is refused and not kept. What may pass (nobody answers,
 * slow down, a cut) is asked again with growing pauses; what will not is a `BucketTrouble` that says what to do.
 */
import { createHash } from "node:crypto"
import { AwsClient } from "aws4fetch"
import { BucketTrouble, type TroubleKind } from "./trouble.ts"

export type S3Place = {
  /** An origin, `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
  /** `endpoint/bucket/key`; else `bucket.endpoint/key`. */
  readonly pathStyle: boolean
}
export type BucketOptions = {
  /** The first pause before something is tried again (ms); each is twice the one before, less a random part. */
  readonly pauseMs?: number
  /** For one answer to come, with its body (ms). A body that takes longer goes on with another request. */
  readonly patienceMs?: number
  /** For all tries of one request together (ms): a line that swallows what is said must not hold who waits for `TRIES` times as long. */
  readonly togetherMs?: number
}
export type Bucket = ReturnType<typeof openBucket>
export type Listed = { readonly keys: readonly string[]; readonly folders: readonly string[] }

const TRIES = 6
const NAMES_AT_ONCE = 1000

export function openBucket(
  place: S3Place,
  { pauseMs = 100, patienceMs = 60_000, togetherMs = 75_000 }: BucketOptions = {},
) {
  const { endpoint, bucket, region, accessKey, secretKey, pathStyle } = place
  const client = new AwsClient({
    ...{ accessKeyId: accessKey, secretAccessKey: secretKey, region, service: "s3", retries: 0 },
  })
  const base = new URL(endpoint)
  if (pathStyle) base.pathname = `/${bucket}/`
  else base.hostname = `${bucket}.${base.hostname}`
  const shown = `${bucket} (${base.host})`
  const trouble = (kind: TroubleKind, found: string, cause?: unknown) =>
    new BucketTrouble(kind, shown, found, cause)

  const pause = (turn: number) =>
    new Promise((done) => setTimeout(done, pauseMs * 2 ** turn * (0.5 + Math.random() / 2)))

  /** Again and again where that may help, each time for `ms` at most; what is thrown is a `BucketTrouble`. */
  async function patiently<T>(once: (ms: number) => Promise<T>, leftMs = togetherMs): Promise<T> {
    const until = performance.now() + leftMs
    let known: BucketTrouble | undefined
    for (let turn = 0; ; turn++) {
      const left = until - performance.now()
      if (known && left < 1) throw known
      try {
        return await once(Math.max(1, Math.floor(Math.min(left, patienceMs))))
      } catch (error) {
        known = error instanceof BucketTrouble ? error : trouble("away", reasonOf(error), error)
        if (turn + 1 >= TRIES || !passing.has(known.kind)) throw known
        await pause(turn)
      }
    }
  }

  async function ask(
    method: string,
    key: string,
    ms: number,
    more: {
      body?: Uint8Array
      query?: Readonly<Record<string, string>>
      headers?: Record<string, string>
    } = {},
  ): Promise<Response> {
    const url = new URL(base)
    url.pathname += key
    for (const [name, value] of Object.entries(more.query ?? {})) url.searchParams.set(name, value)
    const sum = createHash("sha256")
      .update(more.body ?? new Uint8Array())
      .digest("hex")
    return client.fetch(url.href, {
      method,
      headers: { ...more.headers, "x-amz-content-sha256": sum },
      ...(more.body ? { body: more.body as Uint8Array<ArrayBuffer> } : {}),
      redirect: "manual",
      signal: AbortSignal.timeout(ms),
    })
  }

  async function refused(answer: Response): Promise<BucketTrouble> {
    const text = (await answer.text().catch(() => "")).slice(0, 4096)
    const code = /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(text)?.[1] ?? `HTTP ${answer.status}`
    return trouble(kinds.get(code) ?? kindOfStatus(answer.status), code)
  }

  return {
    shown,
    put: (key: string, body: Uint8Array): Promise<void> =>
      patiently(async (ms) => {
        const answer = await ask("PUT", key, ms, { body })
        if (!answer.ok) throw await refused(answer)
        await answer.arrayBuffer()
      }),

    /** From `from` up to and without `to`, in parts as they come; less where it is deleted meanwhile. undefined: there is none. */
    async get(key: string, from: number, to: number): Promise<AsyncIterable<Uint8Array> | undefined> {
      const begin = (at: number, leftMs?: number) =>
        patiently(async (ms) => {
          const answer = await ask("GET", key, ms, { headers: { range: `bytes=${at}-${to - 1}` } })
          if (answer.status === 404) {
            const problem = await refused(answer)
            if (problem.kind !== "refused") throw problem
            return undefined
          }
          if (!answer.ok) throw await refused(answer)
          const all = answer.status === 200 && at === 0
          if (answer.status !== 206 && !all) throw trouble("refused", `HTTP ${answer.status}`)
          return answer
        }, leftMs)
      const first = await begin(from)
      return first && parts(first, from, to, begin)
    },

    delete: (key: string): Promise<void> =>
      patiently(async (ms) => {
        const answer = await ask("DELETE", key, ms)
        if (answer.ok) return void (await answer.arrayBuffer())
        const problem = await refused(answer)
        if (answer.status !== 404 || problem.kind === "no_bucket") throw problem
      }),

    /** Names that begin with `prefix`, page after page; with `delimiter`, what begins alike up to it is one folder. */
    async *list(prefix: string, delimiter?: string): AsyncIterable<Listed> {
      for (let token: string | undefined, more = true; more; ) {
        const query = {
          "list-type": "2",
          "max-keys": String(NAMES_AT_ONCE),
          prefix,
          ...(delimiter === undefined ? {} : { delimiter }),
          ...(token === undefined ? {} : { "continuation-token": token }),
        }
        const text = await patiently(async (ms) => {
          const answer = await ask("GET", "", ms, { query })
          if (!answer.ok) throw await refused(answer)
          return answer.text()
        })
        if (!/<ListBucketResult[\s>]/.test(text)) throw trouble("refused", "not a list")
        const page = pageOf(text)
        yield page
        token = page.next
        more = token !== undefined
      }
    },
  }

  /** A body that is cut is asked for again from where it was, as long as something of it comes. */
  async function* parts(
    first: Response,
    from: number,
    to: number,
    begin: (at: number, leftMs: number) => Promise<Response | undefined>,
  ): AsyncIterable<Uint8Array> {
    let at = from
    let answer: Response | undefined = first
    /** Since when nothing has come. */
    let since = performance.now()
    for (let idle = 0; at < to; ) {
      const before = at
      try {
        for await (const part of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
          const wanted = part.subarray(0, to - at)
          at += wanted.length
          if (wanted.length > 0) yield wanted
          if (at >= to) return
        }
        if (at === before) throw trouble("refused", "short")
      } catch (error) {
        idle = at > before ? 0 : idle + 1
        const silent = idle > 0 && performance.now() - since >= togetherMs
        if (idle >= TRIES || silent)
          throw error instanceof BucketTrouble ? error : trouble("away", reasonOf(error), error)
        await pause(idle)
      }
      if (at > before) since = performance.now()
      answer = await begin(at, togetherMs - (performance.now() - since))
      if (!answer) return
    }
  }
}

const passing: ReadonlySet<TroubleKind> = new Set(["away", "slow_down"])

/** Amazon S3, API reference, “List of error codes”, and the names that MinIO has of its own. */
const kinds: ReadonlyMap<string, TroubleKind> = new Map([
  ["SlowDown", "slow_down"],
  ["ServiceUnavailable", "slow_down"],
  ["TooManyRequests", "slow_down"],
  ["InternalError", "away"],
  ["RequestTimeout", "away"],
  ["BadDigest", "away"],
  ["IncompleteBody", "away"],
  ["XAmzContentSHA256Mismatch", "away"],
  ["RequestTimeTooSkewed", "clock"],
  ["RequestExpired", "clock"],
  ["AccessDenied", "denied"],
  ["InvalidAccessKeyId", "denied"],
  ["SignatureDoesNotMatch", "denied"],
  ["NoSuchBucket", "no_bucket"],
  ["QuotaExceeded", "full"],
  ["InsufficientStorage", "full"],
  ["XMinioStorageFull", "full"],
  ["XMinioAdminBucketQuotaExceeded", "full"],
])
function kindOfStatus(status: number): TroubleKind {
  if (status === 429 || status === 503) return "slow_down"
  if (status === 507) return "full"
  if (status === 403 || status === 401) return "denied"
  return status >= 500 || status === 408 ? "away" : "refused"
}

/** Of a network's error what it is called, and nothing that was sent. */
function reasonOf(error: unknown): string {
  const { name, code, cause } = error as { name?: string; code?: string; cause?: { code?: string } }
  return String(cause?.code ?? (typeof code === "string" ? code : undefined) ?? name ?? "unknown")
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }
const plain = (text: string) =>
  text
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (_, x, d) =>
      String.fromCodePoint(x ? Number.parseInt(x, 16) : Number(d)),
    )
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] as string)

/**
 * ListObjectsV2's answer has no nesting that matters: names stand in <Key>, folders in <CommonPrefixes><Prefix>. So no XML
 * parser; a name that is not ours is left out by whoever asked.
 */
function pageOf(text: string): Listed & { readonly next?: string } {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = ""]) => plain(name))
  const [next] = all(/<NextContinuationToken>([^<]+)<\/NextContinuationToken>/g)
  return {
    keys: all(/<Key>([^<]+)<\/Key>/g),
    folders: all(/<CommonPrefixes>\s*<Prefix>([^<]+)<\/Prefix>/g),
    ...(next === undefined ? {} : { next }),
  }
}
