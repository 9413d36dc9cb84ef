/**
 * One certificate, from the account to the chain (RFC 8555 section 7): who we are, what we want, a proof for each name (HTTP-01, section 8.3),
 * the request with its own new key, and what the CA made of it. One pass without a second try: where it fails, why is a value.
 *
 * Rejected: `acme-client`, whose errors lose the problem's type and Retry-After and which tries by itself again what a CA has
 * refused for being too often; it also brings axios and node-forge. TLS-ALPN-01 would need no port 80, but every person who types the
 * name without https:// does.
 */
import { createPrivateKey, X509Certificate } from "node:crypto"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type CryptoKey, calculateJwkThumbprint, type JWK } from "jose"
import * as z from "zod/mini"
import { certificateRequest, type Issued } from "../x509.ts"
import { type Failure, failureOf, type ProblemDocument, problemDocument } from "./failure.ts"
import { type Answer, json, type Signer, type Wire } from "./wire.ts"

export type Account = { readonly key: CryptoKey; readonly jwk: JWK }
export type Wanted = {
  /** DNS names, at least one; the first is the one by which people know the house. */
  readonly names: readonly string[]
  /** An address of whoever runs the house. */
  readonly contact: string | undefined
}
export type OrderParts = {
  readonly wire: Wire
  readonly account: Account
  /** What `/.well-known/acme-challenge/TOKEN` answers for as long as the CA looks. */
  readonly challenges: { put(token: string, answer: string): void; remove(token: string): void }
  readonly now: () => number
  readonly wait: (ms: number) => Promise<void>
}

/** In all, for the CA to look at the names and to sign. */
const PATIENCE_MS = 5 * 60_000
const [SOONEST_MS, LATEST_MS] = [500, 15_000]

const contacts = z.object({ contact: z.optional(z.array(z.string())) })
const orderSchema = z.object({
  status: z.enum(["pending", "ready", "processing", "valid", "invalid"]),
  authorizations: z.array(z.url()),
  finalize: z.url(),
  certificate: z.optional(z.url()),
  error: z.optional(problemDocument),
})
const authorizationSchema = z.object({
  identifier: z.object({ value: z.string() }),
  status: z.enum(["pending", "valid", "invalid", "deactivated", "expired", "revoked"]),
  challenges: z.array(
    z.object({
      type: z.string(),
      url: z.url(),
      token: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_-]{16,512}$/))),
      error: z.optional(problemDocument),
    }),
  ),
})

export async function orderCertificate(
  { names, contact }: Wanted,
  { wire, account, challenges, now, wait }: OrderParts,
): Promise<Result<Issued, Failure>> {
  const { key, jwk } = account
  const until = now() + PATIENCE_MS
  const thumbprint = await calculateJwkThumbprint(jwk)

  const terms = { termsOfServiceAgreed: true, contact: contact === undefined ? [] : [`mailto:${contact}`] }
  if (wire.directory.meta?.externalAccountRequired) return err({ kind: "external_account" })
  const entered = await wire.post(wire.directory.newAccount, { key, jwk }, terms)
  if (!entered.ok) return entered
  const kid = entered.value.headers.get("location")
  if (kid === null) return err({ kind: "no_directory" })
  const signer: Signer = { key, kid }
  // An account that is there already keeps the contact that it had (section 7.3.1).
  const had = z.safeParse(contacts, json(entered.value.text))
  if (
    entered.value.status === 200 &&
    had.success &&
    String(had.data.contact ?? []) !== String(terms.contact)
  ) {
    const changed = await wire.post(kid, signer, { contact: terms.contact })
    if (!changed.ok) return changed
  }

  const identifiers = names.map((value) => ({ type: "dns", value }))
  const begun = await wire.post(wire.directory.newOrder, signer, { identifiers })
  if (!begun.ok) return begun
  const place = begun.value.headers.get("location")
  const order = read(orderSchema, begun.value)
  if (!order.ok || place === null) return err({ kind: "no_directory" })

  /** Until `done` says so: undefined is “not yet”. */
  const follow = async <S extends z.ZodMiniType, T>(
    url: string,
    schema: S,
    done: (now: z.infer<S>) => Result<T, Failure> | undefined,
  ): Promise<Result<T, Failure>> => {
    for (let turn = 1; ; turn++) {
      const answer = await wire.post(url, signer)
      // An order or a proof that the CA knows no more.
      if (!answer.ok)
        return answer.error.kind === "other" ? err({ ...answer.error, kind: "expired" }) : answer
      const state = read(schema, answer.value)
      if (!state.ok) return state
      const end = done(state.value)
      if (end) return end
      if (now() > until) return err({ kind: "late" })
      await wait(Math.min(Math.max(answer.value.retryAfterMs ?? turn * SOONEST_MS, SOONEST_MS), LATEST_MS))
    }
  }

  for (const url of order.value.authorizations) {
    const proof = await wire.post(url, signer)
    if (!proof.ok) return proof
    const asked = read(authorizationSchema, proof.value)
    if (!asked.ok) return asked
    const { identifier, status, challenges: ways } = asked.value
    if (status === "valid") continue
    const name = identifier.value
    const way = ways.find(({ type }) => type === "http-01")
    if (way?.token === undefined) return err({ kind: "other", name, detail: "no http-01" })
    challenges.put(way.token, `${way.token}.${thumbprint}`)
    try {
      const ready = await wire.post(way.url, signer, {})
      if (!ready.ok) return ready
      const proved = await follow(url, authorizationSchema, (state) => {
        if (state.status === "valid") return ok(undefined)
        if (state.status === "pending") return undefined
        const why = state.challenges.find(({ error }) => error !== undefined)?.error
        return err(why ? failureOf(why, 0, name) : { kind: "expired", name })
      })
      if (!proved.ok) return proved
    } finally {
      challenges.remove(way.token)
    }
  }

  const ended = (error: ProblemDocument | undefined): Failure =>
    error ? failureOf(error, 0) : { kind: "expired" }
  const ready = await follow(place, orderSchema, ({ status, error }) =>
    status === "pending" ? undefined : status === "invalid" ? err(ended(error)) : ok(undefined),
  )
  if (!ready.ok) return ready
  const { csr, key: certificateKey } = await certificateRequest(names)
  const asked = await wire.post(order.value.finalize, signer, { csr: Buffer.from(csr).toString("base64url") })
  if (!asked.ok) return asked
  const made = await follow(place, orderSchema, ({ status, certificate, error }) =>
    status === "invalid"
      ? err(ended(error))
      : status === "valid" && certificate !== undefined
        ? ok(certificate)
        : undefined,
  )
  if (!made.ok) return made
  const chain = await wire.post(made.value, signer)
  if (!chain.ok) return chain
  const issued = { cert: chain.value.text, key: certificateKey }
  return fits(issued, names) ? ok(issued) : err({ kind: "misfit" })
}

function read<S extends z.ZodMiniType>(schema: S, answer: Answer): Result<z.infer<S>, Failure> {
  const parsed = z.safeParse(schema, json(answer.text))
  return parsed.success ? ok(parsed.data) : err({ kind: "no_directory" })
}

/** What came is kept only if it is for our key and our names: it takes the place of one that works. */
function fits({ cert, key }: Issued, names: readonly string[]): boolean {
  return covers(cert, names) && new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
}

/** Whether a chain's own certificate is good for each of these names. */
export function covers(cert: string, names: readonly string[]): boolean {
  try {
    const own = new X509Certificate(cert)
    return names.every((name) => own.checkHost(name) !== undefined)
  } catch {
    return false
  }
}
