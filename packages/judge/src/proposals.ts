/**
 * The shape of a commit's proposals (RFC 9420 section 12.2, narrowed): add, remove, at most one group_context_extensions;
 * or, by a joiner, exactly one external_init and at most one remove. Nothing by reference: a pending proposal stops
 * everybody's sending, and who wrote it would have to be judged from elsewhere.
 */
import { limits } from "@teahouse/protocol/limits.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Extension, KeyPackage } from "ts-mls"
import type { Commit } from "ts-mls/commit.js"
import type { JudgeReason } from "./reasons.ts"

export type Proposals = {
  readonly adds: readonly KeyPackage[]
  readonly removes: readonly number[]
  readonly extensions: readonly Extension[] | undefined
  readonly needsPath: boolean
}

export function readProposals(commit: Commit, external: boolean): Result<Proposals, JudgeReason> {
  const adds: KeyPackage[] = []
  const removes: number[] = []
  let extensions: readonly Extension[] | undefined
  let inits = 0
  for (const item of commit.proposals) {
    if (item.proposalOrRefType !== "proposal") return err("proposal_by_reference")
    const { proposal } = item
    if (proposal.proposalType === "add" && "add" in proposal) adds.push(proposal.add.keyPackage)
    else if (proposal.proposalType === "remove" && "remove" in proposal) removes.push(proposal.remove.removed)
    else if (proposal.proposalType === "external_init") inits++
    else if (proposal.proposalType === "group_context_extensions" && "groupContextExtensions" in proposal) {
      if (extensions) return err("proposal_type")
      extensions = proposal.groupContextExtensions.extensions
    } else return err("proposal_type")
  }
  if (inits !== (external ? 1 : 0)) return err("proposal_type")
  if (external && (adds.length > 0 || extensions)) return err("proposal_type")
  if (external && removes.length > 1) return err("external_forbidden")
  if (adds.length > limits.addsPerCommit) return err("too_many_adds")
  if (new Set(removes).size !== removes.length) return err("bad_remove")
  const onlyAdds = commit.proposals.length > 0 && adds.length === commit.proposals.length
  return ok({ adds, removes, extensions, needsPath: !onlyAdds })
}
