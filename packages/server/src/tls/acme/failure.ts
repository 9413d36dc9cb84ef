/**
 * Why a certificate authority (CA) gave no certificate, as a value: what kind, of which name, in the CA's own words, and when it may be asked
 * again. Made from problem documents (RFC 7807, RFC 8555 section 6.7) and from what the network says.
 */
import * as z from "zod/mini"

const kinds = [
  /** No answer, or one that says that the CA itself is in trouble. */
  ...(["unreachable", "busy"] as const),
  /** The directory's certificate is of nobody whom this machine trusts; what answers there is no ACME. */
  ...(["untrusted", "no_directory"] as const),
  /** Of a name: it leads nowhere; port 80 cannot be reached; something else answers there; CAA forbids; the CA does not want it. */
  ...(["dns", "connection", "answer", "caa", "rejected"] as const),
  ...(["rate_limited", "contact", "terms", "external_account"] as const),
  /** The order ended before it was done; the CA took longer than we wait; what came does not fit what was asked for. */
  ...(["expired", "late", "misfit"] as const),
  /** Our own folder cannot be written; our own clock is wrong. */
  ...(["storage", "clock"] as const),
  "other",
] as const
export type FailureKind = (typeof kinds)[number]

export const failureSchema = z.strictObject({
  kind: z.enum(kinds),
  /** The DNS name that it is about. */
  name: z.optional(z.string()),
  /** The CA's words, one line, at most 300 characters. */
  detail: z.optional(z.string()),
  /** The CA wants to be left alone until then (ms UTC). */
  notBefore: z.optional(z.number()),
})
export type Failure = z.infer<typeof failureSchema>

const problemSchema = z.object({
  type: z.optional(z.string()),
  detail: z.optional(z.string()),
  identifier: z.optional(z.object({ value: z.string() })),
})
export const problemDocument = z.object({
  ...problemSchema.shape,
  subproblems: z.optional(z.array(problemSchema)),
})
export type ProblemDocument = z.infer<typeof problemDocument>

const PREFIX = "urn:ietf:params:acme:error:"
const known: Readonly<Record<string, FailureKind>> = {
  dns: "dns",
  connection: "connection",
  unauthorized: "answer",
  incorrectResponse: "answer",
  tls: "answer",
  caa: "caa",
  rejectedIdentifier: "rejected",
  unsupportedIdentifier: "rejected",
  rateLimited: "rate_limited",
  invalidContact: "contact",
  unsupportedContact: "contact",
  userActionRequired: "terms",
  externalAccountRequired: "external_account",
  serverInternal: "busy",
  orderNotReady: "expired",
}

/** `urn:ietf:params:acme:error:badNonce` → `badNonce`. */
export const problemType = ({ type = "" }: ProblemDocument): string =>
  type.startsWith(PREFIX) ? type.slice(PREFIX.length) : type

export function failureOf(problem: ProblemDocument, status: number, name?: string): Failure {
  // The problem of one name says more than that there is one.
  const [inner] = problem.subproblems ?? []
  const about = inner?.identifier?.value ?? problem.identifier?.value ?? name
  const words = inner?.detail ?? problem.detail
  const kind = known[problemType(inner ?? problem)] ?? known[problemType(problem)] ?? byStatus(status)
  return {
    kind,
    ...(about === undefined ? {} : { name: oneLine(about, 253) }),
    ...(words === undefined ? {} : { detail: oneLine(words, 300) }),
  }
}

const byStatus = (status: number): FailureKind =>
  status === 429 ? "rate_limited" : status >= 500 ? "busy" : "other"

/** What comes from elsewhere goes into a log and onto a terminal: no control characters, and not a whole page. */
const oneLine = (text: string, most: number): string =>
  text
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, most)

const distrust =
  /^(?:SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(?:GET|VERIFY)|CERT_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA)/

export function networkFailure(error: unknown): Failure {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined
  const code = typeof cause?.code === "string" ? cause.code : undefined
  const detail = code === undefined ? {} : { detail: code }
  return { kind: code && distrust.test(code) ? "untrusted" : "unreachable", ...detail }
}
