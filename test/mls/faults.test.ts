/**
 * Each fault that patches/ts-mls+1.6.4.patch mends: shown on the library as npm delivers it, gone in ours. A case
 * that no longer fails on the original is a mend that can go when the library is updated.
 */
import { forge, forgePath, poisonPath } from "@teahouse/judge/cases/forge.fixture.ts"
import { groupRoom } from "@teahouse/judge/cases/rooms.fixture.ts"
import {
  add,
  credulous,
  device,
  keyPackage,
  person,
  random,
  type TestKeyPackage,
} from "@teahouse/judge/cases/world.fixture.ts"
import { readMessage } from "@teahouse/judge/message.ts"
import { assertPatched, isPatched, SUITE, suite } from "@teahouse/judge/suite.ts"
import { ROOM_POLICY_EXTENSION } from "@teahouse/protocol/policy.ts"
import type {
  CiphersuiteImpl,
  ClientConfig,
  ClientState,
  KeyPackage,
  PrivateKeyPackage,
  Proposal,
  Welcome,
} from "ts-mls"
import { createGroupInfo } from "ts-mls/createCommit.js"
import type { GroupInfo } from "ts-mls/groupInfo.js"
import { makeKeyPackageRef } from "ts-mls/keyPackage.js"
import { encryptGroupInfo, encryptGroupSecrets } from "ts-mls/welcome.js"
import { beforeAll, describe, expect, test } from "vitest"
import { type Library, original, patched } from "./library.fixture.ts"

let cs: CiphersuiteImpl
let theirs: Library
let ours: Library
beforeAll(async () => {
  cs = await suite()
  ;[theirs, ours] = await Promise.all([original(), patched()])
})

type Member = { publicPackage: KeyPackage; privatePackage: PrivateKeyPackage }
const policyType = ROOM_POLICY_EXTENSION

async function member(l: Library, name: string): Promise<Member> {
  const identity = new TextEncoder().encode(name)
  const capabilities = { ...l.mls.defaultCapabilities(), ciphersuites: [SUITE], extensions: [policyType] }
  return l.mls.generateKeyPackage(
    { credentialType: "basic", identity },
    capabilities as ReturnType<typeof l.mls.defaultCapabilities>,
    l.mls.defaultLifetime,
    [],
    cs,
  )
}
const removal = (removed: number): Proposal => ({ proposalType: "remove", remove: { removed } })
const addition = (m: Member): Proposal => ({ proposalType: "add", add: { keyPackage: m.publicPackage } })
const policy = (byte: number): Proposal => ({
  proposalType: "group_context_extensions",
  groupContextExtensions: { extensions: [{ extensionType: policyType, extensionData: Uint8Array.of(byte) }] },
})
const commit = (l: Library, state: ClientState, extraProposals: Proposal[]) =>
  l.mls.createCommit(
    { state, cipherSuite: cs },
    { wireAsPublicMessage: true, extraProposals, ratchetTreeExtension: true },
  )
const receive = (l: Library, state: ClientState, made: Awaited<ReturnType<typeof commit>>) => {
  if (made.commit.wireformat !== "mls_public_message") throw new Error()
  return l.mls.processPublicMessage(state, made.commit.publicMessage, l.mls.emptyPskIndex, cs)
}
const join = (l: Library, welcome: Welcome | undefined, m: Member, config?: ClientConfig) => {
  if (!welcome) throw new Error("no welcome")
  return l.mls.joinGroup(
    welcome,
    m.publicPackage,
    m.privatePackage,
    l.mls.emptyPskIndex,
    cs,
    undefined,
    undefined,
    config,
  )
}

/** Member 0 and the states of the others, all in one epoch. */
async function group(l: Library, n: number) {
  const people = await Promise.all(Array.from({ length: n }, (_, i) => member(l, `m${i}`)))
  const [first, ...rest] = people as [Member, ...Member[]]
  const alone = await l.mls.createGroup(new Uint8Array(16), first.publicPackage, first.privatePackage, [], cs)
  const made = await commit(l, alone, rest.map(addition))
  const states = await Promise.all(rest.map((m) => join(l, made.welcome, m)))
  return { alone, first: made.newState, others: states, people }
}
const at = <T>(list: readonly T[], i: number): T => {
  const found = list[i]
  if (found === undefined) throw new Error("no such element")
  return found
}

test("the two copies are what they are said to be", () => {
  expect(isPatched(theirs.pathSecrets)).toBe(false)
  expect(() => assertPatched(theirs.pathSecrets)).toThrow("not patched")
  expect(() => assertPatched({ lastOfPath: 1, PATCH_LEVEL: 9 })).toThrow("not patched")
  expect(isPatched(ours.pathSecrets)).toBe(true)
})

