/** What is there, as lines for a terminal. The same as JSON: numbers as they are, times in milliseconds UTC. */
import type {
  AdminAct,
  AdminInvite,
  AdminRoom,
  AdminStats,
  AdminUser,
  AuditRow,
} from "@teahouse/server/admin/typed.ts"
import { sizeText, timeText } from "./amounts.ts"
import { tableOf } from "./table.ts"

const of = (parts: readonly (string | false)[]) => parts.filter(Boolean).join(" ")

export const usersShown = (users: readonly AdminUser[]): string[] =>
  tableOf([
    [
      "用户 user",
      "状态 state",
      "设备 devices",
      "最近 last here (UTC)",
      "文件 files",
      "配额 quota",
      "记录 history",
      "创建 made (UTC)",
    ],
    ...users.map((one) => [
      one.username,
      of([
        one.admin && "管理员 admin",
        one.disabled > 0 && "已停用 disabled",
        one.mustRecover && "待恢复 reset",
      ]) || "–",
      String(one.devices),
      timeText(one.seen),
      sizeText(one.files),
      one.quota === null ? "–" : sizeText(one.quota),
      sizeText(one.history),
      timeText(one.created),
    ]),
  ])

export function inviteState(one: AdminInvite, now: number): string {
  if (one.revoked > 0) return "已撤销 revoked"
  if (one.used >= one.uses) return "已用完 used up"
  return one.expires > 0 && one.expires <= now ? "已过期 expired" : "有效 holds"
}

export const invitesShown = (invites: readonly AdminInvite[], now: number): string[] =>
  tableOf([
    ["编号 id", "状态 state", "已用 used", "到期 expires (UTC)", "创建 made (UTC)", ""],
    ...invites.map((one) => [
      one.invite,
      inviteState(one, now),
      `${one.used}/${one.uses}`,
      timeText(one.expires),
      timeText(one.created),
      one.admin ? "首位管理员 first administrator" : "",
    ]),
  ])

const kinds = { direct: "私聊 direct", group: "群聊 group", self: "自己 self" } as const

export const roomsShown = (rooms: readonly AdminRoom[]): string[] =>
  tableOf([
    [
      "编号 id",
      "种类 kind",
      "成员 members",
      "设备 devices",
      "条目 entries",
      "大小 bytes",
      "最近 last (UTC)",
      "创建 made (UTC)",
    ],
    ...rooms.map((one) => [
      one.room,
      kinds[one.kind],
      String(one.members),
      String(one.devices),
      String(one.entries),
      sizeText(one.bytes),
      timeText(one.last),
      timeText(one.created),
    ]),
  ])

export const statsShown = (stats: AdminStats): string[] =>
  tableOf([
    ["账号 accounts", String(stats.accounts)],
    ["管理员 administrators", String(stats.admins)],
    ["已停用 disabled", String(stats.disabled)],
    ["设备 devices", String(stats.devices)],
    ["登录 sessions", String(stats.sessions)],
    ["私聊 direct rooms", String(stats.direct)],
    ["群聊 groups", String(stats.groups)],
    ["条目 entries", String(stats.entries)],
    ["文件 files", `${stats.files} (${sizeText(stats.fileBytes)})`],
    ["历史记录 history", sizeText(stats.historyBytes)],
  ])

const acts: Readonly<Record<AdminAct, string>> = {
  first: "首位管理员 first administrator",
  disable: "停用 disable",
  enable: "启用 enable",
  reset: "重置 reset",
  quota: "配额 quota",
  grant: "设为管理员 grant",
  revoke: "取消管理员 revoke",
  invite: "邀请 invite",
  revoke_invite: "撤销邀请 revoke invite",
}

export const auditShown = (rows: readonly AuditRow[]): string[] =>
  tableOf([
    ["时间 time (UTC)", "操作者 by", "操作 act", "对象 on", ""],
    ...rows.map((one) => [
      timeText(one.time),
      one.act === "first" ? "–" : one.by === null ? "命令行 command line" : one.by,
      acts[one.act],
      one.on,
      of([
        one.uses !== undefined && `${one.uses} ×`,
        one.expires !== undefined && timeText(one.expires),
        one.bytes !== undefined && (one.bytes === null ? "默认 default" : sizeText(one.bytes)),
      ]),
    ]),
  ])
