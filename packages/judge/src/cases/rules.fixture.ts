import type { Proposal } from "ts-mls"
import { adds, bobForges, bobForgesDirect, type HostileCase, inDirect, inGroup } from "./case.fixture.ts"
import { forge } from "./forge.fixture.ts"
import {
  add,
  commit,
  device,
  id,
  keyPackage,
  leafHashIn,
  noData,
  notice,
  person,
  policyExtension,
  random,
  remove,
  revocation,
  setPolicy,
  type View,
} from "./world.fixture.ts"

export const rules: readonly HostileCase[] = [
  {
    name: "a plain member who removes somebody",
    expect: "remove_forbidden",
    make: bobForges(() => ({ proposals: [remove(4)] })),
  },
  {
    name: "an admin who removes the owner",
    expect: "remove_forbidden",
    make: inGroup((w) => forge(w.group.admin, { proposals: [remove(0)] })),
  },
  {
    name: "a removal with a leave notice signed by somebody else",
    expect: "remove_forbidden",
    make: bobForges(async (w) => {
      const { room, bob, people } = w.group
      const proof = await notice(room, bob.device, {
        kind: "left",
        user: people.dave.user,
        leaves: [leafHashIn(bob, 4)],
      })
      return { proposals: [remove(4)], data: noData([proof]) }
    }),
  },
  {
    name: "a removal with a leave notice for leaves that this person had before",
    expect: "remove_forbidden",
    make: bobForges(async (w) => {
      const { room, bob, admin, people } = w.group
      const leaves = [random(32), leafHashIn(bob, 1)]
      const proof = await notice(room, admin.device, { kind: "left", user: people.dave.user, leaves })
      return { proposals: [remove(4)], data: noData([proof]) }
    }),
  },
  {
    name: "a removal with a revocation that the device itself has signed",
    expect: "remove_forbidden",
    make: bobForges(async (w) => {
      const { room, admin, people } = w.group
      const said = { kind: "device_revoked", user: people.dave.user, device: admin.device.device } as const
      return { proposals: [remove(4)], data: noData([await notice(room, admin.device, said)]) }
    }),
  },
  {
    name: "a removal with a revocation from another house",
    expect: "remove_forbidden",
    make: bobForges(async (w) => {
      const { admin, people } = w.group
      const proof = await revocation(people.dave, admin.device.device, people.dave.user, id())
      return { proposals: [remove(4)], data: noData([proof]) }
    }),
  },
  {
    name: "a removal with a revocation of another of this person's devices",
    expect: "remove_forbidden",
    make: bobForges(async (w) => ({
      proposals: [remove(4)],
      data: noData([await revocation(w.group.people.dave, id())]),
    })),
  },
  {
    name: "a removal with a leave notice from another room",
    expect: "remove_forbidden",
    make: bobForges(async (w) => {
      const { admin, bob, people } = w.group
      const leaves = [leafHashIn(bob, 4)]
      const proof = await notice(w.direct.room, admin.device, {
        kind: "left",
        user: people.dave.user,
        leaves,
      })
      return { proposals: [remove(4)], data: noData([proof]) }
    }),
  },
  {
    name: "a revocation of somebody else's device, in one's own name and in theirs",
    expect: "remove_forbidden",
    make: bobForges(async (w) => {
      const { bob, people, admin } = w.group
      const { device } = admin.device
      const own = await revocation(bob.device, device)
      const theirs = await revocation(bob.device, device, people.dave.user)
      return { proposals: [remove(4)], data: noData([own, theirs]) }
    }),
  },
  {
    name: "the other person removed from a private room",
    expect: "remove_forbidden",
    make: bobForgesDirect(() => ({ proposals: [remove(0)] })),
  },
  {
    name: "a plain member who changes somebody's identity key",
    expect: "identity_change",
    make: bobForges(async (w) => {
      const twin = await person("carol", w.group.people.carol.user)
      return { proposals: [remove(3), add(await keyPackage(await device(twin)))] }
    }),
  },
  {
    name: "an owner who brings in somebody's changed identity together with a device of the old one",
    expect: "second_identity",
    make: inGroup(async (w) => {
      const { people } = w.group
      const second = await device(people.carol)
      const twin = await person("carol", people.carol.user)
      return forge(w.group.owner, {
        proposals: [add(await keyPackage(await device(twin))), add(await keyPackage(second)), remove(3)],
      })
    }),
  },
  {
    name: "an owner who changes somebody's identity on one of their two devices",
    expect: "second_identity",
    make: inGroup(async (w) => {
      const twin = await person("alice", w.group.people.alice.user)
      const half = [remove(1), add(await keyPackage(await device(twin)))]
      return forge(w.group.admin, { proposals: half })
    }),
  },
  {
    name: "two changed identities of one person in one commit",
    expect: "second_identity",
    make: inGroup(async (w) => {
      const { user } = w.group.people.carol
      const twins = [await person("carol", user), await person("carol", user)]
      const packages = await Promise.all(twins.map(async (twin) => add(await keyPackage(await device(twin)))))
      return forge(w.group.owner, { proposals: [remove(3), ...packages] })
    }),
  },
  {
    name: "an admin who changes the owner's identity key",
    expect: "identity_change",
    make: inGroup(async (w) => {
      const twin = await person("alice", w.group.people.alice.user)
      return forge(w.group.admin, {
        proposals: [remove(0), remove(1), add(await keyPackage(await device(twin)))],
      })
    }),
  },
  {
    name: "a changed identity in a private room that takes the place of the other person's key and of a stranger",
    expect: "not_in_room",
    make: inDirect(async (w) => {
      const { people, alice } = w.direct
      const twin = await person("bob", people.bob.user)
      const packages = [await device(twin), await device(await person("mallory"))]
      const added = await Promise.all(packages.map(async (one) => add(await keyPackage(one))))
      return forge(alice, { proposals: [remove(1), ...added] })
    }),
  },
  {
    name: "a change of policy by a plain member",
    expect: "policy_forbidden",
    make: bobForges((w) => ({ proposals: [setPolicy({ ...w.group.policy, add: "admins" })] })),
  },
  {
    name: "an admin who makes itself owner",
    expect: "policy_forbidden",
    make: inGroup((w) => {
      const { policy, people } = w.group
      return forge(w.group.admin, {
        proposals: [setPolicy({ ...policy, owner: people.dave.user, admins: [] })],
      })
    }),
  },
  {
    name: "a role for somebody who is not in the room",
    expect: "policy_forbidden",
    make: inGroup((w) =>
      forge(w.group.owner, { proposals: [setPolicy({ ...w.group.policy, admins: [id()] })] }),
    ),
  },
  {
    name: "a private room turned into a group",
    expect: "policy_forbidden",
    make: bobForgesDirect((w) => ({
      proposals: [setPolicy({ ...w.group.policy, owner: w.direct.people.bob.user, admins: [] })],
    })),
  },
  {
    name: "a policy that is not one",
    expect: "bad_policy",
    make: inGroup((w) => {
      const broken = { ...policyExtension(w.group.policy), extensionData: random(40) }
      const p: Proposal = {
        proposalType: "group_context_extensions",
        groupContextExtensions: { extensions: [broken] },
      }
      return forge(w.group.owner, { proposals: [p] })
    }),
  },
  {
    name: "another extension beside the policy",
    expect: "bad_policy",
    make: inGroup((w) => {
      const extra = { extensionType: 0xf0f0, extensionData: random(4) }
      const extensions = [policyExtension(w.group.policy), extra]
      return forge(w.group.owner, {
        proposals: [{ proposalType: "group_context_extensions", groupContextExtensions: { extensions } }],
      })
    }),
  },
  {
    name: "somebody who is banned",
    expect: "add_forbidden",
    make: async (w) => {
      const eve = await device(await person("eve"))
      const { owner, room, policy } = w.group
      const banned = await commit(owner.mls, [setPolicy({ ...policy, bans: [eve.user] })])
      const view: View = { ...owner, mls: banned.next }
      const forged = await forge(view, await adds(eve))
      return { room, before: banned.groupInfo, victim: view, commit: forged.commit }
    },
  },
]
