/** What sign-in and create account share: the sign of the house, the card, the language, the other accounts. */
import type { ReactNode } from "react"
import { useHouse } from "../../port/use-view.ts"
import { readSlots } from "../../route/slots.ts"
import { languageNames, languages } from "../../text/language.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { Logo } from "../../ui/logo.tsx"

export function Frame({
  title,
  hint,
  children,
}: {
  readonly title: string
  readonly hint: string
  readonly children: ReactNode
}) {
  const text = useText()
  return (
    <main className="safe-top safe-bottom flex h-full flex-col items-center overflow-y-auto bg-paper">
      <div className="my-auto w-full max-w-104 px-4 py-8">
        <header className="mb-6 flex flex-col items-center text-center">
          <Logo size={64} />
          <p className="mt-2 font-display text-2xl tracking-wide">{text.appName}</p>
          <p className="mt-1 max-w-72 text-balance text-sm text-soft">{text.slogan}</p>
        </header>
        <section className="rounded-2xl border border-line bg-surface p-5 sm:p-6">
          <h1 className="text-lg font-semibold">{title}</h1>
          <p className="mb-4 text-sm text-soft">{hint}</p>
          {children}
        </section>
        <OtherAccounts />
        <LanguageChoice />
      </div>
    </main>
  )
}

function OtherAccounts() {
  const text = useText()
  const { slot } = useHouse()
  const others = readSlots(localStorage).filter((each) => each.slot !== slot)
  if (others.length === 0) return null
  return (
    <nav aria-label={text.otherAccounts} className="mt-5">
      <h2 className="mb-1 text-center text-sm text-soft">{text.otherAccounts}</h2>
      <ul className="flex flex-wrap justify-center gap-2">
        {others.map((each) => (
          <li key={each.slot}>
            <a
              href={`/${each.slot}/`}
              className="flex min-h-11 items-center gap-2 rounded-xl px-3 hover:bg-sunken"
            >
              <Avatar name={each.username} seed={each.user ?? each.username} size={28} />
              {each.username}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function LanguageChoice() {
  const { language, choose } = useLanguage()
  const text = useText()
  return (
    <fieldset className="mt-5 flex justify-center gap-1 text-sm">
      <legend className="sr-only">{text.language}</legend>
      {languages.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          aria-pressed={each === language}
          onClick={() => choose(each)}
          className="min-h-11 rounded-xl px-3 text-soft hover:bg-sunken aria-pressed:font-medium aria-pressed:text-accent"
        >
          {languageNames[each]}
        </button>
      ))}
    </fieldset>
  )
}
