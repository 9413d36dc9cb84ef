/** Administration as people type it and are told of it: names, ids and links as text, refusals as sentences. For the command line. */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import type { Refusal } from "@teahouse/protocol/error.ts"
import { sentences } from "@teahouse/protocol/error-sentence.ts"
import { INVITE_LIFE_MAX, INVITE_USES_MAX, QUOTA_MAX } from "@teahouse/protocol/http/admin.ts"
import { type Id, isId } from "@teahouse/protocol/ids.ts"
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import type { Problem } from "../config.ts"

export type {
  AdminAct,
  AdminInvite,
  AdminRoom,
  AdminStats,
  AdminUser,
  AuditRow,
} from "@teahouse/protocol/http/admin.ts"
export type { Id }

export const adminLimits = { uses: INVITE_USES_MAX, life: INVITE_LIFE_MAX, quota: QUOTA_MAX }

/** undefined: it is no username. */
export const readName = (text: string): string | undefined => normalizeUsername(text)
/** undefined: it is no id. */
export const readId = (text: string): Id | undefined => (isId(text) ? text : undefined)

export const codeText = (code: Uint8Array): string => toBase64url(code)
/** The code is in the fragment, which no server is sent. */
export const inviteLink = (origin: string, code: Uint8Array): string => `${origin}/#invite=${codeText(code)}`

export const refusalSentence = ({ kind }: Refusal): Problem => sentences[kind]
