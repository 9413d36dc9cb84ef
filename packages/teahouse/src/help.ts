/** `teahouse --help`, and `--help` after any command: what there is, a line each, in the person's language. */
import { type Tongue, tongueOf } from "@teahouse/terminal/say/language.ts"

type Use = { readonly use: string; readonly zh: string; readonly en: string }
type Group = { readonly zh: string; readonly en: string; readonly uses: readonly Use[] }

const one = (use: string, zh: string, en: string): Use => ({ use, zh, en })

export const groups: readonly Group[] = [
  {
    zh: "服务器",
    en: "The house",
    uses: [
      one(
        "serve [--port N] [--host A] [--data DIR] [--config FILE] [--origin URL] [--nats URL] [--migrate] [--open|--no-open]",
        "开启服务器（默认命令）",
        "open the house (what is meant when no command is named)",
      ),
      one("config check|print", "检查配置；显示生效的配置", "check the configuration; print what holds"),
      one(
        "doctor [--json]",
        "检查常见问题，并说明怎样解决",
        "look at what goes wrong in practice, and say what to do",
      ),
      one(
        "healthcheck",
        "用同一份配置询问运行中的茶馆；正常为 0，否则为 1",
        "ask the house that this configuration opens whether it is there: 0, else 1",
      ),
      one("db copy --from A --to B", "在 SQLite 与 MySQL 之间搬迁", "move between SQLite and MySQL"),
      one(
        "blobs copy --from DIR|s3 --to s3|DIR",
        "在目录与对象存储之间搬迁文件",
        "move files between a folder and a bucket",
      ),
      one(
        "admin users|rooms|stats|audit [--json]",
        "查看用户、房间、总数与操作记录",
        "look at users, rooms, totals, and what administrators have done",
      ),
      one(
        "admin invite create [--uses N] [--expires 7d] | list | revoke ID",
        "邀请：创建、列出、撤销",
        "invitations: make, list, revoke",
      ),
      one(
        "admin disable|enable|reset|grant|revoke NAME",
        "停用、启用、重置为恢复码；设置或取消管理员",
        "disable, enable, reset to the recovery code; make or unmake an administrator",
      ),
      one("admin quota NAME 500M|default", "文件配额", "how much an account may keep"),
      one("backup --to DIR", "备份（可在运行时进行）", "back up, while the house is open"),
      one("backup key --to FILE", "生成操作员密钥", "make an operator's key"),
      one("verify DIR", "检查备份", "check a backup"),
      one("restore DIR --data DIR", "从备份恢复", "restore a backup"),
    ],
  },
  {
    zh: "聊天（在终端中）",
    en: "Chat in the terminal",
    uses: [
      one(
        "chat [URL] [--profile P] [--lang zh|en] [--save DIR|off]",
        "打开聊天；首次使用请给出服务器地址",
        "open the chat; name the house the first time",
      ),
    ],
  },
  {
    zh: "聊天（脚本用，输出为 JSON 行）",
    en: "Chat, for scripts: JSON lines",
    uses: [
      one(
        "account create|login --server URL --user NAME --profile P --password-stdin",
        "注册或登录；密码从标准输入读取",
        "make an account or sign in; the password is read from the input",
      ),
      one("account logout --profile P", "退出登录", "sign out"),
      one(
        "friend add|accept|remove --profile P NAME",
        "添加、接受、删除好友",
        "ask, accept or remove a friend",
      ),
      one("friend list --profile P", "好友与申请", "friends and requests"),
      one(
        "bot token|list|remove --profile P [NAME]",
        "机器人：生成令牌、列出、删除",
        "bots: a token for a new one, list, remove",
      ),
      one("group create --profile P --name N --with A,B", "建群", "make a group"),
      one(
        'send --profile P --to NAME "text" | --file PATH',
        "发送；服务器收下后返回",
        "send; ends when the house has stored it",
      ),
      one(
        "tail --profile P --json [--count N] [--timeout S]",
        "读取新消息，然后等待",
        "print what is new, then wait",
      ),
      one(
        "import --profile P --from FILE|DIR [--to CHAT]",
        "导入 Telegram（JSON）或 WhatsApp（文本、.zip）的导出",
        "take in an export of Telegram (JSON) or WhatsApp (text, .zip)",
      ),
      one(
        "import list|drop --profile P [ID]",
        "列出导入的内容；删除其中一个",
        "what was imported; delete one of them",
      ),
      one("export --profile P --to DIR", "导出全部聊天与文件", "export all chats and files"),
    ],
  },
]

const NOTE = {
  zh: "--timeout 秒：最多等待多久。数据目录：TEAHOUSE_DATA_HOME。退出码与说明：docs/terminal.zh-CN.md、docs/operate.zh-CN.md",
  en: "--timeout S: how long to wait at most. Profiles lie in TEAHOUSE_DATA_HOME. Exit codes and more: docs/terminal.md, docs/operate.md",
}

/** Of one command, or of all. */
export function helpText(tongue: Tongue, command?: string): string {
  const lines: string[] = []
  for (const group of groups) {
    const uses = group.uses.filter(({ use }) => command === undefined || use.split(" ")[0] === command)
    if (uses.length === 0) continue
    lines.push(`${group[tongue]}`)
    for (const use of uses) lines.push(`  teahouse ${use.use}`, `      ${use[tongue]}`)
    lines.push("")
  }
  return [...lines, NOTE[tongue]].join("\n")
}

export const asksForHelp = (args: readonly string[]): boolean => {
  const end = args.indexOf("--")
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === "--help" || arg === "-h")
}

export const printHelp = (command?: string): void => console.log(helpText(tongueOf(process.env), command))
