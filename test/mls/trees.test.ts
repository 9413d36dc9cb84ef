/** Official vectors: trees, and update paths with P9's comparison of derived keys. */

import { encodeTree, hashTree, mergePath } from "@teahouse/judge/tree.ts"
import { applyUpdatePathSecret } from "ts-mls/createCommit.js"
import { type CiphersuiteId, getCiphersuiteNameFromId } from "ts-mls/crypto/ciphersuite.js"
import { deriveSecret } from "ts-mls/crypto/kdf.js"
import type { GroupContext } from "ts-mls/groupContext.js"
import { verifyLeafNodeSignature, verifyLeafNodeSignatureKeyPackage } from "ts-mls/leafNode.js"
import { verifyParentHashes } from "ts-mls/parentHash.js"
import { getCommitSecret, pathToRoot } from "ts-mls/pathSecrets.js"
import { toVerifiedPrivateKeyPath } from "ts-mls/privateKeyPath.js"
import { decodeProposal } from "ts-mls/proposal.js"
import {
  addLeafNode,
  decodeRatchetTree,
  encodeRatchetTree,
  type RatchetTree,
  removeLeafNode,
  resolution,
  updateLeafNode,
} from "ts-mls/ratchetTree.js"
import { treeHash, treeHashRoot } from "ts-mls/treeHash.js"
import { toLeafIndex, toNodeIndex } from "ts-mls/treemath.js"
import { applyUpdatePath, createUpdatePath, decodeUpdatePath } from "ts-mls/updatePath.js"
import { describe, expect, test } from "vitest"
import { bytes, decoded, haveVectors, hex, ours, type Suited, suiteOf } from "./vectors.fixture.ts"

