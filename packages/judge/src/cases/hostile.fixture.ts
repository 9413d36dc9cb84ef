/**
 * Every hostile commit we know (SECURITY R4), as one list for server and client: `expect` is the answer of both. Made
 * fresh on each run; the forger is a member who holds real keys, unless the case says otherwise.
 *
 * `client`: the judge cannot see it (it needs the group's secrets); the client finds it unprocessable and rejoins.
 */

import { concat } from "@teahouse/protocol/bytes.ts"
import { groupId } from "@teahouse/protocol/group-id.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { encodeMlsMessage, generateKeyPackageWithKey, type KeyPackage, type Proposal } from "ts-mls"
import { signGroupInfo } from "ts-mls/groupInfo.js"
import { signKeyPackage } from "ts-mls/keyPackage.js"
import { type LeafNode, signLeafNodeCommit } from "ts-mls/leafNode.js"
import { encodeRatchetTree } from "ts-mls/ratchetTree.js"
import { readMessage } from "../message.ts"
import type { JudgeReason } from "../reasons.ts"
import { SUITE, suite } from "../suite.ts"
import { apply, barge, type Forgery, forge, forgePath, poisonPath } from "./forge.fixture.ts"
import { directRoom, groupRoom } from "./rooms.fixture.ts"
import {
  add,
  capabilities,
  commit,
  device,
  id,
  keyPackage,
  noData,
  notice,
  person,
  policyExtension,
  random,
  remove,
  setPolicy,
  type TestDevice,
  type View,
} from "./world.fixture.ts"

export type Attempt = {
  readonly room: Id
  /** GroupInfo of the epoch before. */
  readonly before: Uint8Array
  /** An honest member who receives it. */
  readonly victim: View
  readonly commit: Uint8Array
  /** The device that posts it, where that matters. */
  readonly poster?: Id
}
export type HostileCase = {
  readonly name: string
  readonly expect: JudgeReason | "client"
  readonly make: (w: World) => Promise<Attempt>
}
export type World = {
  readonly group: Awaited<ReturnType<typeof groupRoom>>
  readonly direct: Awaited<ReturnType<typeof directRoom>>
}

/** States are immutable, so all cases start from the same two rooms. */
export const makeWorld = async (): Promise<World> => ({
  group: await groupRoom(),
  direct: await directRoom(),
})

type Maker = (w: World) => Promise<{ commit: Uint8Array }>
const inGroup =
  (make: Maker): HostileCase["make"] =>
  async (w) => {
    const { room, groupInfo, carol } = w.group
    return { room, before: groupInfo, victim: carol, commit: (await make(w)).commit }
  }
const inDirect =
  (make: Maker): HostileCase["make"] =>
  async (w) => {
    const { room, groupInfo, alice } = w.direct
    return { room, before: groupInfo, victim: alice, commit: (await make(w)).commit }
  }
const bobForges = (f: (w: World) => Promise<Forgery> | Forgery) =>
  inGroup(async (w) => forge(w.group.bob, await f(w)))
const bobForgesDirect = (f: (w: World) => Promise<Forgery> | Forgery) =>
  inDirect(async (w) => forge(w.direct.bob, await f(w)))
const adds = async (d: TestDevice): Promise<Forgery> => ({
  proposals: [add(await keyPackage(d))],
  path: null,
})
const addsPackage = (keyPackage: KeyPackage): Forgery => ({
  proposals: [{ proposalType: "add", add: { keyPackage } }],
  path: null,
})

/** A path whose new leaf is made from something else than the old one. */
const renews = (leaf: (old: LeafNode, w: World) => LeafNode | Promise<LeafNode>, signKey?: Uint8Array) =>
  bobForges(async (w) => {
    const { bob } = w.group
    const old = bob.mls.ratchetTree[bob.mls.privatePath.leafIndex * 2]
    if (old?.nodeType !== "leaf") throw new Error()
    const fresh = await leaf(old.leaf, w)
    const path = await forgePath(bob, bob.mls.ratchetTree, [], () => fresh, signKey)
    return { proposals: [], path }
  })
