import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { membersItem } from "./read-commit.ts"

/** "bo:phone:2": a device of somebody, under the identity key 2. */
const roster = (...devices: readonly string[]) =>
  ({
    judged: {
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
