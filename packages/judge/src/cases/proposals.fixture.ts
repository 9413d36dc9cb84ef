import { generateKeyPackageWithKey, type Proposal } from "ts-mls"
import { signLeafNodeKeyPackage } from "ts-mls/leafNode.js"
import { SUITE, suite } from "../suite.ts"
import {
  adds,
  addsPackage,
  bobForges,
  craftedPackage,
  credentialOf,
  type HostileCase,
  inGroup,
  lowOrder,
} from "./case.fixture.ts"
import { forge, forgePath } from "./forge.fixture.ts"
import { add, capabilities, device, keyPackage, person, random, remove, setPolicy } from "./world.fixture.ts"

export const proposals: readonly HostileCase[] = [
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
    name: "an encryption key that is in the tree already",
    expect: "key_reuse",
    make: bobForges(async (w) => {
      const eve = await device(await person("eve"))
      const node = w.group.bob.mls.ratchetTree[6]
      if (node?.nodeType !== "leaf") throw new Error("carol has no leaf")
      const { leafNode } = (await keyPackage(eve)).publicPackage
      if (leafNode.leafNodeSource !== "key_package") throw new Error("not from a key package")
      const taken = { ...leafNode, hpkePublicKey: node.leaf.hpkePublicKey }
      const signed = await signLeafNodeKeyPackage(taken, eve.signKey, (await suite()).signature)
      return addsPackage(await craftedPackage(eve, (kp) => ({ ...kp, leafNode: signed })))
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
]
