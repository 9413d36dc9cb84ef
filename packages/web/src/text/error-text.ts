/** The sentence of an error: the wire's own from protocol/error-sentence.ts, ours from the text tables. */
import type { CommandError, Language, LocalErrorKind } from "@teahouse/client/view/port/basic.ts"
import type { ErrorKind } from "@teahouse/protocol/error.ts"
import { sentences } from "@teahouse/protocol/error-sentence.ts"
import type { Text } from "./en.ts"
import { textOf } from "./use-text.ts"

const local = {
  offline: "errorOffline",
  signed_out: "errorSignedOut",
  not_found: "errorNotFound",
  store_damaged: "errorStoreDamaged",
  identity_changed: "errorIdentityChanged",
  house_changed: "errorHouseChanged",
  in_use: "errorInUse",
  busy: "errorBusy",
  not_allowed: "errorNotAllowed",
  owner_leaves: "errorOwnerLeaves",
  bad_group_name: "errorGroupName",
  announcement_too_long: "errorAnnouncement",
  not_yours: "errorNotYours",
  too_late: "errorTooLate",
  bad_poll: "errorPoll",
  file_gone: "errorFileGone",
  file_damaged: "errorFileDamaged",
  damaged: "alarmHistoryDamaged",
  device_full: "errorDeviceFull",
  history_full: "errorHistoryFull",
  caption_too_long: "errorCaption",
  name_too_long: "errorNameTooLong",
  too_many_tags: "errorTooManyTags",
  too_many_stickers: "errorTooManyStickers",
  password_needed: "errorPasswordNeeded",
  bad_nickname: "errorNickname",
  bad_picture: "errorPicture",
  safety_differs: "errorSafetyDiffers",
  safety_own: "errorSafetyOwn",
  safety_unreadable: "errorSafetyUnreadable",
  vault_rolled_back: "errorVaultRolledBack",
} as const satisfies Record<LocalErrorKind, keyof Text>

const isLocal = (kind: string): kind is LocalErrorKind => Object.hasOwn(local, kind)
const isWire = (kind: string): kind is ErrorKind => Object.hasOwn(sentences, kind)

export function errorText(kind: CommandError["kind"], language: Language): string {
  if (isLocal(kind)) return textOf(language)[local[kind]]
  // A newer server may know kinds that this page does not.
  const row = sentences[isWire(kind) ? kind : "internal"]
  return language === "zh-CN" ? row.zh : row.en
}
