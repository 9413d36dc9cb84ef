/** Bringing in what another program has exported. Both languages side by side. */
import type { UnreadWhy } from "@teahouse/client/import/record.ts"
import type { Strings, Translation } from "@teahouse/client/words/translation.ts"

export const en = {
  importTitle: "Import from another program",
  importWhat:
    "A Telegram Desktop export as JSON (result.json) or a WhatsApp export (_chat.txt, or the .zip that the telephone made). It becomes part of a chat's history that only you see: it is sent to nobody, and nobody can change it. Its files go into your notes to self.",
  importTo: "Into the chat",
  importFile: "Choose file",
  importFolder: "Choose folder with its files",
  importRunning: (chat: string, done: number, of: number) =>
    `${chat}: ${done.toLocaleString("en")} of ${of.toLocaleString("en")} messages`,
  importReading: "Reading …",
  importDone: (n: number) => `${n.toLocaleString("en")} ${n === 1 ? "message" : "messages"} imported.`,
  importBefore: (n: number) =>
    `${n.toLocaleString("en")} ${n === 1 ? "message was" : "messages were"} there already.`,
  importFiles: (n: number) => `${n} ${n === 1 ? "file" : "files"}.`,
  importStopped: "Stopped. Nothing of an unfinished chat is shown; the same import goes on from there.",
  importUnread: "What could not be read",
  importMore: (n: number) => `and ${n} more`,
  importDates: (order: string) =>
    `The order of the dates is not certain. They were read as ${order} (y year, m month, d day).`,
  importCutOff: "The file is damaged: it is not whole JSON. Nothing was imported.",
  importNotUtf8: "The file cannot be read: it is no text in UTF-8. Nothing was imported.",
  importTooLarge:
    "The file is larger than 512 MB, or unpacks to far more than an export does. Nothing was imported.",
  importDamagedArchive: "The archive is damaged: it cannot be read. Nothing was imported.",
  importLockedArchive: "The archive has a password. Unpack it first. Nothing was imported.",
  importNoExport:
    "This is neither a Telegram Desktop export as JSON (result.json) nor a WhatsApp export as text, nor a .zip of one.",
  importWhy_not_a_message: "not a message",
  importWhy_no_time: "without a time",
  importWhy_unknown_kind: "of an unknown kind",
  importWhy_file_not_included: "the file is not in the export",
  importWhy_bad_path: "the path leads out of the export",
  importWhy_damaged: "the file is damaged in the archive",
  importWhy_too_large: "the file is larger than 512 MB",
  importDelete: "Delete this import",
  importDeleteAsk: "All of it is deleted, on all of your devices.",
} satisfies Strings & Record<`importWhy_${UnreadWhy}`, string>

export const zh: Translation<typeof en> = {
  importTitle: "从其他软件导入",
  importWhat:
    "Telegram Desktop 的 JSON 导出（result.json）或 WhatsApp 的导出（_chat.txt，或手机生成的 .zip）。它会成为聊天历史的一部分，只有你能看到：不会发给任何人，谁也不能改动。其中的文件放在文件传输助手中。",
  importTo: "导入到聊天",
  importFile: "选择文件",
  importFolder: "选择文件夹（含其中的文件）",
  importRunning: (chat, done, of) =>
    `${chat}：${done.toLocaleString("zh-CN")} / ${of.toLocaleString("zh-CN")} 条消息`,
  importReading: "正在读取……",
  importDone: (n) => `已导入 ${n.toLocaleString("zh-CN")} 条消息。`,
  importBefore: (n) => `${n.toLocaleString("zh-CN")} 条消息之前已导入。`,
  importFiles: (n) => `${n} 个文件。`,
  importStopped: "已停止。未完成的聊天不会显示；再次导入同一份会接着进行。",
  importUnread: "未能读取的内容",
  importMore: (n) => `另有 ${n} 项`,
  importDates: (order) => `日期的顺序无法确定，按 ${order}（y 年 m 月 d 日）读取。`,
  importCutOff: "文件已损坏：不是完整的 JSON。没有导入任何内容。",
  importNotUtf8: "无法读取此文件：不是 UTF-8 文本。没有导入任何内容。",
  importTooLarge: "文件超过 512 MB，或解压后远大于正常的导出。没有导入任何内容。",
  importDamagedArchive: "压缩包已损坏，无法读取。没有导入任何内容。",
  importLockedArchive: "压缩包有密码，请先解压。没有导入任何内容。",
  importNoExport:
    "这不是 Telegram Desktop 的 JSON 导出（result.json），也不是 WhatsApp 的文本导出，或它们的 .zip。",
  importWhy_not_a_message: "不是消息",
  importWhy_no_time: "没有时间",
  importWhy_unknown_kind: "未知的类型",
  importWhy_file_not_included: "导出中没有这个文件",
  importWhy_bad_path: "路径超出了导出的范围",
  importWhy_damaged: "压缩包中的这个文件已损坏",
  importWhy_too_large: "文件超过 512 MB",
  importDelete: "删除此导入",
  importDeleteAsk: "将在你的所有设备上全部删除。",
}