const credentialOf = (d: TestDevice) => ({ credentialType: "basic" as const, identity: d.certificate })

/** A key package signed properly over whatever `change` makes of it. */
async function craftedPackage(d: TestDevice, change: (kp: KeyPackage) => KeyPackage): Promise<KeyPackage> {
  const { publicPackage } = await keyPackage(d)
  return signKeyPackage(change(publicPackage), d.signKey, (await suite()).signature)
}
async function bytesOf(message: Uint8Array, change: (bytes: Uint8Array) => Uint8Array) {
  return { commit: change(message) }
}
const path = async (
  view: View,
  change: (p: Awaited<ReturnType<typeof forgePath>>) => unknown,
): Promise<Forgery> => {
  const made = await forgePath(view, view.mls.ratchetTree)
  return { proposals: [], path: change(made) as typeof made }
}
/** The path's leaf, changed after the tree was hashed and signed again. */
async function resigned(view: View, change: (leaf: LeafNode) => object): Promise<Forgery> {
  const made = await forgePath(view, view.mls.ratchetTree)
  const leafIndex = view.mls.privatePath.leafIndex
  const tbs = {
    ...made.path.leafNode,
    ...change(made.path.leafNode),
    groupId: view.mls.groupContext.groupId,
    leafIndex,
  }
  const signed = await signLeafNodeCommit(
    tbs as Parameters<typeof signLeafNodeCommit>[0],
    view.device.signKey,
    (await suite()).signature,
  )
  return { proposals: [], path: { ...made, path: { ...made.path, leafNode: signed } } }
}
const lowOrder = concat(Uint8Array.of(1), new Uint8Array(31))

