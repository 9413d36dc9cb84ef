/**
 * `teahouse admin …`: administration on the house's own machine, of one that is open or closed, found by the same configuration. It
 * is the only place where administrators are made. What a running house must notice it notices within 15 s by itself.
 */
import { randomBytes } from "node:crypto"
import type { Administration } from "@teahouse/server/admin/acts.ts"
import { type AdminOpenRefusal, openAdministration } from "@teahouse/server/admin/open.ts"
import { codeText, type Id, inviteLink, refusalSentence } from "@teahouse/server/admin/typed.ts"
import { type Configuration, type Problem, readConfiguration } from "@teahouse/server/config.ts"
import { exits } from "@teahouse/server/db/open.ts"
import { StartRefused } from "@teahouse/server/ops/refusal.ts"
import { addressOf } from "./address.ts"
import { sizeText, timeText } from "./admin/amounts.ts"
import { type Asked, readAsked } from "./admin/asked.ts"
import { auditShown, invitesShown, roomsShown, statsShown, usersShown } from "./admin/shown.ts"
import type { Program } from "./program.ts"
import { fail, say } from "./say.ts"

const usage: Problem = {
  zh: `用法：teahouse admin 命令 [--json] [--config 文件] [--data 目录]
  users [部分名字]　rooms　stats　audit
  invite create [--uses 次数] [--expires 30m|12h|7d|2w]　invite list　invite revoke 编号
  disable 名字　enable 名字　reset 名字　quota 名字 500M|default　grant 名字　revoke 名字`,
  en: `Use: teahouse admin COMMAND [--json] [--config FILE] [--data FOLDER]
  users [PART-OF-A-NAME]   rooms   stats   audit
  invite create [--uses N] [--expires 30m|12h|7d|2w]   invite list   invite revoke ID
  disable NAME   enable NAME   reset NAME   quota NAME 500M|default   grant NAME   revoke NAME`,
}

export async function admin(args: readonly string[], program: Program): Promise<void> {
  const read = readAsked(args)
  if (!read) return fail([usage], 2)
  const configuration = readConfiguration(read.rest, process.env, undefined, program.data)
  if (!configuration.ok) return fail(configuration.error)
  try {
    const opened = await openAdministration(configuration.value, {
      now: Date.now,
      random: (length) => new Uint8Array(randomBytes(length)),
      ...(program.assets ? { writer: program.assets.writer } : {}),
    })
    if (!opened.ok) return fail([notOpened(opened.error)], exitOf(opened.error))
    const { administration, close } = opened.value
    try {
      const outcome = await run(administration, configuration.value, read.asked, read.json)
      if (!outcome.ok) fail([refusalSentence(outcome.error)])
    } finally {
      await close()
    }
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error
    fail([error.problem], error.exit)
  }
}

type Outcome = Awaited<ReturnType<Administration["enable"]>>
type Done = Promise<Outcome>
const done: Outcome = { ok: true, value: null }

async function run(house: Administration, configuration: Configuration, asked: Asked, json: boolean): Done {
  const show = <T>(value: T, lines: (value: T) => readonly string[]) => {
    for (const line of json ? [JSON.stringify(value, null, 2)] : lines(value)) console.log(line)
    return done
  }
  switch (asked.act) {
    case "users":
      return show(await everyUser(house, asked.search), usersShown)
    case "rooms":
      return show(await everyRoom(house), roomsShown)
    case "stats":
      return show(await house.stats(), statsShown)
    case "audit":
      return show(await everyAct(house), auditShown)
    case "invites":
      return show(
        (await house.invites()).map(({ hash: _, ...shown }) => shown),
        (invites) => invitesShown(invites, Date.now()),
      )
    case "invite":
      return invite(house, configuration, asked.uses, asked.life, json)
    case "revokeInvite":
      return told(await house.revokeInvite(null, asked.invite), {
        zh: "邀请已撤销，不能再用来注册。",
        en: "The invitation is revoked and makes no more accounts.",
      })
    default:
      return onAccount(house, asked)
  }
}

function told(outcome: Outcome, sentence: Problem): Outcome {
  if (outcome.ok) say(sentence, console.log)
  return outcome
}

async function onAccount(house: Administration, asked: Extract<Asked, { readonly name: string }>): Done {
  const { name } = asked
  const user = await house.find(name)
  if (!user.ok) return user
  return told(await doOn(house, user.value, asked), doneOn(asked))
}

