import type { Language } from "@teahouse/client/view/port/basic.ts"
import { createContext, useContext } from "react"
import { en, type Text } from "./en.ts"
import { browserLanguage } from "./language.ts"
import { zh } from "./zh-CN.ts"

export const textOf = (language: Language): Text => (language === "zh-CN" ? zh : en)

export type Speech = {
  readonly language: Language
  /** What a person chose; undefined where it is the browser's. */
  readonly chosen: Language | undefined
  readonly choose: (language: Language | "auto") => void
}

export const SpeechContext = createContext<Speech>({
  language: browserLanguage(typeof navigator === "undefined" ? [] : navigator.languages),
  chosen: undefined,
  choose: () => {},
})

export const useLanguage = (): Speech => useContext(SpeechContext)
export const useText = (): Text => textOf(useContext(SpeechContext).language)
