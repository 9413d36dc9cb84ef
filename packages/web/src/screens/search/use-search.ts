/** What is typed, what is looked for (never half-composed text, UX 5), and what it is limited to. */
import { useCallback, useRef, useState } from "react"
import { type Composition, useComposition } from "../../ui/ime.ts"
import type { SearchFilters } from "./filters.ts"

export type Search = {
  readonly field: React.RefObject<HTMLInputElement | null>
  readonly typed: string
  readonly query: string
  /** Absent: they are not shown, and limit nothing. */
  readonly filters: SearchFilters | undefined
  /** Results stand where the list of chats does. */
  readonly active: boolean
  readonly composition: Composition
  readonly type: (value: string) => void
  readonly limit: (filters: SearchFilters | undefined) => void
  readonly clear: () => void
}

export function useSearch(): Search {
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState("")
  const [query, setQuery] = useState("")
  const [filters, limit] = useState<SearchFilters>()
  const composition = useComposition(() => setQuery(field.current?.value ?? ""))
  const type = (value: string) => {
    setTyped(value)
    if (!composition.active()) setQuery(value)
  }
  const clear = useCallback(() => {
    setTyped("")
    setQuery("")
    limit(undefined)
  }, [])
  const active = query.trim() !== "" || filters !== undefined
  return { field, typed, query, filters, active, composition, type, limit, clear }
}
