import { expect, test } from "vitest"
import type { Alarm } from "../view/port/account.ts"
import { joined } from "./alarms.ts"

const alarm = (id: string, kind: Alarm["kind"], who?: string): Alarm => ({
  ...{ id, kind, at: 1 },
  ...(who ? { who } : {}),
})
const said = ({ kind, who = "" }: Alarm) => `${kind} ${who}`
const shown = (alarms: readonly Alarm[]) => joined(alarms, said).map(({ alarm: { id }, ids }) => [id, ids])

test("what is said of many chats in the same words is one line; what is accepted of each stays a line of its own", () => {
  expect(
    shown([
      alarm("a", "new_incarnation"),
      alarm("b", "other_identity"),
      alarm("c", "new_incarnation"),
      alarm("d", "other_identity"),
      alarm("e", "key_log_changed", "bo"),
      alarm("f", "key_log_changed", "eve"),
      alarm("g", "key_log_changed", "bo"),
    ]),
  ).toEqual([
    ["a", ["a", "c"]],
    ["b", ["b"]],
    ["d", ["d"]],
    ["e", ["e", "g"]],
    ["f", ["f"]],
  ])
})
