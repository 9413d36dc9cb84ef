import type { Id } from "@teahouse/protocol/ids.ts"
import { groupPolicy, withPast } from "@teahouse/protocol/policy.ts"
import { expect, test } from "vitest"
import { membersItem } from "./read-commit.ts"

/** "bo:phone:2": a device of somebody, under the identity key 2. */
const roster = (...devices: readonly string[]) => sharing(0, ...devices)
const sharing = (days: number, ...devices: readonly string[]) =>
  ({
    judged: {
      policy: withPast(groupPolicy("a" as Id), days),
      leaves: devices.map((one) => {
        const [user, device, key] = one.split(":")
        return {
          user: user as Id,
          device: `${user}/${device}` as Id,
          uik: new Uint8Array(32).fill(Number(key)),
        }
      }),
    },
  }) as never

const nobody = { type: "members", joined: [], left: [], newDevice: [] }

test.each([
  ["nothing of who is there", ["a:1:1", "b:1:2"], ["a:1:1", "b:1:2"], { type: "nothing" }],
  ["somebody new", ["a:1:1"], ["a:1:1", "b:1:2"], { ...nobody, joined: ["b"] }],
  ["somebody gone", ["a:1:1", "b:1:2", "b:2:2"], ["a:1:1"], { ...nobody, left: ["b"] }],
  ["one device more, one less", ["a:1:1", "b:1:2"], ["a:1:1", "b:2:2"], { ...nobody, newDevice: ["b"] }],
  ["one device less", ["b:1:2", "b:2:2"], ["b:1:2"], { type: "nothing" }],
  ["another identity", ["a:1:1", "b:1:2"], ["a:1:1", "b:9:3"], { ...nobody, newIdentity: ["b"] }],
  ["another identity for the same device", ["b:1:2"], ["b:1:3"], { ...nobody, newIdentity: ["b"] }],
] as const)("a commit that changes %s says so", (_name, before, after, said) => {
  expect(membersItem(roster(...before), roster(...after))).toEqual(said)
})

test("with who comes is written down what the group shared with them, and a change of it", () => {
  const came = membersItem(sharing(7, "a:1:1"), sharing(7, "a:1:1", "b:1:2"))
  expect(came).toEqual({ ...nobody, joined: ["b"], past: { days: 7 } })
  const changed = membersItem(sharing(7, "a:1:1"), sharing(36_500, "a:1:1"))
  expect(changed).toEqual({ ...nobody, past: { days: 36_500, changed: true } })
  expect(membersItem(sharing(30, "a:1:1"), sharing(0, "a:1:1"))).toEqual({
    ...nobody,
    past: { days: 0, changed: true },
  })
  expect(membersItem(sharing(7, "a:1:1", "b:1:2"), sharing(7, "a:1:1"))).toEqual({ ...nobody, left: ["b"] })
})
