// Runs before the first paint so that theme and language never flash. Plain, tiny and never hashed: index.html names it.
;(() => {
  const root = document.documentElement
  let slot = /^\/(\d+)(?:\/|$)/.exec(location.pathname)?.[1]
  let theme
  let language
  try {
    slot ??= localStorage.getItem("teahouse.last") ?? "1"
    theme = localStorage.getItem(`teahouse.${slot}.theme`)
    language = localStorage.getItem(`teahouse.${slot}.language`)
  } catch {
    // Storage may be forbidden; the system's theme and the browser's language remain.
  }
  if (theme === "light" || theme === "dark") root.dataset.theme = theme
  root.lang =
    language ?? (navigator.languages.find((l) => /^(zh|en)\b/i.test(l))?.startsWith("zh") ? "zh-CN" : "en")
  // Installed, the application has the name of the language it is read in.
  if (root.lang.startsWith("zh"))
    document.querySelector("link[rel=manifest]")?.setAttribute("href", "/manifest.zh.webmanifest")
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", dark ? "#171a18" : "#f6f1e7")
})()
