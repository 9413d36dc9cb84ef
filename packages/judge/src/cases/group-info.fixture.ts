/** GroupInfo beside a good commit: from the right one to one that must be refused. The forger is the committer. */
import { concat } from "@teahouse/protocol/bytes.ts"
import { encodeMlsMessage } from "ts-mls"
import { signGroupInfo } from "ts-mls/groupInfo.js"
import { encodeRatchetTree } from "ts-mls/ratchetTree.js"
import { readMessage } from "../message.ts"
import type { JudgeReason } from "../reasons.ts"
import { suite } from "../suite.ts"
import { lowOrder, type World } from "./case.fixture.ts"
import { random, type View } from "./world.fixture.ts"

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
