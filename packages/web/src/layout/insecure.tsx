/** UX 38: without a secure context there is no WebCrypto. Both languages at once: nobody has chosen one yet. */
import { textOf } from "../text/use-text.ts"
import { Logo } from "../ui/logo.tsx"

export function Insecure({ at }: { readonly at: Location }) {
  const https = `https://${at.hostname}/`
  const local = `http://localhost${at.port === "" ? "" : `:${at.port}`}/`
  return (
    <main className="flex h-full flex-col items-center overflow-y-auto bg-paper p-4">
      <div className="my-auto flex w-full max-w-lg flex-col items-center gap-4">
        <Logo size={64} />
        {(["zh-CN", "en"] as const).map((language) => {
          const text = textOf(language)
          return (
            <section
              key={language}
              lang={language}
              className="w-full rounded-2xl border border-line bg-surface p-5"
            >
              <h1 className="mb-2 text-lg font-semibold">{text.insecureTitle}</h1>
              <p className="mb-2">{text.insecureWhy}</p>
              <ul className="list-disc ps-5 wrap-anywhere">
                <li>{text.insecureHttps(https)}</li>
                <li>{text.insecureLocal(local)}</li>
              </ul>
            </section>
          )
        })}
      </div>
    </main>
  )
}

export function NoWorker() {
  return (
    <main className="flex h-full flex-col items-center justify-center gap-4 bg-paper p-6 text-center">
      <Logo size={64} />
      <h1 className="sr-only">Teahouse 茶馆</h1>
      <p lang="zh-CN">{textOf("zh-CN").noWorker}</p>
      <p lang="en">{textOf("en").noWorker}</p>
    </main>
  )
}
