/**
 * Language and theme for everything below. The account's settings rule; each choice is noted in this browser too, under
 * the slot, so that first-paint.js has it before anything else is awake.
 */

import type { Settings } from "@teahouse/client/view/port/account.ts"
import type { Language, Theme } from "@teahouse/client/view/port/basic.ts"
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react"
import { useHouse, useView } from "../port/use-view.ts"
import { browserLanguage, isLanguage } from "../text/language.ts"
import { SpeechContext } from "../text/use-text.ts"

function note(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

function recall(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function showTheme(theme: Theme): void {
  const root = document.documentElement
  if (theme === "system") delete root.dataset.theme
  else root.dataset.theme = theme
  const paper = getComputedStyle(root).getPropertyValue("--paper").trim()
  if (paper) document.querySelector("meta[name=theme-color]")?.setAttribute("content", paper)
}

/** Looks at the settings only while somebody is signed in: before, they are defaults, and would flash. */
function Ruling({ onSettings }: { readonly onSettings: (settings: Settings | undefined) => void }) {
  const settings = useView("settings", undefined)
  useEffect(() => onSettings(settings), [settings, onSettings])
  useEffect(() => () => onSettings(undefined), [onSettings])
  return null
}

export function Speaking({ children }: { readonly children: ReactNode }) {
  const { slot, port } = useHouse()
  const signedIn = useView("session", undefined)?.state === "signed_in"
  const languageKey = `teahouse.${slot}.language`
  const themeKey = `teahouse.${slot}.theme`
  const [settings, setSettings] = useState<Settings>()
  const [here, setHere] = useState<string | null>(() => recall(languageKey))

  const ruled = settings?.language === "auto" ? undefined : settings?.language
  const chosen = ruled ?? (isLanguage(here) ? here : undefined)
  const language = chosen ?? browserLanguage(navigator.languages)
  const theme = settings?.theme
  const textSize = settings?.textSize

  useEffect(() => {
    document.documentElement.lang = language
  }, [language])

  useEffect(() => {
    if (theme === undefined) return
    note(themeKey, theme === "system" ? undefined : theme)
    showTheme(theme)
  }, [theme, themeKey])

  useEffect(() => {
    // Everything is measured in rem, so one size moves all.
    document.documentElement.style.fontSize = textSize === undefined || textSize === 100 ? "" : `${textSize}%`
  }, [textSize])

  useEffect(() => {
    if (ruled === undefined) return
    note(languageKey, ruled)
    setHere(ruled)
  }, [ruled, languageKey])

  const choose = useCallback(
    (wanted: Language | "auto") => {
      note(languageKey, wanted === "auto" ? undefined : wanted)
      setHere(wanted === "auto" ? null : wanted)
      if (signedIn) void port.command("setSettings", { language: wanted })
    },
    [languageKey, port, signedIn],
  )
  const speech = useMemo(() => ({ language, chosen, choose }), [language, chosen, choose])
  return (
    <SpeechContext value={speech}>
      {signedIn && <Ruling onSettings={setSettings} />}
      {children}
    </SpeechContext>
  )
}
