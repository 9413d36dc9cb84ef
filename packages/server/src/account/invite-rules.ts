/** Whether an invitation still makes an account; asked early for who registers, and again in the transaction that counts it. */
import type { ErrorKind } from "@teahouse/protocol/error.ts"

type Invite = {
  readonly uses: number
  readonly used: number
  readonly expires: number
  readonly revoked: number
}

export function objectionToInvite(invite: Invite | undefined, now: number): ErrorKind | undefined {
  if (!invite || invite.revoked > 0) return "invalid_invite"
  if (invite.used >= invite.uses) return "invite_used_up"
  return invite.expires > 0 && invite.expires <= now ? "invite_expired" : undefined
}
