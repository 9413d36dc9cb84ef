import { type ReactNode, type Ref, useId } from "react"

type Props = {
  readonly title: string
  readonly children: ReactNode
  /** Where the focus goes when what had it is gone. */
  readonly headingRef?: Ref<HTMLHeadingElement>
}

export function Card({ title, children, headingRef }: Props) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="rounded-2xl border border-line bg-surface p-5">
      <h2 id={id} ref={headingRef} tabIndex={headingRef ? -1 : undefined} className="mb-3 font-semibold">
        {title}
      </h2>
      {children}
    </section>
  )
}
