/** People whose client is of the version to come (changes.mjs), with what tests ask of them. */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import type { Person } from "../headless/person.ts"
import type { Answer, Asked } from "./people.child.ts"

const here = import.meta.dirname
/** For `NODE_OPTIONS` of a house, or of anything else, that is to be of the version to come. */
export const nextMinor = `--import=${join(here, "register.mjs")}`

export type NextPerson = Pick<Person, "register" | "chatWith" | "say" | "reads" | "must"> & {
  readonly bugs: () => Promise<readonly string[]>
}

export function nextPeople() {
  const child: ChildProcess = fork(join(here, "people.child.ts"), {
    execArgv: [nextMinor],
    serialization: "advanced",
  })
  let count = 0
  const waiting = new Map<number, (answer: Answer) => void>()
  child.on("message", (answer: Answer) => waiting.get(answer.id)?.(answer))
  child.on("exit", () => {
    for (const [id, answer] of waiting) answer({ id, error: "the process has ended" })
  })
  return {
    /** Somebody at the house with this address. */
    person(who: string, at: string): NextPerson {
      const ask =
        (what: string) =>
        (...args: unknown[]) =>
          new Promise<unknown>((done, failed) => {
            const id = ++count
            waiting.set(id, ({ value, error }) => {
              waiting.delete(id)
              if (error === undefined) done(value)
              else failed(new Error(`${who}, ${what}: ${error}`))
            })
            child.send({ id, who, at, what, args } satisfies Asked)
          })
      const methods = ["register", "chatWith", "say", "reads", "must", "bugs"]
      return Object.fromEntries(methods.map((what) => [what, ask(what)])) as NextPerson
    },
    async stop() {
      if (child.exitCode !== null) return
      child.disconnect()
      await once(child, "exit")
    },
  }
}
