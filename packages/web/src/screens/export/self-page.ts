/** A person's profile, settings and contacts as lines to read; every value passes `escaped`. */
import type { ContactToExport, SelfToExport } from "@teahouse/client/view/port/export.ts"
import { exactTime } from "@teahouse/client/words/time.ts"
import type { Text } from "../../text/en.ts"
import { languageNames } from "../../text/language.ts"
import { address, escaped, type PageStyle } from "./page.ts"

type Row = readonly [label: string, value: string]

/** What is empty is left out. */
const rows = (all: readonly Row[]): string =>
  `<dl>${all
    .filter(([, value]) => value !== "")
    .map(([label, value]) => `<dt>${escaped(label)}</dt><dd><bdi>${escaped(value)}</bdi></dd>`)
    .join("")}</dl>\n`

const clockOf = (minutes: number) =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":")

export async function* profileLines(
  { profile, settings }: SelfToExport,
  picture: string | undefined,
  { text }: PageStyle,
): AsyncIterable<string> {
  if (picture !== undefined) yield `<img class="sticker" src="${address(picture)}" alt="">\n`
  yield rows([
    [text.username, profile.username],
    [text.nickname, profile.nickname],
    [text.status, profile.status],
  ])
  yield `<h2>${escaped(text.settings)}</h2>\n`
  yield rows(settingRows(settings, text))
}

function settingRows(settings: SelfToExport["settings"], text: Text): Row[] {
  const { language, theme, told } = settings
  const themes = { system: text.themeSystem, light: text.themeLight, dark: text.themeDark }
  const onOff = (on: boolean) => (on ? text.quietOn : text.quietOff)
  const hours = `${text.quietHours}: ${clockOf(told.quietFrom)}–${clockOf(told.quietTo)}`
  return [
    [text.language, language === "auto" ? text.languageAuto : languageNames[language]],
    [text.theme, themes[theme]],
    [text.textSize, `${settings.textSize} %`],
    [text.enterKey, settings.enterSends ? text.enterSends : text.ctrlEnterSends],
    [text.readReceipts, onOff(settings.readReceipts)],
    [text.showTyping, onOff(settings.showTyping)],
    [text.quiet, told.quiet === "hours" ? hours : onOff(told.quiet === "on")],
    [text.hideContent, onOff(told.hideContent)],
  ]
}

export async function* contactLines(
  { contacts, requests }: SelfToExport,
  pictures: ReadonlyMap<string, string>,
  style: PageStyle,
): AsyncIterable<string> {
  const { text, time } = style
  for (const one of contacts) yield contact(one, pictures.get(one.user), style)
  if (requests.length === 0) return
  yield `<h2>${escaped(text.friendRequests)}</h2>\n`
  for (const { direction, person, at, line } of requests)
    yield [
      `<article${direction === "out" ? ' class="mine"' : ""}>`,
      `<header><strong><bdi>${escaped(person.name)}</bdi></strong> `,
      `<span class="note">${escaped(exactTime(at, time))}</span></header>`,
      `<p>${escaped(line)}</p></article>\n`,
    ].join("")
}

function contact(one: ContactToExport, picture: string | undefined, { text, time }: PageStyle): string {
  const notes = [
    one.relation === "friend" ? "" : text.exportNoFriend,
    one.blocked ? text.blockedMark : "",
  ].filter(Boolean)
  return [
    `<article><header><strong><bdi>${escaped(one.name)}</bdi></strong>`,
    ...notes.map((note) => ` <span class="note">${escaped(note)}</span>`),
    "</header>",
    picture === undefined ? "" : `<img class="sticker" src="${address(picture)}" alt="" loading="lazy">`,
    rows([
      [text.username, one.username],
      [text.remark, one.remark],
      [text.nickname, one.nickname],
      [text.status, one.status],
      [text.tags, one.tags.join(", ")],
      [text.exportSince, one.since === undefined ? "" : exactTime(one.since, time)],
    ]),
    "</article>\n",
  ].join("")
}
