/** What a person has to know, in both languages. */
import type { Problem } from "@teahouse/server/config.ts"

export function say({ zh, en }: Problem, write: (line: string) => void = console.error): void {
  write(zh)
  write(en)
}

/** Says each, and the program ends with `exit`. */
export function fail(problems: readonly Problem[], exit = 1): void {
  for (const problem of problems) say(problem)
  process.exitCode = exit
}
