/** What happened in a chat, and what was said without words: every screen says it alike. Both languages side by side. */
import type { Strings, Translation } from "./translation.ts"

export const en = {
  eventFriends: (name: string) => `You and ${name} are friends now. Messages are end-to-end encrypted.`,
  eventJoined: (name: string) => `${name} joined.`,
  eventLeft: (name: string) => `${name} left.`,
  eventManyJoined: (names: readonly string[], count: number) =>
    `${names.join(", ")} and ${count - names.length} others joined.`,
  eventPresent: (names: readonly string[], count: number) =>
    count > names.length
      ? `In this chat: ${names.join(", ")} and ${count - names.length} others.`
      : `In this chat: ${names.join(", ")}.`,
  eventManyLeft: (names: readonly string[], count: number) =>
    `${names.join(", ")} and ${count - names.length} others left.`,
  eventManyNewDevices: (names: readonly string[], count: number) =>
    `${names.join(", ")} and ${count - names.length} others use a new device.`,
  eventCreated: (name: string, group: string) => `${name} made the group “${group}”.`,
  eventRenamed: (name: string, group: string) => `${name} called the group “${group}”.`,
  eventAnnounced: (name: string, what: string) => `${name} announced: ${what}`,
  eventAnnouncementGone: (name: string) => `${name} took the announcement away.`,
  eventNewDevice: (name: string) => `${name} uses a new device.`,
  eventFrozen: "The friendship was ended. The chat is paused.",
  eventResumed: "You are friends again. The chat goes on.",
  eventUnreadable: (name: string) => `${name} sent something that nobody can read.`,
  eventHistory: "History on this device begins here.",
  eventHistoryGap: (n: number) =>
    `Up to ${n} ${n === 1 ? "message" : "messages"} before this came while none of your devices was there.`,
  eventGiven: (name: string) =>
    `The messages below were given by ${name}. None of your devices could read them when they came.`,
  eventImported: (program: string, title: string) =>
    `Imported from ${program} (“${title}”), not verified. Only you see it.`,
  eventRejoined: "This device joined the chat again.",
  eventLost: (n: number) =>
    `The house was restored from a backup and lost ${n === 1 ? "the message" : `the ${n} messages`} below. ${n === 1 ? "It is" : "They are"} still on your device.`,
  lostMark: "no longer at the house",
  eventRenewed: "This chat's encryption was set up again, because some devices could no longer follow it.",
  eventRecalled: (name: string) => `${name} recalled a message.`,
  eventRecalledMine: "You recalled a message.",
  eventPinned: (name: string, what: string) => `${name} pinned “${what}”.`,
  eventUnpinned: (name: string) => `${name} unpinned a message.`,
  eventTimer: (name: string, time: string) => `${name} set messages to disappear after ${time}.`,
  eventTimerOff: (name: string) => `${name} turned disappearing messages off.`,
  quoteGone: "The message is not here any more",
  stickerSaid: "[Sticker]",
  bundleSaid: (title: string) => `[Chat records] ${title}`,
  timerSeconds: (n: number) => (n === 1 ? "1 second" : `${n} seconds`),
  timerMinutes: (n: number) => (n === 1 ? "1 minute" : `${n} minutes`),
  timerHours: (n: number) => (n === 1 ? "1 hour" : `${n} hours`),
  timerDays: (n: number) => (n === 1 ? "1 day" : `${n} days`),
  timerWeeks: (n: number) => (n === 1 ? "1 week" : `${n} weeks`),
  eventPicture: (name: string) => `${name} changed the group picture.`,
  eventPastOff: (name: string) => `${name} changed what new members get of the history: nothing.`,
  eventPastDays: (name: string, n: number) =>
    `${name} changed what new members get of the history: ${n === 1 ? "the last day" : `the last ${n} days`}.`,
  eventPastAll: (name: string) => `${name} changed what new members get of the history: all of it.`,
  blockedSaid: "A message from somebody you have blocked.",
  identityChanged: (name: string) => `The identity of ${name} has changed.`,
  alarmForked:
    "The house shows different members different versions of a chat. Be careful what you say here.",
  alarmRolledBack: "The house took back messages that it had already confirmed.",
  alarmAccountRolledBack:
    "The house gave this device older or other records of your account than your devices have seen. Nothing here was overwritten.",
  alarmKeysLost:
    "The restored house has forgotten that you took a device away: it may be in again, and your new history is kept on your devices only. Take it away again in Settings, or sign out and in: your password puts this right.",
  alarmOtherIdentity:
    "In a chat the house shows somebody you know under another identity. This device stays out of it. If they told you that they began anew, dismiss this, and it goes in.",
  alarmNewIncarnation: "The house was restored from a backup. The newest messages may be missing.",
  alarmRestoredAgain:
    "The house was restored from a backup once more. Ask whoever runs it why: a house can drop messages by saying this.",
  alarmBadSignature: "The house sent something with a wrong signature.",
  alarmHouseChanged: "The house at this address is not the one you signed in to before.",
  alarmHistoryDamaged:
    "A part of your kept history cannot be opened. What is on your devices stays as it is.",
  alarmUnsentDamaged:
    "What this device had stored was damaged, and has been repaired. A message that was not sent yet is lost.",
  alarmPastRefused:
    "Somebody gave you older messages of a chat that do not fit what your devices know. They were left out.",
  alarmKeysChanged: (name: string) =>
    name
      ? `The house's record of ${name}'s keys does not hold together: somebody may be posing as ${name}. Compare the safety number in person before you say anything that matters.`
      : "The house's record of your own keys does not hold together: others may see somebody else in your place. Compare safety numbers with your friends in person.",
  alarmKeysUnlisted: (name: string) =>
    name
      ? `In a chat there is a device in ${name}'s name that does not stand in the record of ${name}'s keys: somebody may be posing as ${name}. Compare the safety number in person before you say anything that matters.`
      : "In a chat there is a device in your name that does not stand in the record of your keys. Look at your devices, and change your password.",
  alarmDeviceAdded:
    "A new device has signed in to your account. If that was not you, remove it from your devices and change your password.",
} satisfies Strings
export type Happened = {
  readonly [K in keyof typeof en]: (typeof en)[K] extends string ? string : (typeof en)[K]
}

