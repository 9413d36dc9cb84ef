import type { ReactNode } from "react"

export function PaneHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <header className="flex min-h-16 items-center gap-2 ps-5 pe-3">
      <h1 className="min-w-0 flex-1 truncate text-xl font-semibold tracking-tight">{title}</h1>
      {children}
    </header>
  )
}
