/**
 * A join link arrives as `/join#…`. The fragment, which no server sees, is kept for this tab only and taken out of the address
 * at once, so that it is not in the history and survives signing in or up first.
 */
const KEY = "teahouse.join"

export const linkIn = (pathname: string, hash: string): string | undefined =>
  /^(\/\d{1,2})?\/join\/?$/.test(pathname) && hash.length > 1 ? hash.slice(1, 257) : undefined

/** Called once, before the screens. True where the person came by a link. */
export function takeLink(): boolean {
  const found = linkIn(location.pathname, location.hash)
  if (found === undefined) return false
  sessionStorage.setItem(KEY, found)
  history.replaceState(history.state, "", location.pathname)
  return true
}

export const keptLink = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined
export const dropLink = (): void => sessionStorage.removeItem(KEY)
