/** What a route is: one value that drives the server's router and the client's requests alike. */
import type * as z from "zod/mini"

/**
 * `none`: anybody. `session`: a bearer token. `device`: a session with a device bound to it.
 * `fresh`: a session whose password was proved within the last five minutes.
 */
export type Access = "none" | "session" | "device" | "fresh"

export type Route = {
  readonly method: "GET" | "POST" | "PUT"
  /** Below `/api`; `:name` parts are ids. */
  readonly path: string
  readonly access: Access
  /** JSON body of POST and PUT; query of GET. */
  readonly request: z.ZodMiniType | undefined
  readonly response: z.ZodMiniType
  /** Bytes of the body; absent: `limits.requestBytes`. */
  readonly maxBytes?: number
}

export const route = <const R extends Route>(value: R): R => value

export type RequestOf<R extends Route> = R["request"] extends z.ZodMiniType
  ? z.output<R["request"]>
  : undefined
export type ResponseOf<R extends Route> = z.output<R["response"]>

/** The names of a path's `:name` parts. */
export type ParamsOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [K in Name]: import("../ids.ts").Id } & ParamsOf<Rest>
  : Path extends `${string}:${infer Name}`
    ? { readonly [K in Name]: import("../ids.ts").Id }
    : unknown
