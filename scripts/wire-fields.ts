/**
 * Every field that travels, by route and by frame, from the schemas themselves: docs/threats.md says of each who can
 * read it, and the docs check compares. Objects that several routes share are parts with a row of their own.
 */
import { attestation } from "@teahouse/protocol/attestation.ts"
import { down } from "@teahouse/protocol/down.ts"
import { entry } from "@teahouse/protocol/entry.ts"
import { refusal } from "@teahouse/protocol/error.ts"
import { head } from "@teahouse/protocol/head.ts"
import * as account from "@teahouse/protocol/http/account.ts"
import * as admin from "@teahouse/protocol/http/admin.ts"
import * as contact from "@teahouse/protocol/http/contact.ts"
import * as device from "@teahouse/protocol/http/device.ts"
import * as history from "@teahouse/protocol/http/history.ts"
import * as link from "@teahouse/protocol/http/link.ts"
import * as notebook from "@teahouse/protocol/http/notebook.ts"
import * as room from "@teahouse/protocol/http/room.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { incarnationStatement } from "@teahouse/protocol/incarnation.ts"
import { keyLogHead } from "@teahouse/protocol/key-log-head.ts"
import { up } from "@teahouse/protocol/up.ts"

export const parts: Record<string, unknown> = {
  attestation,
  entry,
  refusal,
  head,
  incarnationStatement,
  session: account.session,
  vault: account.vault,
  accountKey: account.accountKey,
  stretching: account.stretching,
  contact: contact.contact,
  friendRequest: contact.friendRequest,
  joinRequest: link.joinRequest,
  device: device.device,
  keyLogHead,
  claimed: device.claimed,
  welcome: device.welcome,
  notebookRecord: notebook.notebookRecord,
  historySegment: history.historySegment,
  commitBundle: room.commitBundle,
  adminUser: admin.adminUser,
  adminInvite: admin.adminInvite,
  adminRoom: admin.adminRoom,
  auditRow: admin.auditRow,
  newRoom: room.newRoom,
  placed: room.placed,
  roomSummary: room.roomSummary,
}
const partName = new Map(Object.entries(parts).map(([name, schema]) => [schema, name]))

type Def = { readonly [key: string]: unknown }
const defOf = (value: unknown): Def | undefined =>
  typeof value === "object" && value !== null && "_zod" in value
    ? (value as { _zod: { def: Def } })._zod.def
    : undefined

/** Names of the object fields inside, at any depth; a part stands for its own fields, as `{part}`. */
function fields(value: unknown, out: Set<string>, top = false): Set<string> {
  const name = partName.get(value)
  if (name !== undefined && !top) return out.add(`{${name}}`)
  const def = defOf(value)
  if (!def) return out
  if (typeof def.shape === "object" && def.shape !== null)
    for (const [key, field] of Object.entries(def.shape)) {
      // The kind of a frame is its row.
      if (key === "t") continue
      const inside = fields(field, new Set())
      // A field whose content is a part is called as its part where the names agree.
      if (!(inside.size === 1 && inside.has(`{${key}}`))) out.add(key)
      for (const item of inside) out.add(item)
    }
  for (const key of ["element", "innerType", "in"]) fields(def[key], out)
  if (Array.isArray(def.options)) for (const option of def.options) fields(option, out)
  return out
}

const sorted = (...values: unknown[]) => {
  const out = new Set<string>()
  for (const value of values) fields(value, out, true)
  return [...out].sort()
}
const kindOf = (option: unknown) => {
  const shape = defOf(option)?.shape as { t: unknown } | undefined
  const values = defOf(shape?.t)?.values as readonly string[] | undefined
  return values?.[0] ?? ""
}

/** Row name → field names. A body that is a part as a whole has the part's name only. */
export function wireFields(): Map<string, string[]> {
  const rows = new Map<string, string[]>()
  for (const [name, schema] of Object.entries(parts)) rows.set(`{${name}}`, sorted(schema))
  for (const [name, route] of Object.entries({ ...routes, ...admin.adminRoutes })) {
    const out = new Set<string>()
    for (const body of [route.request, route.response]) fields(body, out)
    rows.set(name, [...out].sort())
  }
  for (const [way, union] of [
    ["up", up],
    ["down", down],
  ] as const)
    for (const option of union._zod.def.options) rows.set(`${way} ${kindOf(option)}`, sorted(option))
  return rows
}

if (process.argv[1] === import.meta.filename)
  for (const [row, names] of wireFields()) console.log(`${row}: ${names.join(" ")}`)