describe("each fault, in the original and in ours", () => {
  test("P1: a group with unmerged leaves on two levels cannot be joined", async () => {
    const run = async (l: Library) => {
      const { first } = await group(l, 7)
      const without = (await commit(l, first, [removal(3)])).newState
      const two = await Promise.all([member(l, "new1"), member(l, "new2")])
      const made = await commit(l, without, two.map(addition))
      return join(l, made.welcome, two[0])
    }
    await expect(run(theirs)).rejects.toThrow("must list leaf node in its unmerged_leaves")
    expect((await run(ours)).groupContext.epoch).toBe(3n)
  })

  test("P2: whoever was removed by the one who is then alone can derive the next epoch", async () => {
    const run = async (l: Library) => {
      const { first, others } = await group(l, 2)
      const made = await commit(l, first, [removal(1)])
      const { initSecret } = at(others, 0).keySchedule
      const zeros = new Uint8Array(32)
      const guess = await l.keySchedule.initializeEpoch(
        initSecret,
        zeros,
        made.newState.groupContext,
        zeros,
        cs.kdf,
      )
      return (
        guess.keySchedule.epochAuthenticator.toString() ===
        made.newState.keySchedule.epochAuthenticator.toString()
      )
    }
    expect(await run(theirs)).toBe(true)
    expect(await run(ours)).toBe(false)
  })

  test("P3: external_pub has no length", async () => {
    const run = async (l: Library) => {
      const { first } = await group(l, 2)
      const info = await l.mls.createGroupInfoWithExternalPub(first, [], cs)
      return info.extensions.find((e) => e.extensionType === "external_pub")?.extensionData.length
    }
    expect(await run(theirs)).toBe(32)
    expect(await run(ours)).toBe(33)
  })

  test("P4: a member removed by a commit that fills its leaf again gets an exception instead of an answer", async () => {
    const run = async (l: Library) => {
      const { first, others } = await group(l, 3)
      const made = await commit(l, first, [removal(1), addition(await member(l, "instead"))])
      return (await receive(l, at(others, 0), made)).newState.groupActiveState.kind
    }
    await expect(run(theirs)).rejects.toThrow()
    expect(await run(ours)).toBe("removedFromGroup")
  })

  test("P5: a change of policy carries no path", async () => {
    const run = async (l: Library) => {
      const { first } = await group(l, 2)
      const made = await commit(l, first, [policy(1)])
      if (made.commit.wireformat !== "mls_public_message") throw new Error()
      const { content } = made.commit.publicMessage
      return content.contentType === "commit" && content.commit.path !== undefined
    }
    expect(await run(theirs)).toBe(false)
    expect(await run(ours)).toBe(true)
  })

  test("P8: where one half of the tree is empty, a secret is derived for the blank root", async () => {
    const run = async (l: Library) => {
      const { others } = await group(l, 4)
      const { ratchetTree } = (await commit(l, at(others, 2), [removal(0), removal(1)])).newState
      // Leaves 2 and 3 are left: their parent is node 5, and node 3, the root, has no other child to reach.
      const secrets = await l.pathSecrets.pathToRoot(ratchetTree, 5 as never, new Uint8Array(32), cs.kdf)
      return Object.keys(secrets).map(Number).sort()
    }
    expect(await run(theirs)).toEqual([3, 5])
    expect(await run(ours)).toEqual([5])
  })

  test("P9: a path whose keys do not match its secrets is adopted", async () => {
    const { bob, carol } = await groupRoom()
    const path = await poisonPath(bob, bob.mls.ratchetTree, await forgePath(bob, bob.mls.ratchetTree))
    const { commit: bytes } = await forge(bob, { proposals: [], path })
    const message = readMessage(bytes, "mls_public_message")
    if (!message) throw new Error()
    const run = (l: Library): ReturnType<typeof l.mls.processPublicMessage> =>
      l.mls.processPublicMessage(carol.mls, message.publicMessage, l.mls.emptyPskIndex, cs)
    expect((await run(theirs)).newState.groupContext.epoch).toBe(carol.mls.groupContext.epoch + 1n)
    await expect(run(ours)).rejects.toThrow("does not match the ratchet tree")
  })

  const poisons: [string, Uint8Array | undefined, string][] = [
    ["a wrong path secret", random(32), "does not match the ratchet tree"],
    ["no path secret", undefined, "lacks a path secret"],
  ]
  describe.each(poisons)("P9: a Welcome with %s", (_, secret, refusal) => {
    test("is joined by the original, refused by ours", async () => {
      const { bob } = await groupRoom()
      const guest = await keyPackage(await device(await person("guest")))
      const { welcome, tree } = await poisonedWelcome(bob, guest, secret)
      const run = (l: Library): Promise<ClientState> =>
        l.mls.joinGroup(
          welcome,
          guest.publicPackage,
          guest.privatePackage,
          l.mls.emptyPskIndex,
          cs,
          tree,
          undefined,
          credulous,
        )
      expect((await run(theirs)).groupContext.epoch).toBe(bob.mls.groupContext.epoch + 1n)
      await expect(run(ours)).rejects.toThrow(refusal)
    })
  })

  test("P10: a device that is alone cannot come back", async () => {
    const run = async (l: Library) => {
      const me = await member(l, "me")
      const state = await l.mls.createGroup(new Uint8Array(16), me.publicPackage, me.privatePackage, [], cs)
      const info: GroupInfo = await l.mls.createGroupInfoWithExternalPubAndRatchetTree(state, [], cs)
      return l.mls.joinGroupExternal(info, me.publicPackage, me.privatePackage, true, cs)
    }
    await expect(run(theirs)).rejects.toThrow("must be non-blank")
    expect((await run(ours)).newState.groupContext.epoch).toBe(1n)
  })

  test("P11: after a change of policy with a path, nobody else can follow", async () => {
    const run = async (l: Library) => {
      const { first, others } = await group(l, 3)
      const made = await commit(l, first, [policy(1), removal(1)])
      return (await receive(l, at(others, 1), made)).newState.groupContext.extensions.length
    }
    await expect(run(theirs)).rejects.toThrow()
    expect(await run(ours)).toBe(1)
  })
})

