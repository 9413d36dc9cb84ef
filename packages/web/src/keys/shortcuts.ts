/**
 * UX 33: every shortcut, once. The table is what the page listens for and what its help shows, so that neither can speak of
 * a key that the other does not know. Pure.
 */
import type { Text } from "../text/en.ts"
import { isForIme, type KeyLike } from "../ui/ime.ts"

export type Action =
  | "switch"
  | "previous"
  | "next"
  | "previousUnread"
  | "nextUnread"
  | "search"
  | "attach"
  | "oldestUnread"
  | "latest"
  | "help"
  | "region"
  | "regionBack"

type Shortcut = {
  readonly action: Action
  readonly key: string
  /** Ctrl, or Cmd on a Mac. */
  readonly mod?: boolean
  readonly alt?: boolean
  readonly shift?: boolean
  readonly says: keyof Text
}

export const shortcuts: readonly Shortcut[] = [
  { action: "switch", key: "k", mod: true, says: "keySwitch" },
  { action: "previous", key: "ArrowUp", alt: true, says: "keyPrevious" },
  { action: "next", key: "ArrowDown", alt: true, says: "keyNext" },
  { action: "previousUnread", key: "ArrowUp", alt: true, shift: true, says: "keyPreviousUnread" },
  { action: "nextUnread", key: "ArrowDown", alt: true, shift: true, says: "keyNextUnread" },
  { action: "search", key: "f", mod: true, says: "keySearch" },
  { action: "attach", key: "u", mod: true, shift: true, says: "keyAttach" },
  { action: "oldestUnread", key: "PageUp", shift: true, says: "keyOldestUnread" },
  { action: "latest", key: "Escape", says: "keyLatest" },
  { action: "region", key: "F6", says: "keyRegion" },
  { action: "regionBack", key: "F6", shift: true, says: "keyRegionBack" },
  { action: "help", key: "/", mod: true, says: "keyHelp" },
]

/** Letters by what they are, whatever Shift makes of them. Keys for an input method are never ours. */
export function actionOf(event: KeyLike): Action | undefined {
  if (isForIme(event, false)) return undefined
  const mod = event.ctrlKey || event.metaKey
  return shortcuts.find(
    (each) =>
      each.key.toLowerCase() === event.key.toLowerCase() &&
      mod === (each.mod ?? false) &&
      event.altKey === (each.alt ?? false) &&
      // `/` needs Shift on many keyboards.
      (event.shiftKey === (each.shift ?? false) || each.key === "/"),
  )?.action
}

const names: Record<string, string> = { ArrowUp: "↑", ArrowDown: "↓", PageUp: "Page Up", Escape: "Esc" }

/** As people write it. */
export const keysOf = ({ key, mod, alt, shift }: Shortcut, mac: boolean): readonly string[] => [
  ...(mod ? [mac ? "⌘" : "Ctrl"] : []),
  ...(alt ? [mac ? "⌥" : "Alt"] : []),
  ...(shift ? [mac ? "⇧" : "Shift"] : []),
  names[key] ?? key.toUpperCase(),
]
