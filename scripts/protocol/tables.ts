/** What the documents speak of: the routes by the file that says them, the parts that they share, the frames. */
import { down } from "@teahouse/protocol/down.ts"
import { adminRoutes } from "@teahouse/protocol/http/admin.ts"
import type { Route } from "@teahouse/protocol/http/route.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { up } from "@teahouse/protocol/up.ts"
import type * as z from "zod/mini"
import { parts } from "../wire-fields.ts"
import { type Commented, commentsOf, noComment } from "./comments.ts"
import { defOf } from "./schema-def.ts"

/** Sections of the HTTP part: a file each, with a title. */
export const sections = {
  account: "Accounts",
  device: "Devices and key packages",
  bot: "Bots",
  contact: "Friends",
  room: "Rooms",
  link: "Join links",
  blob: "Files",
  notebook: "Notebook and profile",
  history: "History",
  push: "Push",
  admin: "Administration",
} as const
export type Section = keyof typeof sections

export const allRoutes: Readonly<Record<string, Route>> = { ...routes, ...adminRoutes }

export type Told = { readonly name: string; readonly route: Route; readonly comment: Commented }

export function routesBySection(): Map<Section, Told[]> {
  const out = new Map<Section, Told[]>()
  const left = new Map<string, Route>(Object.entries(allRoutes))
  for (const section of Object.keys(sections) as Section[]) {
    const comments = commentsOf(`http/${section}.ts`)
    const told: Told[] = []
    for (const [name, route] of left)
      if (comments.has(name)) {
        told.push({ name, route, comment: comments.get(name) ?? noComment })
        left.delete(name)
      }
    out.set(section, told)
  }
  if (left.size > 0)
    throw new Error(`no section has the route ${[...left.keys()]}: name its file in sections`)
  return out
}

/** Objects that several routes share, by name. */
export const shared: ReadonlyMap<string, unknown> = new Map(Object.entries(parts))

const partFiles = [
  ...["attestation.ts", "entry.ts", "error.ts", "head.ts", "incarnation.ts"],
  ...Object.keys(sections).map((section) => `http/${section}.ts`),
]
export function partComments(): Map<string, Commented> {
  return new Map(partFiles.flatMap((file) => [...commentsOf(file)]))
}

const byValue = new Map([...shared].map(([name, schema]) => [schema, name]))
export const partName = (schema: unknown): string | undefined => byValue.get(schema)

export type Frame = { readonly name: string; readonly schema: z.ZodMiniType; readonly comment: Commented }

export function frames(way: "up" | "down"): Frame[] {
  const comments = commentsOf(`${way}.ts`)
  return (way === "up" ? up : down)._zod.def.options.map((schema) => {
    const kind = (defOf(schema)?.shape as { t: unknown } | undefined)?.t
    const name = (defOf(kind)?.values as string[] | undefined)?.[0] ?? ""
    return { name, schema, comment: comments.get(name) ?? noComment }
  })
}
