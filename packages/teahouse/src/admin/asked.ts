/** What `teahouse admin …` is asked for. Its own flags are taken here, those of the configuration go on to it. */
import { parseArgs } from "node:util"
import { adminLimits, type Id, readId, readName } from "@teahouse/server/admin/typed.ts"
import { flags } from "@teahouse/server/config/settings.ts"
import { readDuration, readSize } from "./amounts.ts"

export type Asked =
  | { readonly act: "users"; readonly search: string }
  | { readonly act: "rooms" | "stats" | "audit" | "invites" }
  | { readonly act: "disable" | "enable" | "reset" | "grant" | "revoke"; readonly name: string }
  /** null: as everybody. */
  | { readonly act: "quota"; readonly name: string; readonly bytes: number | null }
  | { readonly act: "invite"; readonly uses: number; readonly life: number }
  | { readonly act: "revokeInvite"; readonly invite: Id }

/** undefined: it is not understood. `rest`: for the configuration. */
export function readAsked(
  args: readonly string[],
): { readonly asked: Asked; readonly json: boolean; readonly rest: readonly string[] } | undefined {
  const own = { json: { type: "boolean" }, uses: { type: "string" }, expires: { type: "string" } } as const
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options: { ...own, ...flags },
      allowPositionals: true,
      tokens: true,
    })
    const rest: string[] = []
    for (const token of tokens)
      if (token.kind === "option" && Object.hasOwn(flags, token.name))
        rest.push(`--${token.name}=${token.value}`)
    const { json = false, uses, expires } = values
    const inviting = /^invites?$/.test(positionals[0] ?? "") && positionals[1] === "create"
    if (!inviting && (uses !== undefined || expires !== undefined)) return undefined
    const asked = inviting ? toInvite(positionals, uses, expires) : toDo(positionals)
    return asked && { asked, json, rest }
  } catch {
    return undefined
  }
}

function toInvite([, , ...more]: readonly string[], uses = "1", expires = "7d"): Asked | undefined {
  const [count, life] = [/^\d{1,4}$/.test(uses) ? Number(uses) : 0, readDuration(expires)]
  if (more.length > 0 || count < 1 || count > adminLimits.uses || life === undefined) return undefined
  return { act: "invite", uses: count, life }
}

function toDo([act, ...given]: readonly string[]): Asked | undefined {
  const [first, second] = given
  switch (act) {
    case "users":
      return given.length <= 1 ? { act, search: first ?? "" } : undefined
    case "rooms":
    case "stats":
    case "audit":
      return given.length === 0 ? { act } : undefined
    case "disable":
    case "enable":
    case "reset":
    case "grant":
    case "revoke": {
      const name = given.length === 1 ? readName(first ?? "") : undefined
      return name === undefined ? undefined : { act, name }
    }
    case "quota": {
      const name = given.length === 2 ? readName(first ?? "") : undefined
      const bytes = second === "default" ? null : readSize(second ?? "")
      return name === undefined || bytes === undefined ? undefined : { act, name, bytes }
    }
    case "invite":
    case "invites":
      if (given.length === 0 || (first === "list" && given.length === 1)) return { act: "invites" }
      if (first === "revoke" && given.length === 2) {
        const invite = readId(second ?? "")
        return invite && { act: "revokeInvite", invite }
      }
      return undefined
    default:
      return undefined
  }
}
