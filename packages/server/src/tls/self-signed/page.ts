/**
 * What a person finds at the plain port of a house with a certificate of its own: why the browser warns, and how to trust the house, step by step.
 * One file without script, in two languages at `/zh` and `/en`; `/` takes the browser's. Other paths lead to https as always.
 */
import { createHash, X509Certificate } from "node:crypto"
import { OPEN, type Page } from "../plain.ts"
import type { OwnAuthority } from "../port.ts"
import { type Guide, guides } from "./guide.ts"

export const CERTIFICATE_FILE = "teahouse.crt"

const style = `
:root { color-scheme: light dark; --ink: #1f2a24; --soft: #5b6a61; --paper: #fbfaf6; --card: #fff; --line: #dcdfd6; --tea: #2f6b4a }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebe6; --soft: #a2afa6; --paper: #171c19; --card: #1f2622; --line: #37413b; --tea: #8fcfa9 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.65 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem }
nav { text-align: right }
h1 { font-size: 1.7rem; line-height: 1.3; margin: .5rem 0 1rem }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }
a { color: var(--tea) }
.main { display: inline-block; padding: .7rem 1.2rem; border-radius: .6rem; background: var(--tea); color: var(--paper); text-decoration: none; font-weight: 600 }
.print { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; overflow-wrap: anywhere; font: 1rem/1.7 ui-monospace, Consolas, monospace }
.print span { display: block }
details { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; margin: .5rem 0; padding: 0 1rem }
summary { cursor: pointer; padding: .7rem 0; font-weight: 600 }
ol { margin: 0 0 1rem; padding-left: 1.4rem }
li { margin: .3rem 0 }
code { font: .92em ui-monospace, Consolas, monospace; overflow-wrap: anywhere }
.soft { color: var(--soft); font-size: .95rem }
`
const hash = createHash("sha256").update(style).digest("base64")
const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** `/`, `/zh`, `/en` and the certificate. */
export const explainingPage =
  ({ certificate, fingerprint }: OwnAuthority) =>
  (path: string, language: string): Page | undefined => {
    if (path === `/${CERTIFICATE_FILE}`)
      return { type: "application/x-x509-ca-cert", body: der(certificate), file: CERTIFICATE_FILE }
    const tongue =
      path === "/zh" || path === "/en" ? path.slice(1) : path === "/" ? preferred(language) : undefined
    if (tongue === undefined) return undefined
    const guide = tongue === "zh" ? guides.zh : guides.en
    return { type: "text/html; charset=utf-8", body: html(guide, fingerprint), policy }
  }

/** DER, which every system takes, and whose hash is the fingerprint. */
const der = (pem: string) => new X509Certificate(pem).raw

/** The first of the two that the browser names. */
const preferred = (language: string) => (/^\s*zh\b|^(?!.*\ben\b).*\bzh\b/i.test(language) ? "zh" : "en")

function html(guide: Guide, fingerprint: string): string {
  // Four lines to compare; copied or read aloud by a program it is the whole.
  const grouped = fingerprint
    .match(/.{1,24}/g)
    ?.map((line) => `<span>${line}</span>`)
    .join("")
  return `<!doctype html>
<html lang="${guide.lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${guide.title}</title><style>${style}</style></head>
<body><main>
<nav><a href="/${guide.other.path}" lang="${guide.other.path}">${guide.other.name}</a></nav>
<h1>${guide.title}</h1>
${guide.why.map((one) => `<p>${one}</p>`).join("\n")}
<h2>${guide.compare.title}</h2>
<p>${guide.compare.text}</p>
<p class="print">${grouped}</p>
<p class="soft">${guide.compare.warning}</p>
<h2>${guide.trust.title}</h2>
<p>${guide.trust.text}</p>
<p><a class="main" href="/${CERTIFICATE_FILE}" download>${guide.trust.download}</a></p>
<p class="soft">${guide.trust.check}</p>
${guide.systems
  .map(
    ({ name, steps }) =>
      `<details><summary>${name}</summary><ol>${steps.map((one) => `<li>${one}</li>`).join("")}</ol></details>`,
  )
  .join("\n")}
<h2>${guide.open.title}</h2>
<p>${guide.open.text}</p>
<p><a class="main" href="${OPEN}">${guide.open.link}</a></p>
<p class="soft">${guide.open.undo}</p>
</main></body></html>
`
}
