/** Flags of one command, read strictly: what is not known is a mistake, and says what would be right. */
import { parseArgs } from "node:util"
import { usage } from "./stop.ts"

type Kinds = Readonly<Record<string, "string" | "boolean">>

export type Flags<K extends Kinds> = {
  readonly rest: readonly string[]
  text(name: keyof K & string): string | undefined
  need(name: keyof K & string): string
  on(name: keyof K & string): boolean
  /** A whole number from 1 on. */
  count(name: keyof K & string): number | undefined
  seconds(name: keyof K & string, otherwise: number): number
}

export function readFlags<K extends Kinds>(args: readonly string[], kinds: K): Flags<K> {
  const options = Object.fromEntries(Object.entries(kinds).map(([name, type]) => [name, { type }]))
  let parsed: { values: Record<string, unknown>; positionals: string[] }
  let twice: string | undefined
  try {
    const { tokens, ...rest } = parseArgs({
      ...{ args: [...args], options, allowPositionals: true, strict: true, tokens: true },
    })
    parsed = rest
    const names = tokens.flatMap((one) => (one.kind === "option" ? [one.name] : []))
    twice = names.find((name, at) => names.indexOf(name) < at)
  } catch (error) {
    const what = (error as Error).message.split("\n")[0]?.split(". ")[0] ?? ""
    throw usage(`命令行有误：${what}`, `The command line is not right: ${what}.`)
  }
  // Of two files the last alone would be sent, and nobody would know of the other.
  if (twice !== undefined) throw usage(`--${twice} 出现了两次。`, `--${twice} is there twice.`)
  const text = (name: string) => parsed.values[name] as string | undefined
  const number = (name: string, least: number): number | undefined => {
    const said = text(name)
    if (said === undefined) return undefined
    const value = /^\d{1,9}(\.\d+)?$/.test(said) ? Number(said) : Number.NaN
    if (value >= least) return value
    throw usage(
      `--${name} 须为不小于 ${least} 的数，而不是“${said}”。`,
      `--${name} has to be a number from ${least} on, not “${said}”.`,
    )
  }
  return {
    rest: parsed.positionals,
    text,
    need(name) {
      const said = text(name)
      if (said !== undefined && said !== "") return said
      throw usage(`缺少 --${name}。`, `--${name} is missing.`)
    },
    on: (name) => parsed.values[name] === true,
    count: (name) => {
      const value = number(name, 1)
      return value === undefined ? undefined : Math.floor(value)
    },
    seconds: (name, otherwise) => number(name, 0) ?? otherwise,
  }
}
