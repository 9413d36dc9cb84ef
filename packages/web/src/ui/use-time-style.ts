import type { TimeStyle } from "@teahouse/client/words/time.ts"
import { useMemo } from "react"
import { intlLocale } from "../text/language.ts"
import { useLanguage } from "../text/use-text.ts"

export function useTimeStyle(): TimeStyle {
  const { language } = useLanguage()
  return useMemo(() => ({ language, locale: intlLocale(language, navigator.languages) }), [language])
}
