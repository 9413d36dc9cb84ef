/** Which language: what the account chose, else what was chosen in this browser, else the browser's own. */
import type { Language } from "@teahouse/client/view/port/basic.ts"

export const languages: readonly Language[] = ["zh-CN", "en"]
export const languageNames: Record<Language, string> = { "zh-CN": "简体中文", en: "English" }

export const isLanguage = (text: string | null | undefined): text is Language =>
  text === "zh-CN" || text === "en"

/** The first of the browser's languages that we speak; English where there is none. */
export function browserLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const lower = tag.toLowerCase()
    if (lower.startsWith("zh")) return "zh-CN"
    if (lower.startsWith("en")) return "en"
  }
  return "en"
}

/** The tag for Intl: the person's own English (14:05 in Britain, 2:05 PM in America), one Chinese. */
export const intlLocale = (language: Language, wanted: readonly string[]): string =>
  language === "zh-CN" ? "zh-CN" : (wanted.find((tag) => tag.toLowerCase().startsWith("en")) ?? "en")
