/**
 * An invitation travels in the fragment (`/#invite=…`), which no server and no log sees on the way. It is kept for this
 * tab only, and taken out of the address at once.
 */
const KEY = "teahouse.invite"

export function inviteIn(hash: string): string | undefined {
  const value = new URLSearchParams(hash.replace(/^#/, "")).get("invite")
  return value !== null && /^[A-Za-z0-9_-]{16,256}$/.test(value) ? value : undefined
}

/** What somebody typed or pasted: the code, or the link with it. */
export function inviteTyped(text: string): string | undefined {
  const typed = text.trim()
  const at = typed.indexOf("#")
  return inviteIn(at < 0 ? `invite=${typed}` : typed.slice(at))
}

/** Called once, before the screens. True where the person came by an invitation. */
export function takeInvite(): boolean {
  const found = inviteIn(location.hash)
  if (!found) return false
  sessionStorage.setItem(KEY, found)
  history.replaceState(history.state, "", location.pathname)
  return true
}

export const keptInvite = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined
export const dropInvite = (): void => sessionStorage.removeItem(KEY)