export const hostileCases: readonly HostileCase[] = [
  // --- devices and people who do not belong
  {
    name: "a ghost device: another's ids and identity key, the certificate signed by the forger",
    expect: "bad_certificate",
    make: bobForges(async (w) =>
      adds(await device(w.group.people.alice, { signer: w.group.people.bob.uikPrivate })),
    ),
  },
  {
    name: "a ghost device: another's user id under a second identity key",
    expect: "identity_change",
    make: bobForges(async (w) => {
      const twin = await person("alice", w.group.people.alice.user)
      const own = [0, 1].map(remove)
      return { proposals: [...own, add(await keyPackage(await device(twin)))] }
    }),
  },
  {
    name: "a second identity key for a known user, beside the first",
    expect: "second_identity",
    make: bobForges(async (w) => adds(await device(await person("alice", w.group.people.alice.user)))),
  },
  {
    name: "a known user under another name",
    expect: "second_identity",
    make: bobForges(async (w) => adds(await device({ ...w.group.people.alice, username: "alicia" }))),
  },
  {
    name: "a device that is in the room already",
    expect: "second_device",
    make: bobForges(async (w) =>
      adds(await device(w.group.people.carol, { device: w.group.carol.device.device })),
    ),
  },
  {
    name: "a forged certificate: one bit of the signature",
    expect: "bad_certificate",
    make: bobForges(async () => {
      const eve = await device(await person("eve"))
      const certificate = eve.certificate.slice()
      certificate[certificate.length - 1] = (certificate.at(-1) ?? 0) ^ 1
      return adds({ ...eve, certificate })
    }),
  },
  {
    name: "a certificate over another signature key",
    expect: "bad_certificate",
    make: bobForges(async () => {
      const eve = await person("eve")
      const [real, stolen] = [await device(eve), await device(eve)]
      return adds({ ...real, certificate: stolen.certificate })
    }),
  },
  {
    name: "a certificate of another house",
    expect: "wrong_house",
    make: bobForges(async () => adds(await device(await person("eve"), { house: id() }))),
  },
  {
    name: "an account generation lower than that user's highest",
    expect: "stale_certificate",
    make: bobForges(async (w) => {
      const [newer, older] = [
        await device(w.group.people.carol, { n: 3 }),
        await device(w.group.people.carol, { n: 2 }),
      ]
      return { proposals: [add(await keyPackage(newer)), add(await keyPackage(older))], path: null }
    }),
  },
  {
    name: "a third person in a private room",
    expect: "not_in_room",
    make: bobForgesDirect(async () => adds(await device(await person("eve")))),
  },
  // --- external commits
  {
    name: "a stranger who joins by external commit",
    expect: "external_forbidden",
    make: inGroup(async (w) => ({
      commit: await barge(w.group.groupInfo, await device(await person("eve"))),
    })),
  },
  {
    name: "a stranger who joins and removes somebody",
    expect: "external_forbidden",
    make: inGroup(async (w) => {
      const eve = await device(await person("eve"))
      return { commit: await barge(w.group.groupInfo, eve, w.group.bob.device.signatureKey) }
    }),
  },
  {
    name: "a member's new device that joins and removes somebody else",
    expect: "external_forbidden",
    make: inGroup(async (w) => {
      const second = await device(w.group.people.bob)
      return { commit: await barge(w.group.groupInfo, second, w.group.admin.device.signatureKey) }
    }),
  },
  {
    name: "a member's new device that joins and removes that member's other device",
    expect: "external_forbidden",
    make: inGroup(async (w) => {
      const third = await device(w.group.people.alice)
      return { commit: await barge(w.group.groupInfo, third, w.group.owner.device.signatureKey) }
    }),
  },
  {
    name: "coming back under another identity key",
    expect: "identity_change",
    make: inGroup(async (w) => {
      const { bob } = w.group
      const twin = await device(await person("bob", bob.device.user), { device: bob.device.device })
      return { commit: await barge(w.group.groupInfo, twin, bob.device.signatureKey) }
    }),
  },
  // --- the committer's own leaf
  {
    name: "a self-renaming committer: another device id",
    expect: "renamed_committer",
    make: renews(async (old, w) => {
      const { bob } = w.group
      const { signatureKey, signKey } = bob.device
      return { ...old, credential: credentialOf(await device(w.group.people.bob, { signatureKey, signKey })) }
    }),
  },
  {
    name: "a self-renaming committer: another user",
    expect: "renamed_committer",
    make: renews(async (old, w) => {
      const { signatureKey, signKey } = w.group.bob.device
      return {
        ...old,
        credential: credentialOf(await device(await person("eve"), { signatureKey, signKey })),
      }
    }),
  },
  {
    name: "a committer that lowers its account generation",
    expect: "stale_certificate",
    make: async (w) => {
      const bob = await device(w.group.people.bob, { n: 5 })
      const { room, owner } = w.group
      // bob's device comes in with generation 5, then commits with generation 4.
      const grown = await commit(owner.mls, [remove(2), add(await keyPackage(bob))])
      const lower = await device(w.group.people.bob, { ...bob, n: 4 })
      const view: View = {
        device: bob,
        mls: { ...grown.next, privatePath: { ...grown.next.privatePath, leafIndex: 2 } },
      }
      const made = await forgePath(view, grown.next.ratchetTree, [], (l) => ({
        ...l,
        credential: credentialOf(lower),
      }))
      const forged = await forge(view, { proposals: [], path: made })
      return { room, before: grown.groupInfo, victim: { ...owner, mls: grown.next }, commit: forged.commit }
    },
  },
  {
    name: "a leaf that no longer declares the policy extension",
    expect: "bad_leaf",
    make: renews((old) => ({ ...old, capabilities: { ...capabilities, extensions: [] } })),
  },
  {
    name: "a leaf signed by another key",
    expect: "bad_leaf",
    make: bobForges(async (w) => {
      const { bob, carol } = w.group
      return {
        proposals: [],
        path: await forgePath(bob, bob.mls.ratchetTree, [], undefined, carol.device.signKey),
      }
    }),
  },
  // --- proposals
  {
    name: "a proposal by reference",
    expect: "proposal_by_reference",
    make: bobForges(() => ({
      proposals: [],
      refs: [{ proposalOrRefType: "reference", reference: random(32) }],
    })),
  },
  {
    name: "a pre-shared key proposal",
    expect: "proposal_type",
    make: bobForges(() => ({
      proposals: [
        {
          proposalType: "psk",
          psk: { preSharedKeyId: { psktype: "external", pskId: random(8), pskNonce: random(32) } },
        } as Proposal,
      ],
    })),
  },
  {
    name: "a reinit proposal",
    expect: "proposal_type",
    make: bobForges(() => ({
      proposals: [
        {
          proposalType: "reinit",
          reinit: { groupId: random(32), version: "mls10", cipherSuite: SUITE, extensions: [] },
        },
      ],
    })),
  },
  {
    name: "an external_init by a member",
    expect: "proposal_type",
    make: bobForges(() => ({
      proposals: [{ proposalType: "external_init", externalInit: { kemOutput: random(32) } }],
    })),
  },
  {
    name: "a custom proposal that the library would skip",
    expect: "proposal_type",
    make: bobForges(() => ({ proposals: [{ proposalType: 0xf123, proposalData: random(8) }] })),
  },
  {
    name: "129 adds",
    expect: "too_many_adds",
    make: bobForges(async () => {
      const one = add(await keyPackage(await device(await person("eve"))))
      return { proposals: Array.from({ length: 129 }, () => one), path: null }
    }),
  },
  {
    name: "the removal of an empty leaf",
    expect: "bad_remove",
    make: bobForges(() => ({ proposals: [remove(6)] })),
  },
  {
    name: "the same removal twice",
    expect: "bad_remove",
    make: inGroup((w) => forge(w.group.owner, { proposals: [remove(2), remove(2)] })),
  },
  {
    name: "a committer that removes itself",
    expect: "bad_remove",
    make: bobForges(async (w) => ({
      proposals: [remove(2)],
      path: await forgePath(w.group.bob, w.group.bob.mls.ratchetTree),
    })),
  },
  {
    name: "a removal without a path: the removed device could read on",
    expect: "path_required",
    make: inGroup((w) => forge(w.group.owner, { proposals: [remove(2)], path: null })),
  },
  {
    name: "an empty commit without a path",
    expect: "path_required",
    make: bobForges(() => ({ proposals: [], path: null })),
  },
  {
    name: "a change of policy without a path",
    expect: "path_required",
    make: inGroup((w) => forge(w.group.owner, { proposals: [setPolicy(w.group.policy)], path: null })),
  },
  // --- key packages
  {
    name: "a key package whose signature does not hold",
    expect: "bad_key_package",
    make: bobForges(async () => {
      const { publicPackage } = await keyPackage(await device(await person("eve")))
      return addsPackage({ ...publicPackage, signature: random(64) })
    }),
  },
  {
    name: "a key package with equal init and leaf key",
    expect: "bad_key_package",
    make: bobForges(async () => {
      const eve = await device(await person("eve"))
      return addsPackage(await craftedPackage(eve, (kp) => ({ ...kp, initKey: kp.leafNode.hpkePublicKey })))
    }),
  },
  {
    name: "an init key of low order",
    expect: "bad_key_package",
    make: bobForges(async () =>
      addsPackage(
        await craftedPackage(await device(await person("eve")), (kp) => ({ ...kp, initKey: lowOrder })),
      ),
    ),
  },
  {
    name: "a key package of another suite",
    expect: "wrong_suite",
    make: bobForges(async () => {
      const eve = await device(await person("eve"))
      const other = "MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519" as const
      return addsPackage(await craftedPackage(eve, (kp) => ({ ...kp, cipherSuite: other })))
    }),
  },
  {
    name: "a device that cannot read the policy",
    expect: "bad_leaf",
    make: bobForges(async () => {
      const eve = await device(await person("eve"))
      const { publicPackage } = await keyPackage(eve, { ...capabilities, extensions: [] })
      return addsPackage(publicPackage)
    }),
  },
  {
    name: "a signature key that is in the tree already",
    expect: "key_reuse",
    make: bobForges(async (w) => {
      const { signatureKey, signKey } = w.group.bob.device
      return adds(await device(w.group.people.bob, { signatureKey, signKey }))
    }),
  },
  {
    name: "a leaf key of low order, with which nobody could commit any more",
    expect: "bad_leaf",
    make: bobForges(async () => {
      const eve = await device(await person("eve"))
      const keys = { signKey: eve.signKey, publicKey: eve.signatureKey }
      const cs = await suite()
      const broken = { ...cs, hpke: { ...cs.hpke, exportPublicKey: async () => lowOrder } }
      const made = await generateKeyPackageWithKey(
        credentialOf(eve),
        capabilities,
        { notBefore: 0n, notAfter: 9n },
        [],
        keys,
        broken,
      )
      return addsPackage(
        await craftedPackage(eve, (kp) => ({ ...kp, leafNode: made.publicPackage.leafNode })),
      )
    }),
  },
  // --- path
  {
    name: "a path that is too short",
    expect: "bad_path",
    make: bobForges((w) =>
      path(w.group.bob, (p) => ({ ...p, path: { ...p.path, nodes: p.path.nodes.slice(0, -1) } })),
    ),
  },
  {
    name: "a path with a ciphertext left out",
    expect: "bad_path",
    make: bobForges((w) =>
      path(w.group.bob, (p) => ({
        ...p,
        path: {
          ...p.path,
          nodes: p.path.nodes.map((n, i) =>
            i === 0 ? { ...n, encryptedPathSecret: n.encryptedPathSecret.slice(1) } : n,
          ),
        },
      })),
    ),
  },
  {
    name: "a path key of low order",
    expect: "bad_path",
    make: bobForges((w) =>
      path(w.group.bob, (p) => ({
        ...p,
        path: { ...p.path, nodes: p.path.nodes.map((n) => ({ ...n, hpkePublicKey: lowOrder })) },
      })),
    ),
  },
  {
    name: "a wrong parent hash",
    expect: "bad_path",
    make: bobForges((w) => resigned(w.group.bob, () => ({ parentHash: random(32) }))),
  },
  {
    name: "a path that keeps the old leaf key",
    expect: "key_reuse",
    make: bobForges((w) => {
      const { bob } = w.group
      const old = bob.mls.ratchetTree[bob.mls.privatePath.leafIndex * 2]
      if (old?.nodeType !== "leaf") throw new Error()
      return resigned(bob, () => ({ hpkePublicKey: old.leaf.hpkePublicKey }))
    }),
  },
  {
    name: "a path with another member's leaf key",
    expect: "key_reuse",
    make: bobForges((w) => {
      const node = w.group.bob.mls.ratchetTree[6]
      if (node?.nodeType !== "leaf") throw new Error()
      return resigned(w.group.bob, () => ({ hpkePublicKey: node.leaf.hpkePublicKey }))
    }),
  },
  // --- roles and policy
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
      const proof = await notice(room, bob.device, { kind: "left", user: people.dave.user })
      return { proposals: [remove(4)], data: noData([proof]) }
    }),
  },
  {
    name: "a removal with a leave notice from another room",
    expect: "remove_forbidden",
    make: bobForges(async (w) => {
      const { admin, people } = w.group
      const proof = await notice(w.direct.room, admin.device, { kind: "left", user: people.dave.user })
      return { proposals: [remove(4)], data: noData([proof]) }
    }),
  },
  {
    name: "a revocation, rightly signed, of somebody else's device",
    expect: "remove_forbidden",
    make: bobForges(async (w) => {
      const { room, bob, people, admin } = w.group
      const proof = await notice(room, bob.device, {
        kind: "device_revoked",
        user: people.bob.user,
        device: admin.device.device,
      })
      return { proposals: [remove(4)], data: noData([proof]) }
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
  // --- form, sender, place
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

// --------------------------------------------------------------------------------- GroupInfo beside a good commit

export type GroupInfoCase = {
  readonly name: string
  readonly expect: JudgeReason
  /** From the right one, and the forger, who is the committer. */
  readonly make: (right: Uint8Array, w: World) => Promise<Uint8Array>
}
type GroupInfo = NonNullable<ReturnType<typeof readGroupInfo>>
const readGroupInfo = (bytes: Uint8Array) => readMessage(bytes, "mls_group_info")?.groupInfo

const altered =
  (change: (gi: GroupInfo, w: World) => GroupInfo, signer: (w: World) => View = (w) => w.group.bob) =>
  async (right: Uint8Array, w: World): Promise<Uint8Array> => {
    const groupInfo = readGroupInfo(right)
    if (!groupInfo) throw new Error()
    const signed = await signGroupInfo(
      change(groupInfo, w),
      signer(w).device.signKey,
      (await suite()).signature,
    )
    return encodeMlsMessage({ version: "mls10", wireformat: "mls_group_info", groupInfo: signed })
  }
const context = (change: (c: GroupInfo["groupContext"]) => Partial<GroupInfo["groupContext"]>) =>
  altered((gi) => ({ ...gi, groupContext: { ...gi.groupContext, ...change(gi.groupContext) } }))
const extension = (type: string, data: (old: Uint8Array, w: World) => Uint8Array | undefined) =>
  altered((gi, w) => ({
    ...gi,
    extensions: gi.extensions.flatMap((e) => {
      if (e.extensionType !== type) return [e]
      const extensionData = data(e.extensionData, w)
      return extensionData ? [{ ...e, extensionData }] : []
    }),
  }))

export const groupInfoCases: readonly GroupInfoCase[] = [
  {
    name: "another confirmation tag",
    expect: "tag_differs",
    make: altered((gi) => ({ ...gi, confirmationTag: random(32) })),
  },
  { name: "another epoch", expect: "context_differs", make: context((c) => ({ epoch: c.epoch + 1n })) },
  { name: "another tree hash", expect: "context_differs", make: context(() => ({ treeHash: random(32) })) },
  {
    name: "another transcript",
    expect: "context_differs",
    make: context(() => ({ confirmedTranscriptHash: random(32) })),
  },
  {
    name: "the tree of the epoch before",
    expect: "tree_differs",
    make: extension("ratchet_tree", (_, w) => encodeRatchetTree(w.group.bob.mls.ratchetTree)),
  },
  { name: "no tree", expect: "bad_tree", make: extension("ratchet_tree", () => undefined) },
  { name: "no external_pub", expect: "no_external_pub", make: extension("external_pub", () => undefined) },
  {
    name: "an external_pub of the wrong length",
    expect: "no_external_pub",
    make: extension("external_pub", (old) => old.slice(0, -1)),
  },
  {
    name: "an external_pub of low order",
    expect: "no_external_pub",
    make: extension("external_pub", () => concat(Uint8Array.of(32), lowOrder)),
  },
  {
    name: "an extension that does not belong there",
    expect: "no_external_pub",
    make: altered((gi) => ({
      ...gi,
      extensions: [...gi.extensions, { extensionType: 0xf0f0, extensionData: random(3) }],
    })),
  },
  {
    name: "signed by another member",
    expect: "wrong_signer",
    make: altered(
      (gi, w) => ({ ...gi, signer: w.group.carol.mls.privatePath.leafIndex }),
      (w) => w.group.carol,
    ),
  },
  {
    name: "signed by another key",
    expect: "bad_signature",
    make: altered(
      (gi) => gi,
      (w) => w.group.carol,
    ),
  },
]

/** Well-formed, but not of this epoch: no server can tell; a member does, before attesting (and a joiner fails). */
export const wrongExternalPub: GroupInfoCase["make"] = extension("external_pub", () =>
  concat(Uint8Array.of(32), random(32)),
)
