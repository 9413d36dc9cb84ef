import { type ReactNode, useId } from "react"

/** A card with a name of its own among what is known of somebody. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="rounded-2xl border border-line bg-surface p-4">
      <h2 id={id} className="mb-2 text-sm font-medium text-soft">
        {title}
      </h2>
      {children}
    </section>
  )
}
