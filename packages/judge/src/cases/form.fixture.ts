/** Form, sender and place; and, last, what only a member can see. */
import { concat } from "@teahouse/protocol/bytes.ts"
import { groupId } from "@teahouse/protocol/group-id.ts"
import { bobForges, bytesOf, type HostileCase, inGroup } from "./case.fixture.ts"
import { apply, forge, forgePath, poisonPath } from "./forge.fixture.ts"
import { random } from "./world.fixture.ts"

export const form: readonly HostileCase[] = [
  {
    name: "trailing bytes",
    expect: "malformed",
    make: inGroup(async (w) => {
      const { commit } = await forge(w.group.bob, { proposals: [] })
      return bytesOf(commit, (b) => concat(b, new Uint8Array(1)))
    }),
  },
  {
    name: "a length that is not minimal",
    expect: "malformed",
    make: inGroup(async (w) => {
      const { commit } = await forge(w.group.bob, { proposals: [] })
      // version (2), wire format (2), then the group id's length: 32 in two bytes instead of one.
      return bytesOf(commit, (b) => concat(b.slice(0, 4), Uint8Array.of(0x40, 32), b.slice(5)))
    }),
  },
  {
    name: "a message cut short",
    expect: "malformed",
    make: inGroup(async (w) =>
      bytesOf((await forge(w.group.bob, { proposals: [] })).commit, (b) => b.slice(0, -20)),
    ),
  },
  {
    name: "an old commit, once more",
    expect: "wrong_epoch",
    make: bobForges((w) => ({ proposals: [], mls: { epoch: w.group.bob.mls.groupContext.epoch - 1n } })),
  },
  {
    name: "a commit for another room of the same people (a re-used group id)",
    expect: "wrong_group",
    make: bobForges((w) => ({ proposals: [], mls: { groupId: groupId(w.direct.room, 0) } })),
  },
  {
    name: "a commit in somebody else's name",
    expect: "bad_signature",
    make: bobForges((w) => ({ proposals: [], signKey: w.group.carol.device.signKey })),
  },
  {
    name: "a genuine commit that another device posts",
    expect: "wrong_sender",
    make: async (w) => {
      const attempt = await inGroup(async ({ group }) => forge(group.bob, { proposals: [] }))(w)
      return { ...attempt, poster: w.group.admin.device.device }
    },
  },
  {
    name: "authenticated data that is not CommitData",
    expect: "bad_data",
    make: bobForges(() => ({ proposals: [], data: random(12) })),
  },
  // --- what only a member can see
  {
    name: "a false confirmation tag",
    expect: "client",
    make: bobForges(() => ({ proposals: [], tag: random(32) })),
  },
  {
    name: "path keys that do not match their secrets (P9)",
    expect: "client",
    make: bobForges(async (w) => {
      const { bob } = w.group
      const made = await forgePath(bob, bob.mls.ratchetTree)
      return { proposals: [], path: await poisonPath(bob, bob.mls.ratchetTree, made) }
    }),
  },
  {
    name: "a wrong ciphertext",
    expect: "client",
    make: bobForges(async (w) => {
      const { tree } = apply(w.group.bob.mls.ratchetTree, [])
      const made = await forgePath(w.group.bob, tree)
      const spoil = (c: { kemOutput: Uint8Array; ciphertext: Uint8Array }) => ({
        ...c,
        ciphertext: random(48),
      })
      const nodes = made.path.nodes.map((n) => ({
        ...n,
        encryptedPathSecret: n.encryptedPathSecret.map(spoil),
      }))
      return { proposals: [], path: { ...made, path: { ...made.path, nodes } } }
    }),
  },
]