describe.runIf(haveVectors)("official vectors: trees", () => {
  type Operation = Suited & {
    proposal: string
    proposal_sender: number
    tree_before: string
    tree_after: string
    tree_hash_before: string
    tree_hash_after: string
  }
  test.each(ours<Operation>("tree-operations"))("tree-operations: $i", async ({ suite, vector: v }) => {
    const cs = await suiteOf(suite)
    const before = decoded(decodeRatchetTree, v.tree_before)
    expect(hex(await treeHashRoot(before, cs.hash))).toBe(v.tree_hash_before)
    const after = applied(before, decoded(decodeProposal, v.proposal), v.proposal_sender)
    expect(hex(encodeRatchetTree(after))).toBe(v.tree_after)
    expect(hex(await treeHashRoot(after, cs.hash))).toBe(v.tree_hash_after)
  })

  function applied(
    tree: RatchetTree,
    p: ReturnType<typeof decoded<import("ts-mls").Proposal>>,
    sender: number,
  ): RatchetTree {
    if ("add" in p) return addLeafNode(tree, p.add.keyPackage.leafNode)[0]
    if ("remove" in p) return removeLeafNode(tree, toLeafIndex(p.remove.removed))
    if ("update" in p) return updateLeafNode(tree, p.update.leafNode, toLeafIndex(sender))
    throw new Error("another kind of proposal")
  }

  type Validation = Suited & {
    tree: string
    group_id: string
    tree_hashes: string[]
    resolutions: number[][]
  }
  test.each(ours<Validation>("tree-validation"))(
    "tree-validation: suite $suite, $i",
    async ({ suite, vector: v }) => {
      const cs = await suiteOf(suite)
      const tree = decoded(decodeRatchetTree, v.tree)
      for (const [i, expected] of v.resolutions.entries())
        expect(resolution(tree, toNodeIndex(i))).toEqual(expected)
      for (const [i, expected] of v.tree_hashes.entries()) {
        expect(hex(await treeHash(tree, toNodeIndex(i), cs.hash))).toBe(expected)
      }
      expect(await verifyParentHashes(tree, cs.hash)).toBe(true)
      for (const [i, node] of tree.entries()) {
        if (node?.nodeType !== "leaf") continue
        const signed =
          node.leaf.leafNodeSource === "key_package"
            ? verifyLeafNodeSignatureKeyPackage(node.leaf, cs.signature)
            : verifyLeafNodeSignature(node.leaf, bytes(v.group_id), i / 2, cs.signature)
        expect(await signed).toBe(true)
      }
      // The judge's own arithmetic (SHA-256 suites: all three).
      expect(hashTree(tree).map(hex)).toEqual(v.tree_hashes)
      expect(hex(encodeTree(tree))).toBe(v.tree)
    },
  )

  type TreeKem = Suited & {
    group_id: string
    epoch: number
    confirmed_transcript_hash: string
    ratchet_tree: string
    leaves_private: {
      index: number
      encryption_priv: string
      signature_priv: string
      path_secrets: { node: number; path_secret: string }[]
    }[]
    update_paths: {
      sender: number
      update_path: string
      tree_hash_after: string
      commit_secret: string
      path_secrets: (string | null)[]
    }[]
  }
  test.each(ours<TreeKem>("treekem"))("treekem: suite $suite, $i", async ({ suite, vector: v }) => {
    const cs = await suiteOf(suite)
    const tree = decoded(decodeRatchetTree, v.ratchet_tree)
    const context: GroupContext = {
      version: "mls10",
      cipherSuite: getCiphersuiteNameFromId(suite as CiphersuiteId),
      groupId: bytes(v.group_id),
      epoch: BigInt(v.epoch),
      treeHash: await treeHashRoot(tree, cs.hash),
      confirmedTranscriptHash: bytes(v.confirmed_transcript_hash),
      extensions: [],
    }
    type Leaf = TreeKem["leaves_private"][number]
    const privatePath = async (leaf: Leaf) => {
      const secrets = Object.fromEntries(leaf.path_secrets.map((s) => [s.node, bytes(s.path_secret)]))
      const above = await toVerifiedPrivateKeyPath(tree, secrets, leaf.index, cs)
      return {
        ...above,
        privateKeys: { ...above.privateKeys, [leaf.index * 2]: bytes(leaf.encryption_priv) },
      }
    }
    /** What the others derive from a path: [path secret, commit secret] by leaf. */
    const received = async (sender: number, path: ReturnType<typeof decoded<Path>>, leaf: Leaf) => {
      const after = await applyUpdatePath(tree, toLeafIndex(sender), path, cs.hash)
      const treeHashAfter = await treeHashRoot(after, cs.hash)
      // The vectors' context for a path has the epoch that it says (test-vectors.md), not the next one.
      const gc = { ...context, treeHash: treeHashAfter }
      const got = await applyUpdatePathSecret(
        after,
        await privatePath(leaf),
        toLeafIndex(sender),
        gc,
        path,
        [],
        cs,
      )
      const secrets = await pathToRoot(after, toNodeIndex(got.nodeIndex), got.pathSecret, cs.kdf)
      await toVerifiedPrivateKeyPath(after, secrets, leaf.index, cs)
      const commit = await getCommitSecret(after, toNodeIndex(got.nodeIndex), got.pathSecret, cs.kdf)
      return { treeHashAfter, pathSecret: got.pathSecret, commit }
    }
    type Path = Parameters<typeof applyUpdatePath>[2]
    for (const u of v.update_paths) {
      const path = decoded(decodeUpdatePath, u.update_path)
      expect(await applyUpdatePath(tree, toLeafIndex(u.sender), path, cs.hash)).toEqual(
        mergePath(tree, hashTree(tree), u.sender, path.leafNode, path.nodes, new Set()),
      )
      const sender = v.leaves_private.find((l) => l.index === u.sender)
      if (!sender) throw new Error()
      const [ownTree, own, ownSecrets] = await createUpdatePath(
        tree,
        toLeafIndex(u.sender),
        { ...context, epoch: context.epoch - 1n },
        bytes(sender.signature_priv),
        cs,
      )
      const root = ownSecrets.at(-1)
      if (!root) throw new Error("a path without nodes")
      const ownCommit = await deriveSecret(root.secret, "path", cs.kdf)
      for (const leaf of v.leaves_private) {
        if (leaf.index === u.sender) continue
        const got = await received(u.sender, path, leaf)
        expect(hex(got.treeHashAfter)).toBe(u.tree_hash_after)
        expect(hex(got.pathSecret)).toBe(u.path_secrets[leaf.index])
        expect(hex(got.commit)).toBe(u.commit_secret)
        const gotOwn = await received(u.sender, own, leaf)
        expect(hex(gotOwn.treeHashAfter)).toBe(hex(await treeHashRoot(ownTree, cs.hash)))
        expect(hex(gotOwn.commit)).toBe(hex(ownCommit))
      }
    }
  })
})
