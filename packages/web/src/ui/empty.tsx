import type { ReactNode } from "react"
import { Logo } from "./logo.tsx"

export function Empty({ children, note }: { readonly children: ReactNode; readonly note?: string }) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-3 p-8 text-center">
      <Logo size={64} className="opacity-80" />
      <p className="max-w-72 text-balance font-display text-lg">{children}</p>
      {note && <p className="max-w-80 text-balance text-sm text-soft">{note}</p>}
    </div>
  )
}
