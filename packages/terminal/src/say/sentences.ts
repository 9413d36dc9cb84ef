/** Errors of the client itself as sentences; the wire's own stand in protocol/error-sentence.ts. */
import type { CommandError, LocalErrorKind } from "@teahouse/client/view/port/basic.ts"
import { sentences } from "@teahouse/protocol/error-sentence.ts"
import type { Damage } from "../profile/damage-note.ts"
import { EXIT, type Exit } from "./exit.ts"

export type Sentence = { readonly zh: string; readonly en: string }

const both = (zh: string, en: string): Sentence => ({ zh, en })

const local: Record<LocalErrorKind, Sentence> = {
  offline: both("无法连接服务器。", "The house cannot be reached."),
  signed_out: both(
    "此配置没有登录，请先执行 teahouse account login。",
    "Nobody is signed in here. Use teahouse account login first.",
  ),
  not_found: both("它已经不在了。", "It is not here any more."),
  store_damaged: both(
    "本机保存的数据已损坏，请重新登录：内容会从服务器恢复。",
    "What is stored on this device is damaged. Sign in again: it is rebuilt from the house.",
  ),
  identity_changed: both(
    "对方的身份密钥已改变，请先核对安全号码。",
    "Their identity key has changed. Compare the safety number first.",
  ),
  house_changed: both("这不是原来的服务器。", "This is another house than before."),
  in_use: both("此配置已登录一个账号。", "An account is signed in here already."),
  busy: both("正在处理，请稍后再试。", "Still at work. Try again in a moment."),
  not_allowed: both("你没有这个权限。", "You may not do this."),
  owner_leaves: both("群主须先转让群。", "The owner has to hand the group over first."),
  bad_group_name: both("群名称为空或太长。", "The group's name is empty or too long."),
  announcement_too_long: both("公告太长。", "The announcement is too long."),
  bad_nickname: both("昵称不合适。", "This name cannot be used."),
  bad_picture: both("这张图片无法使用。", "This picture cannot be used."),
  not_yours: both("这不是你的消息。", "This message is not yours."),
  too_late: both("已超过可更改的时间。", "It is too late for that."),
  bad_poll: both("投票内容不完整。", "The poll is not complete."),
  file_gone: both("服务器已没有此文件。", "The house has this file no more."),
  file_damaged: both("文件已损坏。", "The file is damaged."),
  device_full: both("本机空间不足。", "There is no room left on this device."),
  history_full: both(
    "服务器上已没有足够的空间保存你的聊天记录，新的内容只在此设备上。",
    "The house has no room left for your chat history: what is new in it is on this device alone.",
  ),
  caption_too_long: both("说明太长。", "The caption is too long."),
  name_too_long: both("名称太长。", "The name is too long."),
  too_many_tags: both("标签太多。", "There are too many tags."),
  too_many_stickers: both("表情太多。", "There are too many stickers."),
  password_needed: both("需要密码。", "The password is needed."),
  damaged: both("历史记录已损坏。", "A part of the history is damaged."),
  safety_differs: both("安全号码不一致。", "The safety numbers differ."),
  safety_own: both("这是你自己的号码。", "This is your own number."),
  safety_unreadable: both("无法识别此安全号码。", "This is no safety number."),
  vault_rolled_back: both(
    "服务器给出了旧的账号密钥库：旧密码可能又有效了。什么都没有改变，请联系服务器的管理者。",
    "The house gave back an older vault of this account: an old password may open it again. Nothing was changed. Ask who runs the house.",
  ),
}

/** A file of the profile: where it was kept is said, for what only it had. */
export const damagedSentence = ({ what, file }: Damage): Sentence =>
  what === "store"
    ? both(
        `本机保存的数据已损坏，已移到 ${file} 保留。请重新登录：内容会从服务器恢复。`,
        `What is stored on this device is damaged; it was moved to ${file} and kept. Sign in again: everything comes back from the house.`,
      )
    : both(
        `密钥文件 ${file} 已损坏。请重新登录：密码会恢复密钥，本机保存的内容都还在。`,
        `The key file ${file} is damaged. Sign in again: the password brings the key back, and what is stored here is there.`,
      )

/** The same where it was found while signing in, which has gone on. */
export const wasDamagedSentence = ({ what, file }: Damage): Sentence =>
  what === "store"
    ? both(
        `本机保存的数据已损坏，已移到 ${file} 保留。已重新登录，内容会从服务器恢复；只有本机才有的（未发出的消息和草稿）不在其中。`,
        `What was stored on this device is damaged; it was moved to ${file} and kept. You are signed in, and everything comes back from the house, except what only this device had: what was not sent yet, and drafts.`,
      )
    : both(
        `密钥文件 ${file} 已损坏，密码已恢复密钥，本机保存的内容都还在。`,
        `The key file ${file} was damaged. The password has brought the key back, and what is stored here is there.`,
      )

export const sentenceOf = (kind: CommandError["kind"]): Sentence => {
  if (Object.hasOwn(local, kind)) return local[kind as LocalErrorKind]
  const known = Object.hasOwn(sentences, kind) ? (kind as keyof typeof sentences) : "internal"
  return sentences[known]
}

const exits: Partial<Record<CommandError["kind"], Exit>> = {
  offline: EXIT.unreachable,
  unavailable: EXIT.unreachable,
  signed_out: EXIT.notSignedIn,
  not_signed_in: EXIT.notSignedIn,
  session_expired: EXIT.notSignedIn,
  wrong_credentials: EXIT.notSignedIn,
  not_found: EXIT.notFound,
  store_damaged: EXIT.damaged,
  unknown_user: EXIT.notFound,
}
export const exitOf = (kind: CommandError["kind"]): Exit => exits[kind] ?? EXIT.refused