function doOn(house: Administration, user: Id, asked: Extract<Asked, { readonly name: string }>): Done {
  switch (asked.act) {
    case "disable":
      return house.disable(null, user)
    case "enable":
      return house.enable(null, user)
    case "reset":
      return house.reset(null, user)
    case "quota":
      return house.quota(null, user, asked.bytes)
    case "grant":
    case "revoke":
      return house.appoint(user, asked.act === "grant")
  }
}

function doneOn(asked: Extract<Asked, { readonly name: string }>): Problem {
  const { name } = asked
  switch (asked.act) {
    case "disable":
      return {
        zh: `“${name}”已停用，登录已全部结束；正在运行的服务器最多 15 秒后断开其连接。`,
        en: `“${name}” is disabled and all of its sessions have ended; a running house closes its connections within 15 s.`,
      }
    case "enable":
      return { zh: `“${name}”已启用，可以重新登录。`, en: `“${name}” is enabled and can sign in again.` }
    case "reset":
      return {
        zh: `“${name}”已重置：登录已全部结束，须用恢复码登录并设置新密码。没有恢复码就无法再打开这个账号。`,
        en: `“${name}” is reset: all of its sessions have ended, and it needs its recovery code to set a new password. Without that code nobody can open it any more.`,
      }
    case "quota": {
      const { bytes } = asked
      return bytes === null
        ? { zh: `“${name}”的文件配额恢复默认。`, en: `“${name}” may keep as many files as everybody.` }
        : {
            zh: `“${name}”的文件配额现在是 ${sizeText(bytes)}（按密文计）。`,
            en: `“${name}” may keep ${sizeText(bytes)} of files (as ciphertext).`,
          }
    }
    case "grant":
      return { zh: `“${name}”现在是管理员。`, en: `“${name}” is an administrator now.` }
    case "revoke":
      return { zh: `“${name}”不再是管理员。`, en: `“${name}” is no administrator any more.` }
  }
}

async function invite(
  house: Administration,
  { origins, host, port, data }: Configuration,
  uses: number,
  life: number,
  json: boolean,
): Done {
  const made = await house.invite(null, uses, life)
  if (!made.ok) return made
  const { code, expires } = made.value
  const wildcard = host === "0.0.0.0" || host === "::"
  const origin = origins[0] ?? (await addressOf(data)) ?? `http://${wildcard ? "127.0.0.1" : host}:${port}`
  const link = inviteLink(origin, code)
  if (json) {
    const said = { invite: made.value.invite, code: codeText(code), link, uses, expires }
    console.log(JSON.stringify(said, null, 2))
    return done
  }
  say(
    {
      zh: `邀请链接，可用 ${uses} 次，${timeText(expires)} (UTC) 到期。它只显示这一次：`,
      en: `A link for ${uses === 1 ? "one account" : `${uses} accounts`}, until ${timeText(expires)} (UTC). It is shown this once:`,
    },
    console.log,
  )
  console.log(link)
  return done
}

// ------------------------------------------------------------------------------------------------------ all of the pages

async function everyUser(house: Administration, search: string) {
  const all = []
  for (let after: string | undefined; ; ) {
    const { users, more } = await house.users({ search, after })
    all.push(...users)
    if (!more) return all
    after = users.at(-1)?.username
  }
}

async function everyRoom(house: Administration) {
  const all = []
  for (;;) {
    const { rooms, more } = await house.rooms({ skip: all.length })
    all.push(...rooms)
    if (!more) return all
  }
}

async function everyAct(house: Administration) {
  const all = []
  for (let before: number | undefined; ; ) {
    const { acts, more } = await house.audit({ before })
    all.push(...acts)
    if (!more) return all
    before = acts.at(-1)?.seq
  }
}

// ---------------------------------------------------------------------------------------------------- what is not there

const exitOf = ({ kind }: AdminOpenRefusal): number => (kind === "newer_schema" ? exits.newer_schema : 1)

function notOpened(refusal: AdminOpenRefusal): Problem {
  switch (refusal.kind) {
    case "no_house":
      return {
        zh: `${refusal.path} 中没有 Teahouse。请用 --data 或 --config 指出要管理的那一个。`,
        en: `There is no house in ${refusal.path}. Say with --data or --config which one is meant.`,
      }
    case "older_schema":
      return {
        zh: "数据库由较早版本的 Teahouse 写成。请先用这个版本启动一次服务器。",
        en: "The database was written by an older Teahouse. Start the house once with this one first.",
      }
    case "newer_schema":
      return {
        zh: "数据库由更新版本的 Teahouse 写成，请用那个版本。",
        en: "The database was written by a newer Teahouse. Use that one.",
      }
  }
}
