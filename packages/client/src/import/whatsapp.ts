/**
 * WhatsApp's export as text (`_chat.txt`, or `WhatsApp Chat with NAME.txt`). Each message begins with a time in the writer's own
 * manner, and the manners are many: brackets (iOS) or a dash (Android), day, month and year in any order, 12 or 24 hours, 上午 or PM.
 * A line without a time goes on with the message before it.
 *
 * In 03/04/2024 nothing says which is the month. The order is found once for the whole export: one in which every date is a date
 * and the times go back least often. Where two orders fit alike it is said (`sure: false`).
 */
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type Imported, type ImportedLine, insidePath, type Unread } from "./record.ts"

/** Milliseconds UTC of a time on the clocks of the place where it was exported; months from 1. */
export type LocalTime = (y: number, mo: number, d: number, h: number, mi: number, s: number) => number
export const here: LocalTime = (y, mo, d, h, mi, s) => new Date(y, mo - 1, d, h, mi, s).getTime()

type Order = NonNullable<Imported["dates"]>["order"]
type Head = {
  readonly date: readonly [number, number, number]
  readonly clock: readonly [number, number, number]
  readonly rest: string
}

const DATE = String.raw`(\d{1,4})(?:[./-]|年\s?)(\d{1,2})(?:[./-]|月\s?)(\d{1,4})日?`
const HALF = String.raw`(上午|下午|凌晨|早上|中午|晚上|[AaPp]\.?\s?[Mm]\.?)?`
const CLOCK = String.raw`${HALF}\s?(\d{1,2})[:.：](\d{2})(?:[:.：](\d{2}))?\s?${HALF}`
const IOS = new RegExp(String.raw`^\[${DATE}[,，]?\s*${CLOCK}\]\s?(.*)$`, "su")
const ANDROID = new RegExp(String.raw`^${DATE}[,，]?\s*${CLOCK}\s[-–]\s(.*)$`, "su")

/** Marks of direction, and spaces that are none of the usual. */
const plain = (line: string) =>
  line.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, "").replace(/[\u00a0\u202f]/g, " ")

function headOf(line: string): Head | undefined {
  const found = IOS.exec(line) ?? ANDROID.exec(line)
  if (!found) return undefined
  const [, a, b, c, before, hours, minutes, seconds, after, rest = ""] = found
  const half = (before ?? after ?? "").toLowerCase().replace(/[.\s]/g, "")
  const hour = hourOf(Number(hours), half)
  if (hour === undefined || Number(minutes) > 59 || Number(seconds ?? 0) > 59) return undefined
  return {
    date: [Number(a), Number(b), Number(c)],
    clock: [hour, Number(minutes), Number(seconds ?? 0)],
    rest,
  }
}

function hourOf(hour: number, half: string): number | undefined {
  if (half === "") return hour <= 23 ? hour : undefined
  if (hour > 12) return hour <= 23 ? hour : undefined
  const late = half === "pm" || half === "下午" || half === "晚上" || (half === "中午" && hour < 11)
  return (hour % 12) + (late || (half === "中午" && hour === 12) ? 12 : 0)
}

const dateIn = ([a, b, c]: Head["date"], order: Order) => {
  const [y, m, d] = order === "ymd" ? [a, b, c] : order === "dmy" ? [c, b, a] : [c, a, b]
  return { y: y < 100 ? 2000 + y : y, m, d }
}

function isDate({ y, m, d }: { y: number; m: number; d: number }): boolean {
  if (y < 2009 || y > 2100 || m < 1 || m > 12 || d < 1) return false
  return d <= new Date(Date.UTC(y, m, 0)).getUTCDate()
}

/** `first`: which is taken where several fit alike. */
function orderOf(heads: readonly Head[], first: Order): { order: Order; sure: boolean } | undefined {
  if (heads.length === 0) return undefined
  const orders = new Set([first, "dmy", "mdy", "ymd"] as const)
  const rated = [...orders].flatMap((order) => {
    let [back, last] = [0, 0]
    for (const { date, clock } of heads) {
      const read = dateIn(date, order)
      if (!isDate(read)) return []
      const at = Date.UTC(read.y, read.m - 1, read.d, ...clock)
      if (at < last) back++
      last = at
    }
    return [{ order, back }]
  })
  rated.sort((a, b) => a.back - b.back)
  const [best, next] = rated
  return best && { order: best.order, sure: next === undefined || next.back > best.back }
}

/** Most text files have none of it: a line that looks like a time by chance makes no export. */
export function readWhatsApp(
  text: string,
  chat: string,
  local: LocalTime = here,
): Result<Imported, "not_an_export"> {
  const unread: Unread[] = []
  const messages: { readonly head: Head; readonly line: number; readonly lines: string[] }[] = []
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = plain(raw)
    const head = headOf(line)
    if (head) messages.push({ head, line: i + 1, lines: [head.rest] })
    else if (messages.length > 0) messages.at(-1)?.lines.push(line)
    else if (line.trim() !== "") unread.push({ chat, where: `line ${i + 1}`, why: "not_a_message" })
  }
  const heads = messages.map(({ head }) => head)
  // One date that is none in any order must not take the others with it.
  const first: Order = /[上下]午/.test(text) ? "ymd" : "dmy"
  const dates =
    orderOf(heads, first) ??
    orderOf(
      heads.filter((head) => orderOf([head], first)),
      first,
    )
  if (!dates) return err("not_an_export")
  const lines: ImportedLine[] = []
  for (const { head, line, lines: said } of messages) {
    const date = dateIn(head.date, dates.order)
    const where = `line ${line}`
    if (!isDate(date)) {
      unread.push({ chat, where, why: "no_time" })
      continue
    }
    const at = local(date.y, date.m, date.d, ...head.clock)
    // The end of the file is no line of the last message.
    lines.push(lineOf(at, said.join("\n").trimEnd(), (why) => unread.push({ chat, where, why })))
  }
  return ok({ chats: [{ name: chat, lines }], unread, dates })
}

const ATTACHED = [
  /^<(?:attached|附件|附加檔案|已附加)\s?[:：]\s?(.+)>$/imu,
  /^(\S.*\.\w{1,5}) ?[(（](?:file attached|文件附件|檔案附件|附件|附加檔案)[)）]$/imu,
]
const OMITTED =
  /^<?(?:Media omitted|(?:image|video|audio|sticker|document|GIF|Contact card) omitted|省略多媒体文件|已省略多媒体文件|省略影音內容|已略去媒體檔|(?:图像|图片|視訊|视频|音频|贴图|文档|影像|語音)(?:已忽略|已省略))>?$/imu

function lineOf(at: number, said: string, say: (why: Unread["why"]) => void): ImportedLine {
  // A name holds no colon with a space after it; where there is none the program itself speaks.
  const [, from = "", body = said] = /^([^\n]{1,100}?)[:：](?: |\n|$)(.*)$/su.exec(said) ?? []
  if (OMITTED.test(body)) {
    say("file_not_included")
    return { at, from, text: body.replace(OMITTED, "").trim(), file: { name: "file" } }
  }
  for (const pattern of ATTACHED) {
    const name = pattern.exec(body)?.[1]
    if (name === undefined) continue
    const text = body.replace(pattern, "").trim()
    const path = insidePath(name)
    if (path !== undefined) return { at, from, text, file: { name: path.split("/").at(-1) ?? name, path } }
    say("bad_path")
    return { at, from, text, file: { name: "file" } }
  }
  return { at, from, text: body }
}
