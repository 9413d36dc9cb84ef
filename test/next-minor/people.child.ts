/** People in a process of their own, for who speaks with them over its channel: what is asked is a method of one of them, by name. */
import { openPerson, type Person } from "../headless/person.ts"

export type Asked = {
  readonly id: number
  readonly who: string
  readonly at: string
  readonly what: string
  readonly args: unknown[]
}
export type Answer = { readonly id: number; readonly value?: unknown; readonly error?: string }

const people = new Map<string, Person>()

process.on("message", async ({ id, who, at, what, args }: Asked) => {
  const one = people.get(who) ?? openPerson(at)
  people.set(who, one)
  try {
    const value =
      what === "bugs"
        ? one.bugs.map(String)
        : await (one[what as "say"] as (...all: unknown[]) => unknown)(...args)
    process.send?.({
      id,
      value: what === "reads" || what === "register" ? undefined : value,
    } satisfies Answer)
  } catch (error) {
    process.send?.({ id, error: String(error) } satisfies Answer)
  }
})
process.on("disconnect", () => process.exit())
