/** What a route is: one value that drives the server's router and the client's requests alike. */
import type * as z from "zod/mini"
import { type Id, isId } from "../ids.ts"

/**
 * `none`: anybody. `session`: a bearer token. `device`: a session with a device bound to it.
 * `fresh`: a session whose password was proved within the last five minutes. `renew`: the same, or one that the recovery code
 * made so long ago; that one is good for no `device` and no `fresh` route before it has set a new password.
 * `admin`: a `device` session of an account that is an administrator at this moment.
 */
export type Access = "none" | "session" | "device" | "fresh" | "renew" | "admin"

export type Route = {
  readonly method: "GET" | "POST" | "PUT" | "DELETE"
  /** Below `/api`; `:name` parts are ids, but for those of `numberParams`. */
  readonly path: string
  readonly access: Access
  /** Query of GET; JSON body of the others. */
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

/** Parts of a path that are whole numbers, in decimal digits, wherever they stand. */
export const numberParams = ["incarnation", "number"] as const
type ParamOf<Name extends string> = Name extends (typeof numberParams)[number] ? number : Id

/** The names of a path's `:name` parts. */
export type ParamsOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [K in Name]: ParamOf<Name> } & ParamsOf<Rest>
  : Path extends `${string}:${infer Name}`
    ? { readonly [K in Name]: ParamOf<Name> }
    : unknown

/** A path's parts as values; undefined where one of them is none. A number has one spelling only. */
export function readParams(
  params: Readonly<Record<string, string>>,
): Record<string, Id | number> | undefined {
  const read: Record<string, Id | number> = {}
  for (const [name, text] of Object.entries(params))
    if (!(numberParams as readonly string[]).includes(name)) {
      if (!isId(text)) return undefined
      read[name] = text
    } else {
      if (!/^(?:0|[1-9]\d{0,15})$/.test(text) || !Number.isSafeInteger(Number(text))) return undefined
      read[name] = Number(text)
    }
  return read
}