export const zh: Translation<typeof en> = {
  eventFriends: (name) => `你和 ${name} 已成为好友，消息经过端到端加密。`,
  eventJoined: (name) => `${name} 加入了聊天。`,
  eventLeft: (name) => `${name} 离开了聊天。`,
  eventManyJoined: (names, count) => `${names.join("、")} 等 ${count} 人加入了聊天。`,
  eventPresent: (names, count) =>
    count > names.length
      ? `聊天成员：${names.join("、")} 等 ${count} 人。`
      : `聊天成员：${names.join("、")}。`,
  eventManyLeft: (names, count) => `${names.join("、")} 等 ${count} 人离开了聊天。`,
  eventManyNewDevices: (names, count) => `${names.join("、")} 等 ${count} 人使用了新设备。`,
  eventCreated: (name, group) => `${name} 创建了群“${group}”。`,
  eventRenamed: (name, group) => `${name} 把群名改为“${group}”。`,
  eventAnnounced: (name, what) => `${name} 发布了群公告：${what}`,
  eventAnnouncementGone: (name) => `${name} 撤下了群公告。`,
  eventNewDevice: (name) => `${name} 使用了新设备。`,
  eventFrozen: "好友关系已解除，聊天已暂停。",
  eventResumed: "你们又成为好友，可以继续聊天了。",
  eventUnreadable: (name) => `${name} 发送了一条无法读取的内容。`,
  eventHistory: "此设备上的聊天记录从这里开始。",
  eventHistoryGap: (n) => `此前最多有 ${n} 条消息，到达时你没有设备在线。`,
  eventGiven: (name) => `以下消息由 ${name} 提供，消息到达时你没有设备能读取。`,
  eventImported: (program, title) => `以下从 ${program} 导入（“${title}”），未经核实，只有你能看到。`,
  eventRejoined: "此设备已重新加入聊天。",
  eventLost: (n) => `服务器从备份恢复，丢失了下面的 ${n} 条消息。它们仍在你的设备上。`,
  lostMark: "服务器上已没有",
  eventRenewed: "部分设备无法继续解密，此聊天已重新建立加密。",
  eventRecalled: (name) => `${name}撤回了一条消息`,
  eventRecalledMine: "你撤回了一条消息",
  eventPinned: (name, what) => `${name}置顶了“${what}”`,
  eventUnpinned: (name) => `${name}取消了一条置顶`,
  eventTimer: (name, time) => `${name}将消息设为 ${time}后消失`,
  eventTimerOff: (name) => `${name}关闭了消息自动消失`,
  quoteGone: "引用的消息已不存在",
  stickerSaid: "[表情]",
  bundleSaid: (title) => `[聊天记录] ${title}`,
  timerSeconds: (n) => `${n} 秒`,
  timerMinutes: (n) => `${n} 分钟`,
  timerHours: (n) => `${n} 小时`,
  timerDays: (n) => `${n} 天`,
  timerWeeks: (n) => `${n} 周`,
  eventPicture: (name) => `${name}更换了群头像`,
  eventPastOff: (name) => `${name}将向新成员共享的聊天记录改为：无`,
  eventPastDays: (name, n) => `${name}将向新成员共享的聊天记录改为：最近 ${n} 天`,
  eventPastAll: (name) => `${name}将向新成员共享的聊天记录改为：全部`,
  blockedSaid: "黑名单中的人发了一条消息。",
  identityChanged: (name) => `${name}的身份已改变。`,
  alarmForked: "服务器向不同成员展示了不同版本的聊天，请谨慎发言。",
  alarmRolledBack: "服务器收回了已确认过的消息。",
  alarmAccountRolledBack: "服务器给出的账号数据比你的设备见过的更旧，或与之不同。本机的内容没有被覆盖。",
  alarmKeysLost:
    "服务器恢复后忘记了你曾移除一台设备：该设备可能又能登录，你的新聊天记录目前只存在你的设备上。请在设置中再次移除它，或退出后重新登录，输入密码即可恢复正常。",
  alarmOtherIdentity:
    "在某个聊天中，服务器展示的一位你认识的人换了身份，因此本设备没有进入。如果对方告诉过你他重新开始了，关闭此提示后本设备会进入。",
  alarmNewIncarnation: "服务器已从备份恢复，最新的消息可能缺失。",
  alarmRestoredAgain: "服务器又一次从备份恢复。请向管理者询问原因：服务器可以借此丢弃消息。",
  alarmBadSignature: "服务器发来的内容签名不正确。",
  alarmHouseChanged: "此地址上的服务器与你之前登录的不是同一个。",
  alarmUnsentDamaged: "此设备上的存储曾损坏，现已修复。有一条尚未发送的消息丢失了。",
  alarmHistoryDamaged: "服务器保存的一部分聊天记录无法打开。你设备上的内容不受影响。",
  alarmPastRefused: "有人提供的旧消息与你设备上的记录不符，已忽略。",
  alarmKeysChanged: (name) =>
    name
      ? `服务器给出的${name}的密钥记录前后不一致，可能有人冒充${name}。谈重要的事之前，请当面核对安全码。`
      : "服务器给出的你自己的密钥记录前后不一致，别人看到的可能不是你。请与好友当面核对安全码。",
  alarmKeysUnlisted: (name) =>
    name
      ? `聊天中有一台以${name}的名义加入的设备，但它不在${name}的密钥记录中，可能有人冒充${name}。谈重要的事之前，请当面核对安全码。`
      : "聊天中有一台以你的名义加入的设备，但它不在你的密钥记录中。请查看你的设备并修改密码。",
  alarmDeviceAdded: "你的账号在一台新设备上登录了。如果不是你本人，请移除该设备并修改密码。",
}
