/** When a view says something, on a client that is made up. */
import { expect, test } from "vitest"
import { createChanges, topics } from "../changes.ts"
import type { Home } from "../home.ts"
import type { ViewValue } from "./port.ts"
import { watch } from "./views.ts"

const settle = () => new Promise((done) => setTimeout(done))
const onFailure = (error: unknown) => {
  throw error
}

function starting() {
  const changes = createChanges()
  let session: ViewValue<"session"> = { state: "starting" }
  let home: Home | undefined
  const context = { session: () => session, home: () => home, changes }
  const become = (next: ViewValue<"session">, here?: unknown) => {
    session = next
    home = here as Home | undefined
    changes.emit(topics.session)
  }
  return { context, become }
}

test("until it is known who is in, only the session says something: what is not loaded is not empty", async () => {
  const { context, become } = starting()
  const sessions: unknown[] = []
  const drafts: unknown[] = []
  watch(context, "session", undefined, (value) => sessions.push(value), onFailure)
  watch(context, "composer", { room: "r" as never }, (value) => drafts.push(value), onFailure)
  await settle()
  expect([sessions, drafts]).toEqual([[{ state: "starting" }], []])
  const state = { meta: { draft: "half a thought" } }
  become({ state: "signed_in" } as never, { rooms: new Map([["r", { state: () => state }]]) })
  await settle()
  expect(sessions).toEqual([{ state: "starting" }, { state: "signed_in" }])
  expect(drafts).toEqual([{ draft: "half a thought", mentions: [] }])
})

test("where nobody is in after all, each says so", async () => {
  const { context, become } = starting()
  const drafts: unknown[] = []
  watch(context, "composer", { room: "r" as never }, (value) => drafts.push(value), onFailure)
  become({ state: "signed_out" } as never)
  await settle()
  expect(drafts).toEqual([{ draft: "", mentions: [] }])
})
