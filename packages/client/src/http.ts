/**
 * Requests, made from the protocol's route table: a name, its path's ids and its body in, the parsed answer or a refusal
 * out. No answer at all, or one that no Teahouse server gives (a proxy's page), is `offline`: the only reason to try the
 * same again by itself.
 */

import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { endsSession, type Refusal, refusal } from "@teahouse/protocol/error.ts"
import type { ParamsOf, RequestOf, ResponseOf, Route } from "@teahouse/protocol/http/route.ts"
import { API, type RouteName, type Routes, routes } from "@teahouse/protocol/http.ts"
import { decodeNewer } from "@teahouse/protocol/newer.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { ofAnotherMajor, VERSION_HEADER, versionText } from "@teahouse/protocol/version.ts"
import * as z from "zod/mini"
import type { Fetch } from "./platform.ts"

export type Offline = { readonly kind: "offline" }
export type CallError = Refusal | Offline

type Input<R extends Route> = (unknown extends ParamsOf<R["path"]>
  ? unknown
  : { readonly params: ParamsOf<R["path"]> }) &
  (RequestOf<R> extends undefined ? unknown : { readonly request: RequestOf<R> })

type Answer<R extends Route> = Promise<Result<ResponseOf<R>, CallError>>
export type Call = {
  <N extends RouteName>(name: N, input: Input<Routes[N]>): Answer<Routes[N]>
  /** A route of another table, which only who needs it loads. */
  <R extends Route>(route: R, input: Input<R>): Answer<R>
}

export type HttpParts = {
  /** "https://house.example", without a slash at the end. */
  readonly origin: string
  readonly fetch: Fetch
  /** Asked for at every request. */
  readonly token: () => Uint8Array | undefined
  /** A refusal that ends the session. */
  readonly onSessionEnd?: (refusal: Refusal) => void
  readonly timeoutMs?: number
}

export function createHttp({ origin, fetch, token, onSessionEnd, timeoutMs = 30_000 }: HttpParts): Call {
  const call = async (
    name: RouteName | Route,
    input: { params?: Record<string, string | number>; request?: unknown },
  ) => {
    const route: Route = typeof name === "string" ? routes[name] : name
    const headers: Record<string, string> = {
      accept: "application/json",
      [VERSION_HEADER]: versionText(),
    }
    const bearer = route.access === "none" ? undefined : token()
    if (bearer) headers.authorization = `Bearer ${toBase64url(bearer)}`

    let url = `${origin}${API}${route.path.replace(/:(\w+)/g, (_, part: string) => String(input.params?.[part] ?? ""))}`
    const sent = route.request && z.encode(route.request, input.request as never)
    let body: string | undefined
    if (route.method !== "GET") {
      headers["content-type"] = "application/json"
      body = JSON.stringify(sent ?? {})
    } else if (sent) {
      const query = Object.entries(sent as Record<string, unknown>).filter(([, value]) => value !== undefined)
      url += `?${query.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join("&")}`
    }

    const answer = await ask(fetch, url, {
      method: route.method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (!answer) return err<Offline>({ kind: "offline" })
    if (answer.status < 300) {
      // Any node may have answered, also one of a newer minor (docs/decisions/43).
      const parsed = decodeNewer(route.response, answer.json)
      if (parsed.success) return ok(parsed.data)
      return err<CallError>({ kind: ofAnotherMajor(answer.json) ? "unsupported_version" : "offline" })
    }
    const refused = decodeNewer(refusal, answer.json)
    if (!refused.success)
      return err<CallError>({ kind: isRefusal(answer.json) ? "unsupported_version" : "offline" })
    if (bearer && endsSession(refused.data.kind)) onSessionEnd?.(refused.data)
    return err<CallError>(refused.data)
  }
  return call as Call
}

/** For a reason that this client does not know yet. */
const isRefusal = (json: unknown) => typeof (json as { kind?: unknown } | null)?.kind === "string"

async function ask(fetch: Fetch, url: string, init: Parameters<Fetch>[1]) {
  try {
    const response = await fetch(url, init)
    return { status: response.status, json: JSON.parse(await response.text()) as unknown }
  } catch {
    // Unreachable, cut off, timed out, or not JSON: none of it is an answer of the house.
    return undefined
  }
}
