/**
 * Why the judge refuses. Reasons are part of the judge's version: clients and servers of one version give the same one.
 * They name rules, never content, so they may be logged and travel as `detail.reason` of `commit_refused`.
 */
export const JUDGE_VERSION = 1

export const reasons = {
  // Form
  malformed: "not exactly one MLS message of the expected kind, in its one canonical encoding",
  wrong_suite: "another protocol version or cipher suite than ours",
  wrong_group: "the group id is not the one derived from room and generation",
  wrong_epoch: "made for another epoch (the only reason that is nobody's fault)",
  wrong_sender: "not made by the device that posted it, or by a leaf that does not exist",
  bad_signature: "a signature of the message or GroupInfo does not hold",
  bad_data: "the authenticated data is not CommitData",

  // Proposals
  proposal_by_reference: "proposals travel inside the commit only",
  proposal_type:
    "other than add, remove, external_init, group_context_extensions, or in a combination that is not allowed",
  too_many_adds: "more than 128 adds",
  room_full: "more than 1,000 leaves",
  path_required: "anything but an add needs a path",
  bad_remove: "removes a blank leaf, one leaf twice, or the committer itself",

  // Leaves and path
  bad_key_package: "signature, suite, init key or form of an added key package",
  bad_leaf: "form, capabilities, keys or signature of a leaf node",
  bad_certificate: "not a certificate, or not signed by its identity key over this leaf's signature key",
  wrong_house: "a certificate of another house",
  key_reuse: "an encryption or signature key that is already in the tree, or a point of low order",
  bad_path: "length, ciphertext count, keys or parent hash of the update path",
  bad_tree: "the ratchet tree is not sound: structure, unmerged leaves, parent hashes or tree hash",

  // Identity (SECURITY R1)
  second_identity: "a user with two identity keys, names or kinds in one tree",
  second_device: "a device that is in the tree twice",
  stale_certificate: "an account generation lower than the highest of that user",
  renamed_committer: "a committer that changes its own ids or keys",
  identity_change:
    "a changed identity key in another way than one commit that replaces all leaves, by somebody who may",

  // Roles and policy (SECURITY R4)
  bad_policy: "the policy extension is missing, malformed or not alone",
  policy_forbidden: "this committer may not change the policy in this way",
  add_forbidden: "this committer may not add this user",
  join_forbidden:
    "a join request that does not hold for the added leaf, or whose link is not there, used up, or for admins to answer",
  remove_forbidden:
    "this committer may not remove this leaf, and brings no signed notice that would allow it",
  not_in_room: "a user outside the two of a private room, or the one of a self room",
  external_forbidden: "an external commit by a stranger, or one that removes another device than its own",

  // Openings, GroupInfo and welcome
  not_an_opening: "a generation opens at epoch 0 with exactly one leaf and an empty transcript",
  context_differs: "the GroupInfo's context is not the one that the commit leads to",
  tag_differs: "the confirmation tag is not the commit's",
  tree_differs: "the ratchet tree is not the one that the commit leads to",
  wrong_signer: "the GroupInfo is not signed by the committer",
  no_external_pub: "the GroupInfo has no well-formed external_pub, or extensions that do not belong there",
  welcome_differs: "the Welcome is not for exactly the added devices",
  lifetime: "outside the key package's lifetime, or a lifetime that is too long",
} as const

export type JudgeReason = keyof typeof reasons
