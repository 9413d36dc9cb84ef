/**
 * An endpoint is a route of the protocol's table with the function that answers it: one file each, so that what may be
 * asked, by whom and with what outcome stands in one place. The edge (server.ts) has already parsed the request,
 * checked the ids in the path and looked up the caller; a handler returns a value or a refusal, and throws only for bugs.
 */
import type { Refusal } from "@teahouse/protocol/error.ts"
import type { Access, ParamsOf, RequestOf, ResponseOf, Route } from "@teahouse/protocol/http/route.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Result } from "@teahouse/protocol/result.ts"
import type { HouseParts } from "./parts.ts"

/** A session that speaks for a device. */
export type Caller = { readonly session: Id; readonly user: Id; readonly device: Id }
/** A session right after signing in has no device yet. */
export type SessionCaller = { readonly session: Id; readonly user: Id; readonly device: Id | null }

/** What a route's `access` guarantees about who calls. */
export type CallerOf<A extends Access> = A extends "none"
  ? null
  : A extends "device" | "admin"
    ? Caller
    : SessionCaller

export type Call<R extends Route> = {
  readonly request: RequestOf<R>
  readonly params: ParamsOf<R["path"]>
  readonly caller: CallerOf<R["access"]>
  /** The network address the request came from, as rate limits count it. */
  readonly address: string
  readonly house: HouseParts
}

export type Handler<R extends Route> = (call: Call<R>) => Promise<Result<ResponseOf<R>, Refusal>>

/** A look at whether the caller has any business here, before the body is read: for routes with large ones. */
export type Admit<R extends Route> = (
  call: Pick<Call<R>, "params" | "caller" | "house">,
) => Promise<Refusal | undefined>

export type Endpoint<R extends Route = Route> = {
  readonly route: R
  readonly handler: Handler<R>
  readonly admit?: Admit<R>
}

export const endpoint = <R extends Route>(
  route: R,
  handler: Handler<R>,
  more: { readonly admit?: Admit<R> } = {},
): Endpoint<R> => ({ route, handler, ...more })
