/** What a person reads of a refusal, in both languages. Apart from its rules, so that only what shows it loads it. */
import type { ErrorKind } from "./error.ts"

export const sentences = {
  malformed: {
    zh: "请求格式不正确。",
    en: "The request is not in the right form.",
  },
  too_large: {
    zh: "内容太大了。",
    en: "This is too large.",
  },
  unknown_route: {
    zh: "没有这个地址。",
    en: "There is nothing at this address.",
  },
  unsupported_version: {
    zh: "版本不兼容，请刷新页面更新客户端。",
    en: "This client does not fit the server's version. Please reload to update.",
  },
  wrong_host: {
    zh: "此地址未在服务器上登记，请使用管理员公布的地址。",
    en: "The server does not answer under this address. Use the one its administrator published.",
  },
  wrong_origin: {
    zh: "请求来自其他网站，已拒绝。",
    en: "The request came from another website and was refused.",
  },
  rate_limited: {
    zh: "操作太频繁，请稍后再试。",
    en: "Too many attempts. Please wait a moment.",
  },
  unavailable: {
    zh: "服务器暂时不可用，请稍后再试。",
    en: "The server is not available right now. Please try again shortly.",
  },
  storage_full: {
    zh: "服务器存储已满，请联系管理员。",
    en: "The server's storage is full. Please tell its administrator.",
  },
  internal: {
    zh: "服务器出错了，请稍后再试。",
    en: "Something went wrong on the server. Please try again shortly.",
  },
  not_signed_in: {
    zh: "请先登录。",
    en: "Please sign in first.",
  },
  session_expired: {
    zh: "登录已过期，请重新登录。",
    en: "Your session has ended. Please sign in again.",
  },
  not_fresh: {
    zh: "请再次输入密码以确认。",
    en: "Please confirm with your password again.",
  },
  no_device: {
    zh: "此会话还没有登记设备。",
    en: "This session has no device yet.",
  },
  wrong_credentials: {
    zh: "用户名或密码不正确。",
    en: "The username or password is not right.",
  },
  wrong_recovery_code: {
    zh: "用户名或恢复码不正确。恢复码用过一次后即失效。",
    en: "The username or recovery code is not right. A code that has been used is no longer valid.",
  },
  account_disabled: {
    zh: "此账号已被管理员停用。",
    en: "This account has been disabled by the administrator.",
  },
  recovery_required: {
    zh: "管理员已重置此账号，请用恢复码登录并设置新密码。",
    en: "The administrator has reset this account. Sign in with its recovery code and set a new password.",
  },
  not_admin: {
    zh: "只有服务器管理员可以这样做。",
    en: "Only an administrator of this server may do this.",
  },
  protected_account: {
    zh: "管理员的账号只能在服务器上用 teahouse admin 命令处理。",
    en: "An administrator's account can only be changed on the server itself, with the command teahouse admin.",
  },
  login_expired: {
    zh: "登录步骤已超时，请重试。",
    en: "Signing in took too long. Please try again.",
  },
  username_taken: {
    zh: "这个用户名已被使用。",
    en: "This username is taken.",
  },
  username_alike: {
    zh: "这个用户名和一个已有的太像了，请换一个。",
    en: "This username looks too much like one that is here already. Choose another.",
  },
  invalid_username: {
    zh: "用户名须为 2–32 个汉字、字母、数字或 _ - .，并以汉字、字母或数字开头。",
    en: "A username has 2–32 Han or Latin letters, digits or _ - . and begins with a letter or digit.",
  },
  weak_password: {
    zh: "密码太弱，请使用至少 8 个不易猜到的字符。",
    en: "This password is too easy to guess. Use at least 8 characters that are hard to guess.",
  },
  weak_stretching: {
    zh: "服务器要求的密码保护强度过低，已拒绝。",
    en: "The server asked for too weak a protection of your password. Refused.",
  },
  registration_closed: {
    zh: "此服务器不接受注册，或只凭邀请注册。请打开您收到的邀请链接，或询问管理员。",
    en: "This server takes nobody new, or by invitation only. Open the link you were given, or ask whoever runs it.",
  },
  invalid_invite: {
    zh: "邀请无效，或已被撤销。",
    en: "This invitation is not valid, or has been revoked.",
  },
  invite_used_up: {
    zh: "这个邀请的使用次数已用完，请向管理员索取新的邀请。",
    en: "This invitation has been used as often as it may be. Ask the administrator for a new one.",
  },
  invite_expired: {
    zh: "这个邀请已过期，请向管理员索取新的邀请。",
    en: "This invitation has expired. Ask the administrator for a new one.",
  },
  invalid_bot_token: {
    zh: "机器人令牌无效、已过期或已被使用。",
    en: "This bot token is not valid, has expired, or was used already.",
  },
  too_many_bots: {
    zh: "机器人数量已达上限。",
    en: "You cannot have more bots.",
  },
  not_for_bots: {
    zh: "机器人账号不能这样做。",
    en: "A bot's account cannot do this.",
  },
  bot_of_another: {
    zh: "只有机器人的主人可以加它为好友或邀请它。",
    en: "Only a bot's owner can be friends with it or invite it.",
  },
  id_taken: {
    zh: "编号冲突，请重试。",
    en: "That identifier is in use. Please try again.",
  },
  invalid_certificate: {
    zh: "设备证书无效。",
    en: "The device certificate is not valid.",
  },
  invalid_key_log: {
    zh: "账号的密钥记录与这次更改不符，已拒绝。请刷新后重试。",
    en: "The account's key record does not fit this change, which was refused. Please reload and try again.",
  },
  too_many_devices: {
    zh: "设备数量已达上限，请先移除不用的设备。",
    en: "You have reached the limit of devices. Remove one you no longer use.",
  },
  device_revoked: {
    zh: "此设备已从你的账号中移除。",
    en: "This device was removed from your account.",
  },
  unknown_device: {
    zh: "没有这个设备。",
    en: "There is no such device.",
  },
  invalid_key_package: {
    zh: "密钥包无效。",
    en: "The key package is not valid.",
  },
  no_key_package: {
    zh: "对方暂时没有可用的密钥，请稍后再试。",
    en: "This person's devices have no keys ready. Please try again later.",
  },
  unknown_user: {
    zh: "没有找到这个用户。",
    en: "There is no user with this name.",
  },
  request_to_self: {
    zh: "不能添加自己为好友。",
    en: "You cannot add yourself as a friend.",
  },
  already_friends: {
    zh: "你们已经是好友了。",
    en: "You are friends already.",
  },
  already_requested: {
    zh: "好友请求已发送，请等待对方回应。",
    en: "Your request is already waiting for an answer.",
  },
  request_waiting: {
    zh: "对方也向你发送了好友请求，正在接受。",
    en: "This person has already asked you. Accepting their request.",
  },
  unknown_request: {
    zh: "这个好友请求已不存在。",
    en: "This friend request is no longer there.",
  },
  already_answered: {
    zh: "这个好友请求已处理过了。",
    en: "This friend request has been answered already.",
  },
  not_friends: {
    zh: "你们还不是好友。",
    en: "You are not friends with this person.",
  },
  blocked: {
    zh: "对方不接受你的请求。",
    en: "This person does not take requests from you.",
  },
  blocking: {
    zh: "你已将对方加入黑名单，请先移出。",
    en: "You have blocked this person. Unblock them first.",
  },
  unknown_room: {
    zh: "没有这个聊天，或你不在其中。",
    en: "There is no such chat, or you are not in it.",
  },
  not_a_member: {
    zh: "你不在这个聊天中。",
    en: "You are not a member of this chat.",
  },
  room_frozen: {
    zh: "这个聊天已停用，暂时不能发送。",
    en: "This chat is paused, so nothing can be sent.",
  },
  room_full: {
    zh: "这个聊天的设备数已达上限（1000）。",
    en: "This chat has reached its limit of 1,000 devices.",
  },
  unknown_link: {
    zh: "邀请链接无效，请检查是否复制完整。",
    en: "This invitation link is not valid. Check that it was copied whole.",
  },
  link_revoked: {
    zh: "邀请链接已被撤销，请向群成员索取新链接。",
    en: "This invitation link has been revoked. Ask somebody in the group for a new one.",
  },
  link_expired: {
    zh: "邀请链接已过期，请向群成员索取新链接。",
    en: "This invitation link has expired. Ask somebody in the group for a new one.",
  },
  link_used_up: {
    zh: "邀请链接的使用次数已用完，请向群成员索取新链接。",
    en: "This invitation link has been used as often as it may be. Ask somebody in the group for a new one.",
  },
  banned: {
    zh: "此人已被移出群聊，只有群主或管理员可以重新邀请。",
    en: "This person was removed from the group. Only its owner or an admin can add them again.",
  },
  already_member: {
    zh: "你已经在这个群聊中了。",
    en: "You are in this group already.",
  },
  join_declined: {
    zh: "入群申请已被拒绝。",
    en: "The request to join was declined.",
  },
  unknown_join: {
    zh: "这个入群申请已不存在。",
    en: "This request to join is no longer there.",
  },
  bad_join: {
    zh: "入群申请与邀请链接不符。",
    en: "This request to join does not fit its link.",
  },
  too_many_joins: {
    zh: "等待入群的人太多，请稍后再试。",
    en: "Too many people are waiting to join this group. Please try again later.",
  },
  stale_epoch: {
    zh: "聊天成员有变化，正在重新加密。",
    en: "The chat's members changed; sealing again.",
  },
  stale_head: {
    zh: "聊天有新内容，正在重试。",
    en: "The chat has moved on; trying again.",
  },
  already_sent: {
    zh: "这条消息已经发送过。",
    en: "This message has been sent already.",
  },
  commit_refused: {
    zh: "此操作不符合聊天的规则。",
    en: "The chat's rules do not allow this.",
  },
  invalid_message: {
    zh: "消息格式不正确。",
    en: "The message is not in the right form.",
  },
  text_too_long: {
    zh: "消息太长，最多 64 KB。",
    en: "The message is too long. The limit is 64 KB.",
  },
  file_too_large: {
    zh: "文件超过了服务器允许的大小。",
    en: "The file is larger than this server allows.",
  },
  quota_exceeded: {
    zh: "你在服务器上的文件空间不足，请先清理旧文件。",
    en: "There is not enough room left for your files on this server.",
  },
  too_many_uploads: {
    zh: "未完成的上传太多，请等其中一些完成。",
    en: "Too many uploads are unfinished. Let some of them finish first.",
  },
  unknown_blob: {
    zh: "这个文件已不在服务器上。",
    en: "This file is no longer on the server.",
  },
  wrong_offset: {
    zh: "上传位置不一致，正在重新确认。",
    en: "The upload stands elsewhere; asking again.",
  },
  too_late_to_recall: {
    zh: "已超过可撤回的时间。",
    en: "It is too late to recall this message.",
  },
  push_refused: {
    zh: "服务器不向此浏览器的推送服务发送。",
    en: "The server does not send to this browser's push service.",
  },
  version_conflict: {
    zh: "其他设备已更新此内容。",
    en: "Another device has changed this in the meantime.",
  },
  unknown_record: {
    zh: "没有找到这条内容。",
    en: "This is not there.",
  },
} as const satisfies Record<ErrorKind, { readonly zh: string; readonly en: string }>
