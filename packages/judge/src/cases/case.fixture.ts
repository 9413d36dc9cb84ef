/** What a hostile case is, and the ways to make one: bob forges, carol (or alice, in the private room) receives. */
import { concat } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { KeyPackage } from "ts-mls"
import { signKeyPackage } from "ts-mls/keyPackage.js"
import { type LeafNode, signLeafNodeCommit } from "ts-mls/leafNode.js"
import type { JudgeReason } from "../reasons.ts"
import { suite } from "../suite.ts"
import { type Forgery, forge, forgePath } from "./forge.fixture.ts"
import { directRoom, groupRoom } from "./rooms.fixture.ts"
import { add, keyPackage, type TestDevice, type View } from "./world.fixture.ts"

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

export type Maker = (w: World) => Promise<{ commit: Uint8Array }>
export const inGroup =
  (make: Maker): HostileCase["make"] =>
  async (w) => {
    const { room, groupInfo, carol } = w.group
    return { room, before: groupInfo, victim: carol, commit: (await make(w)).commit }
  }
export const inDirect =
  (make: Maker): HostileCase["make"] =>
  async (w) => {
    const { room, groupInfo, alice } = w.direct
    return { room, before: groupInfo, victim: alice, commit: (await make(w)).commit }
  }
export const bobForges = (f: (w: World) => Promise<Forgery> | Forgery) =>
  inGroup(async (w) => forge(w.group.bob, await f(w)))
export const bobForgesDirect = (f: (w: World) => Promise<Forgery> | Forgery) =>
  inDirect(async (w) => forge(w.direct.bob, await f(w)))
export const adds = async (d: TestDevice): Promise<Forgery> => ({
  proposals: [add(await keyPackage(d))],
  path: null,
})
export const addsPackage = (keyPackage: KeyPackage): Forgery => ({
  proposals: [{ proposalType: "add", add: { keyPackage } }],
  path: null,
})

/** A path whose new leaf is made from something else than the old one. */
export const renews = (
  leaf: (old: LeafNode, w: World) => LeafNode | Promise<LeafNode>,
  signKey?: Uint8Array,
) =>
  bobForges(async (w) => {
    const { bob } = w.group
    const old = bob.mls.ratchetTree[bob.mls.privatePath.leafIndex * 2]
    if (old?.nodeType !== "leaf") throw new Error()
    const fresh = await leaf(old.leaf, w)
    const path = await forgePath(bob, bob.mls.ratchetTree, [], () => fresh, signKey)
    return { proposals: [], path }
  })
export const credentialOf = (d: TestDevice) => ({ credentialType: "basic" as const, identity: d.certificate })

/** A key package signed properly over whatever `change` makes of it. */
export async function craftedPackage(
  d: TestDevice,
  change: (kp: KeyPackage) => KeyPackage,
): Promise<KeyPackage> {
  const { publicPackage } = await keyPackage(d)
  return signKeyPackage(change(publicPackage), d.signKey, (await suite()).signature)
}
export async function bytesOf(message: Uint8Array, change: (bytes: Uint8Array) => Uint8Array) {
  return { commit: change(message) }
}
export const path = async (
  view: View,
  change: (p: Awaited<ReturnType<typeof forgePath>>) => unknown,
): Promise<Forgery> => {
  const made = await forgePath(view, view.mls.ratchetTree)
  return { proposals: [], path: change(made) as typeof made }
}
/** The path's leaf, changed after the tree was hashed and signed again. */
export async function resigned(view: View, change: (leaf: LeafNode) => object): Promise<Forgery> {
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
export const lowOrder = concat(Uint8Array.of(1), new Uint8Array(31))
