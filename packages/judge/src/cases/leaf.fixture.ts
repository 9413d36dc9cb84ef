import {
  bobForges,
  credentialOf,
  type HostileCase,
  lowOrder,
  path,
  renews,
  resigned,
} from "./case.fixture.ts"
import { forge, forgePath } from "./forge.fixture.ts"
import {
  add,
  capabilities,
  commit,
  device,
  keyPackage,
  person,
  random,
  remove,
  type View,
} from "./world.fixture.ts"

export const leavesAndPaths: readonly HostileCase[] = [
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
]
