/**
 * The page's one Trusted Types policy, for the only two script URLs it makes: its worker and its service worker. The
 * server's header must name it: `trusted-types teahouse; require-trusted-types-for 'script'`.
 */
export const trustedTypesPolicies = ["teahouse"] as const

type Policy = { createScriptURL(url: string): unknown }
type Factory = { createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy }

/** Only what this build made and this house serves. */
export function allowedScript(url: string, base: string): string {
  const full = new URL(url, base)
  const ours =
    full.origin === new URL(base).origin && /^\/(?:assets\/[\w.-]+\.js|sw\.js)$/.test(full.pathname)
  if (!ours || full.search !== "" || full.hash !== "") throw new TypeError("not a script of this page")
  return full.href
}

let policy: Policy | undefined

/** The type is a lie that lib.dom asks for: it does not know TrustedScriptURL. */
export function scriptUrl(url: string): string {
  const rules = { createScriptURL: (text: string) => allowedScript(text, location.origin) }
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes
  policy ??= factory ? factory.createPolicy(trustedTypesPolicies[0], rules) : rules
  return policy.createScriptURL(url) as string
}
