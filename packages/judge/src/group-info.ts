/**
 * GroupInfo and Welcome beside a commit. The server stores the GroupInfo that everybody joins from, so it must be the
 * one that the commit leads to: same context, the commit's confirmation tag, the tree that we computed ourselves.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Extension } from "ts-mls"
import { encodeGroupContext } from "ts-mls/groupContext.js"
import { verifyGroupInfoSignature } from "ts-mls/groupInfo.js"
import type { Advance } from "./commit.ts"
import { readMessage } from "./message.ts"
import type { JudgeReason } from "./reasons.ts"
import { leafAt, type RoomState } from "./state.ts"
import { SUITE, suite } from "./suite.ts"
import { encodeTree, isX25519 } from "./tree.ts"

/** Exactly one ratchet_tree and one external_pub, nothing else. */
export function readExtensions(
  extensions: readonly Extension[],
): Result<{ tree: Uint8Array; externalPub: Uint8Array }, JudgeReason> {
  const only = (type: Extension["extensionType"]) => {
    const found = extensions.filter((e) => e.extensionType === type)
    return found.length === 1 ? found[0]?.extensionData : undefined
  }
  const tree = only("ratchet_tree")
  if (!tree) return err("bad_tree")
  const pub = only("external_pub")
  const wellFormed =
    pub?.length === 33 && pub[0] === 32 && isX25519(pub.subarray(1)) && extensions.length === 2
  return wellFormed ? ok({ tree, externalPub: pub.subarray(1) }) : err("no_external_pub")
}

export async function judgeGroupInfo(
  { next, by }: Pick<Advance, "next" | "by">,
  groupInfoBytes: Uint8Array,
): Promise<Result<{ externalPub: Uint8Array }, JudgeReason>> {
  const message = readMessage(groupInfoBytes, "mls_group_info")
  if (!message) return err("malformed")
  const { groupInfo } = message
  const context = encodeGroupContext(groupInfo.groupContext)
  if (!sameBytes(context, encodeGroupContext(next.groupContext))) return err("context_differs")
  if (!sameBytes(groupInfo.confirmationTag, next.confirmationTag)) return err("tag_differs")
  const extensions = readExtensions(groupInfo.extensions)
  if (!extensions.ok) return extensions
  if (!sameBytes(extensions.value.tree, encodeTree(next.tree))) return err("tree_differs")
  const signer = leafAt(next, groupInfo.signer)
  if (!signer || signer.leaf !== by.leaf) return err("wrong_signer")
  const { signature } = await suite()
  const good = await verifyGroupInfoSignature(groupInfo, signer.signatureKey, signature)
  return good ? ok({ externalPub: extensions.value.externalPub }) : err("bad_signature")
}

/**
 * What an honest member attests of a state (R3): the hash of its context, its confirmation tag, and the external_pub that
 * stands in this GroupInfo, which was judged before. undefined where the bytes are no GroupInfo of ours.
 */
export function attestedBy(
  state: Pick<RoomState, "groupContext" | "confirmationTag">,
  groupInfoBytes: Uint8Array,
): { context: Uint8Array; confirmationTag: Uint8Array; externalPub: Uint8Array } | undefined {
  const message = readMessage(groupInfoBytes, "mls_group_info")
  const extensions = message && readExtensions(message.groupInfo.extensions)
  if (!extensions?.ok) return undefined
  const { groupContext, confirmationTag } = state
  const context = sha256(encodeGroupContext(groupContext))
  return { context, confirmationTag, externalPub: extensions.value.externalPub }
}

/** A Welcome's sealed parts are for exactly the devices that the commit adds; what is inside, only they can see. */
export function judgeWelcome(
  advance: Pick<Advance, "welcomes">,
  welcomeBytes: Uint8Array | undefined,
): Result<void, JudgeReason> {
  if (advance.welcomes.length === 0)
    return welcomeBytes === undefined ? ok(undefined) : err("welcome_differs")
  const message = welcomeBytes && readMessage(welcomeBytes, "mls_welcome")
  if (!message) return err("welcome_differs")
  const { cipherSuite, secrets } = message.welcome
  if (cipherSuite !== SUITE) return err("wrong_suite")
  const named = (ref: Uint8Array) => secrets.filter((s) => sameBytes(s.newMember, ref)).length === 1
  const exact =
    secrets.length === advance.welcomes.length && advance.welcomes.every((w) => named(w.keyPackageRef))
  return exact ? ok(undefined) : err("welcome_differs")
}
