/**
 * Speaking with an ACME server (RFC 8555 section 6): every request is a POST whose body is signed (JWS by `jose`) and says for which address it is and
 * with which nonce, so that it can be used once and nowhere else. A refused nonce (`badNonce`) is tried again with the fresh one that
 * came with the refusal, as section 6.5 asks; nothing else is ever tried again here. When to ask again is decided in one place
 * (schedule.ts), because CAs count.
 */
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type CryptoKey, FlattenedSign, type JWK } from "jose"
import * as z from "zod/mini"
import { type Failure, failureOf, networkFailure, problemDocument, problemType } from "./failure.ts"

const PATIENCE_MS = 30_000
const MOST_BYTES = 1024 * 1024
const NONCE_TRIES = 5
/** Section 6.1: a CA has to be able to tell whom to write to when a program misbehaves. */
const AGENT = "Teahouse (ACME; node)"
/** A CA that wants to be left alone for longer is not believed. */
const LONGEST_MS = 7 * 86_400_000

const directorySchema = z.object({
  newNonce: z.url(),
  newAccount: z.url(),
  newOrder: z.url(),
  meta: z.optional(
    z.object({
      termsOfService: z.optional(z.string()),
      externalAccountRequired: z.optional(z.boolean()),
    }),
  ),
})
export type Directory = z.infer<typeof directorySchema>

/** Who signs: a new key by itself, a known account by its address. */
export type Signer = { readonly key: CryptoKey } & ({ readonly jwk: JWK } | { readonly kid: string })

export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** How long the CA asks to wait before the next look, in ms from now. */
  readonly retryAfterMs: number | undefined
}

export type Wire = {
  readonly directory: Directory
  /** `payload` undefined: reading (POST-as-GET, section 6.3). */
  post(url: string, signer: Signer, payload?: object): Promise<Result<Answer, Failure>>
}

export type WireParts = {
  readonly now: () => number
  readonly signal: AbortSignal
  readonly fetch?: typeof fetch
}

export async function openWire(url: string, parts: WireParts): Promise<Result<Wire, Failure>> {
  const { now, signal } = parts
  const ask = async (to: string, init: RequestInit): Promise<Result<Answer, Failure>> => {
    if (!to.startsWith("https:")) return err({ kind: "no_directory" })
    try {
      const answer = await (parts.fetch ?? fetch)(to, {
        ...init,
        redirect: "error",
        headers: { "user-agent": AGENT, "accept-language": "en", ...init.headers },
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      })
      const text = await bounded(answer)
      if (text === undefined) return err({ kind: "no_directory" })
      const { status, headers } = answer
      return ok({ status, headers, text, retryAfterMs: retryAfter(headers.get("retry-after"), now()) })
    } catch (error) {
      return err(networkFailure(error))
    }
  }

  const first = await ask(url, { method: "GET" })
  if (!first.ok) return first
  if (first.value.status >= 500 || first.value.status === 429) return err(refused(first.value, now()))
  const parsed = z.safeParse(directorySchema, json(first.value.text))
  if (first.value.status !== 200 || !parsed.success) return err({ kind: "no_directory" })
  const directory = parsed.data

  let fresh: string | undefined
  const keep = ({ headers }: Answer) => {
    fresh = headers.get("replay-nonce") ?? undefined
  }
  const nonce = async (): Promise<Result<string, Failure>> => {
    if (fresh === undefined) {
      const answer = await ask(directory.newNonce, { method: "HEAD" })
      if (!answer.ok) return answer
      if (answer.value.status >= 400) return err(refused(answer.value, now()))
      keep(answer.value)
    }
    const taken = fresh
    fresh = undefined
    return taken === undefined ? err({ kind: "no_directory" }) : ok(taken)
  }

  return ok({
    directory,
    async post(to, { key, ...who }, payload) {
      const body = new TextEncoder().encode(payload === undefined ? "" : JSON.stringify(payload))
      for (let tries = 1; ; tries++) {
        const once = await nonce()
        if (!once.ok) return once
        const signed = await new FlattenedSign(body)
          .setProtectedHeader({ alg: "ES256", nonce: once.value, url: to, ...who })
          .sign(key)
        const answer = await ask(to, {
          method: "POST",
          headers: { "content-type": "application/jose+json" },
          body: JSON.stringify(signed),
        })
        if (!answer.ok) return answer
        keep(answer.value)
        if (answer.value.status < 400) return answer
        const document = z.safeParse(problemDocument, json(answer.value.text))
        const type = document.success ? problemType(document.data) : ""
        if (type !== "badNonce" || tries === NONCE_TRIES) return err(refused(answer.value, now()))
      }
    },
  })
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refused({ status, text, retryAfterMs }: Answer, now: number): Failure {
  const parsed = z.safeParse(problemDocument, json(text))
  const failure = failureOf(parsed.success ? parsed.data : {}, status)
  return retryAfterMs === undefined ? failure : { ...failure, notBefore: now + retryAfterMs }
}

/** Seconds, or a date (RFC 9110 section 10.2.3). */
export function retryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_MS) : undefined
}

/** undefined: more than anything that a CA has to say. */
async function bounded(answer: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of answer.body ?? []) {
    size += part.length
    if (size > MOST_BYTES) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString("utf8")
}
