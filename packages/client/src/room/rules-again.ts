/**
 * What this device's own commits have set of a group (roles, who may add people, how much of the past is shared, join links), so that it can
 * be set again where a restored house has lost it (step-back.ts, group/redo.ts): by who had set it, and only where nobody has set the same
 * otherwise since, before it was lost or after. Each thing that is set has a name; what has been set last under a name is whose it is.
 *
 * Rejected: to compare the rules before and after, and to put back what differs: of two admins the one who had read less would bring back what the other
 * had taken back.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { pastDays, type RoomPolicy, withPast } from "@teahouse/protocol/policy.ts"
import type { RoomMeta, Rule } from "./records.ts"

/** More than a group has of roles and links at a time. */
const KEPT = 256

const nameOf = (rule: Rule): string =>
  rule.of === "admin" ? `admin/${rule.user}` : rule.of === "link" ? `link/${rule.id}` : rule.of

/** As it is in a policy. */
function ruleOf(policy: RoomPolicy, name: string): Rule | undefined {
  const [of, id] = name.split("/") as [Rule["of"], Id]
  switch (of) {
    case "owner":
      return policy.owner === null ? undefined : { of, user: policy.owner }
    case "admin":
      return { of, user: id, on: policy.admins.includes(id) }
    case "add":
      return { of, add: policy.add }
    case "past":
      return { of, days: pastDays(policy) }
    case "link": {
      const link = policy.links.find((one) => one.id === id)
      return { of, id, ...(link ? { link } : {}) }
    }
  }
}

/** Names of what is another than before. How often a link lets in is counted by it, and set by nobody. */
function changed(before: RoomPolicy, after: RoomPolicy): string[] {
  const either = (a: readonly Id[], b: readonly Id[], of: string) =>
    [...a.filter((id) => !b.includes(id)), ...b.filter((id) => !a.includes(id))].map((id) => `${of}/${id}`)
  const ids = ({ links }: RoomPolicy) => links.map(({ id }) => id)
  return [
    ...(before.owner === after.owner ? [] : ["owner"]),
    ...either(before.admins, after.admins, "admin"),
    ...(before.add === after.add ? [] : ["add"]),
    ...(pastDays(before) === pastDays(after) ? [] : ["past"]),
    ...either(ids(before), ids(after), "link"),
  ]
}

export function holds(policy: RoomPolicy, rule: Rule): boolean {
  switch (rule.of) {
    case "owner":
      return policy.owner === rule.user
    case "admin":
      return policy.admins.includes(rule.user) === rule.on
    case "add":
      return policy.add === rule.add
    case "past":
      return pastDays(policy) === rule.days
    case "link":
      return policy.links.some(({ id }) => id === rule.id) === (rule.link !== undefined)
  }
}

/** An owner comes before who is an admin beside them. */
export const inOrder = (rules: readonly Rule[]): Rule[] =>
  [...rules].sort((a, b) => Number(b.of === "owner") - Number(a.of === "owner"))

export function put(policy: RoomPolicy, rule: Rule): RoomPolicy {
  const others = (user: Id) => policy.admins.filter((one) => one !== user)
  switch (rule.of) {
    case "owner":
      return { ...policy, owner: rule.user, admins: others(rule.user) }
    case "admin": {
      const on = rule.on && policy.owner !== rule.user
      return { ...policy, admins: on ? [...others(rule.user), rule.user] : others(rule.user) }
    }
    case "add":
      return { ...policy, add: rule.add }
    case "past":
      return withPast(policy, rule.days)
    case "link": {
      const links = policy.links.filter(({ id }) => id !== rule.id)
      return { ...policy, links: rule.link ? [...links, rule.link] : links }
    }
  }
}

type Ruled = Pick<RoomMeta, "ruled" | "rules">

const kept = (ruled: Readonly<Record<string, number>>, rules: readonly Rule[]): Ruled => ({
  ...(Object.keys(ruled).length > 0 ? { ruled } : {}),
  ...(rules.length > 0 ? { rules } : {}),
})

/** After a commit at `seq`. `before`: absent where this device had no keys of the epoch before. */
export function afterCommit(
  { ruled = {}, rules = [] }: Ruled,
  {
    before,
    after,
    own,
    seq,
  }: { before: RoomPolicy | undefined; after: RoomPolicy; own: boolean; seq: number },
): Ruled {
  const names = before ? changed(before, after) : []
  const others = Object.entries(ruled).filter(([name]) => !names.includes(name))
  const all = own ? [...others, ...names.map((name): [string, number] => [name, seq])] : others
  const left = rules.filter((rule) => !holds(after, rule) && !names.includes(nameOf(rule)))
  return kept(Object.fromEntries(all.slice(-KEPT)), left)
}

export function withCommit(
  meta: RoomMeta,
  what: { readonly before: RoomPolicy | undefined; readonly after: RoomPolicy; readonly own: boolean },
): RoomMeta {
  const { ruled: _, rules: __, ...rest } = meta
  return { ...rest, ...afterCommit(meta, { ...what, seq: meta.seq }) }
}

/** Where the house has lost what stood after a position, in the last rules that this device knows. */
export function afterLoss(
  { ruled = {}, rules = [] }: Ruled,
  policy: RoomPolicy | undefined,
  after: number,
): Ruled {
  const lost = Object.entries(ruled).filter(([, seq]) => seq > after)
  const again = policy ? lost.flatMap(([name]) => ruleOf(policy, name) ?? []) : []
  const names = again.map(nameOf)
  const rest = Object.entries(ruled).filter(([, seq]) => seq <= after)
  return kept(Object.fromEntries(rest), [...rules.filter((rule) => !names.includes(nameOf(rule))), ...again])
}
