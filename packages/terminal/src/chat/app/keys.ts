/** Every key, once: what handles it and what the help page shows are this table. */
import type { Tongue } from "../../say/language.ts"

export type Where = "chat" | "writing" | "message"
export type Act =
  | (
      | "quit"
      | "help"
      | "friends"
      | "search"
      | "searchHere"
      | "switch"
      | "redraw"
      | "suspend"
      | "previous"
      | "next"
    )
  | ("previousUnread" | "nextUnread" | "pageUp" | "pageDown" | "top" | "bottom" | "back")
  | ("send" | "newline" | "complete" | "select" | "history")
  | (
      | "up"
      | "down"
      | "reply"
      | "react"
      | "edit"
      | "recall"
      | "save"
      | "openMessage"
      | "again"
      | "discard"
      | "who"
      | "deleteForMe"
      | "forward"
      | "vote"
      | "keepSticker"
    )

export type KeyRow = {
  readonly act: Act
  readonly keys: readonly string[]
  readonly zh: string
  readonly en: string
  readonly where: Where
}
const row = (where: Where, act: Act, keys: string, zh: string, en: string): KeyRow => ({
  ...{ where, act, zh, en },
  keys: keys.split(" "),
})

export const keyTable: readonly KeyRow[] = [
  row("chat", "help", "f1", "帮助（输入框为空时也可按 ?）", "this page (also ? in an empty line)"),
  row("chat", "friends", "f2", "好友与申请", "friends and requests"),
  row("chat", "search", "f3", "搜索全部聊天", "search all chats"),
  row("chat", "searchHere", "ctrl+f", "在本聊天中搜索", "search in this chat"),
  row("chat", "switch", "ctrl+k", "切换聊天", "go to a chat"),
  row("chat", "previous", "alt+up ctrl+p", "上一个聊天", "previous chat"),
  row("chat", "next", "alt+down ctrl+n", "下一个聊天", "next chat"),
  row("chat", "previousUnread", "alt+shift+up", "上一个未读", "previous unread chat"),
  row("chat", "nextUnread", "alt+shift+down alt+a", "下一个未读", "next unread chat"),
  row("chat", "pageUp", "pageup", "向上翻页", "scroll up"),
  row("chat", "pageDown", "pagedown", "向下翻页", "scroll down"),
  row("chat", "bottom", "ctrl+end alt+end", "到最新的消息", "to the latest"),
  row("chat", "back", "escape", "取消回复或编辑；回到最新", "cancel reply or edit; to the latest"),
  row("chat", "redraw", "ctrl+l", "重绘屏幕", "draw the screen anew"),
  row("chat", "suspend", "ctrl+z", "挂起，fg 回来", "suspend; fg comes back"),
  row("chat", "quit", "ctrl+q ctrl+c", "退出", "quit"),
  row("writing", "send", "enter", "发送", "send"),
  row("writing", "newline", "alt+enter ctrl+j", "换行", "new line"),
  row("writing", "complete", "tab", "补全 :表情: 与 @名字", "complete :emoji: and @name"),
  row("writing", "select", "up", "（输入框为空时）选中消息", "choose a message (in an empty line)"),
  row("writing", "history", "alt+p", "取回上一次输入", "what was written before"),
  row("message", "up", "up k", "上一条", "the one above"),
  row("message", "down", "down j", "下一条", "the one below"),
  row("message", "reply", "r", "回复", "reply"),
  row("message", "react", "+", "表情回应", "react"),
  row("message", "edit", "e", "编辑自己的消息", "edit one's own"),
  row("message", "recall", "u", "撤回自己的消息", "recall one's own"),
  row("message", "save", "s", "保存文件", "save its file"),
  row(
    "message",
    "openMessage",
    "enter",
    "打开图片；前往被引用的消息",
    "open its picture; go to what it answers",
  ),
  row("message", "forward", "f", "转发", "forward"),
  row("message", "vote", "v", "投票", "vote in a poll; end one's own"),
  row("message", "keepSticker", "a", "添加到表情", "keep a sticker among one's own"),
  row("message", "who", "i", "已读情况", "who has read it"),
  row("message", "deleteForMe", "d", "仅为我删除", "delete for me"),
  row("message", "again", "t", "重发未发送的", "send again what was refused"),
  row("message", "discard", "x", "丢弃未发送的", "discard what was refused"),
]

const byKey = new Map(keyTable.flatMap((one) => one.keys.map((key) => [`${one.where} ${key}`, one.act])))
export const actOf = (where: Where, key: string): Act | undefined => byKey.get(`${where} ${key}`)

const names: Readonly<Record<string, string>> = {
  ...{ up: "↑", down: "↓", pageup: "PgUp", pagedown: "PgDn", escape: "Esc", enter: "Enter", tab: "Tab" },
}
/** "ctrl+k" as it is written on keys: Ctrl+K. */
export const keyName = (key: string): string => {
  const parts = key.split(/\+(?=.)/)
  const named = (part: string) => names[part] ?? (part[0] ?? "").toUpperCase() + part.slice(1)
  return parts.length > 1 || key.length > 1 ? parts.map(named).join("+") : key
}

export type SlashRow = { readonly use: string; readonly zh: string; readonly en: string }
const slash = (use: string, zh: string, en: string): SlashRow => ({ use, zh, en })
export const slashTable = {
  file: slash("/file PATH", "发送文件", "send a file"),
  add: slash("/add NAME [LINE]", "添加好友", "ask for a friend"),
  accept: slash("/accept NAME", "接受好友申请", "accept a request"),
  group: slash("/group NAME", "新建群聊", "make a group"),
  invite: slash("/invite NAME", "邀请好友入群", "add a friend to this group"),
  chat: slash("/chat NAME", "切换到聊天", "go to a chat"),
  search: slash("/search [WORDS]", "搜索", "search"),
  poll: slash(
    "/poll QUESTION | ONE | TWO",
    "发起投票（问题后加 + 可多选）",
    "ask a poll (+ after the question: several answers)",
  ),
  sticker: slash("/sticker", "发送自己的表情", "send one of one's own stickers"),
  members: slash("/members", "成员", "who is here"),
  trust: slash("/trust", "安全号码", "the safety number"),
  mute: slash("/mute", "切换免打扰", "mute or unmute"),
  pin: slash("/pin", "切换置顶", "pin the chat or not"),
  leave: slash("/leave", "退出群聊", "leave the group"),
  friends: slash("/friends", "好友与申请", "friends and requests"),
  dismiss: slash("/dismiss", "关闭显示的警告", "dismiss the warning that is shown"),
  save: slash("/save DIR | off", "收到的文件自动保存到哪里", "where files that come are saved"),
  signout: slash("/signout", "退出登录", "sign out"),
  help: slash("/help", "帮助", "this page"),
  quit: slash("/quit", "退出", "quit"),
} as const satisfies Record<string, SlashRow>
export type SlashName = keyof typeof slashTable
export const isSlash = (name: string): name is SlashName => Object.hasOwn(slashTable, name)
export const said = ({ zh, en }: { zh: string; en: string }, tongue: Tongue): string =>
  tongue === "zh" ? zh : en