test("P12: parent hashes are checked node by node: the same trees hold, and no spoilt one", async () => {
  const { first, others } = await group(ours, 9)
  let state = first
  const trees = [state.ratchetTree]
  const steps: Proposal[][] = [[], [removal(3)], [], [removal(6)], []]
  for (const step of steps) {
    state = (await commit(ours, state, step)).newState
    trees.push(state.ratchetTree)
  }
  for (const name of ["n1", "n2", "n3"]) {
    state = (await commit(ours, state, [addition(await member(ours, name))])).newState
    trees.push(state.ratchetTree)
  }
  trees.push((await commit(ours, at(others, 4), [removal(0), removal(1), removal(2)])).newState.ratchetTree)
  const verdicts = (tree: ClientState["ratchetTree"]) =>
    Promise.all([theirs, ours].map((l) => l.parentHash.verifyParentHashes(tree, cs.hash)))
  for (const tree of trees) expect(await verdicts(tree)).toEqual([true, true])
  const spoilt = await Promise.all(trees.flatMap(spoil).map(verdicts))
  expect(spoilt.every(([, now]) => now === false)).toBe(true)
  // RFC 9420 7.9.2 also wants the resolution beside the update to be exactly the unmerged leaves: the original forgets.
  expect(spoilt.some(([before]) => before === true)).toBe(true)
})

/** The same tree with one parent changed: key, parent hash, an unmerged leaf less. */
function spoil(tree: ClientState["ratchetTree"]): ClientState["ratchetTree"][] {
  return tree.flatMap((node, i) => {
    if (node?.nodeType !== "parent") return []
    const { parent } = node
    const changes = [
      { hpkePublicKey: random(32) },
      { parentHash: random(32) },
      ...(parent.unmergedLeaves.length > 0 ? [{ unmergedLeaves: parent.unmergedLeaves.slice(1) }] : []),
    ]
    return changes.map((change) => tree.with(i, { nodeType: "parent", parent: { ...parent, ...change } }))
  })
}

async function poisonedWelcome(
  by: Awaited<ReturnType<typeof groupRoom>>["bob"],
  guest: TestKeyPackage,
  pathSecret: Uint8Array | undefined,
) {
  const proposals = [add(guest)]
  const made = await forge(by, { proposals })
  const { groupContext, confirmationTag, ratchetTree: tree } = made.next
  const info = await createGroupInfo(groupContext, confirmationTag, made.next, [], cs)
  const encryptedGroupInfo = await encryptGroupInfo(info, made.secrets.welcomeSecret, cs)
  const key = await cs.hpke.importPublicKey(guest.publicPackage.initKey)
  const { joinerSecret } = made.secrets
  const sealed = await encryptGroupSecrets(
    key,
    encryptedGroupInfo,
    { joinerSecret, pathSecret, psks: [] },
    cs.hpke,
  )
  const newMember = await makeKeyPackageRef(guest.publicPackage, cs.hash)
  const encryptedGroupSecrets = { kemOutput: sealed.enc, ciphertext: sealed.ct }
  const welcome: Welcome = {
    cipherSuite: SUITE,
    secrets: [{ newMember, encryptedGroupSecrets }],
    encryptedGroupInfo,
  }
  return { welcome, tree }
}
