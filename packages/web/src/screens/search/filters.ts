/** What a search is limited to, as the screen has it and as the core is asked. Pure. */
import type { SearchKind } from "@teahouse/client/view/port/search.ts"
import type { ViewArgs } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"

export type SearchFilters = {
  readonly room?: Id | undefined
  readonly sender?: Id | undefined
  readonly kind?: SearchKind | undefined
  /** `2026-05-03`, as a date field has it; both days are searched too. */
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** The first moment of a day where the person is; of an unfinished date there is none. */
export function dayStart(date: string | undefined, later = 0): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date ?? "") ?? []
  return year ? new Date(Number(year), Number(month) - 1, Number(day) + later).getTime() : undefined
}

export function searchArgs(query: string, filters: SearchFilters, limit: number): ViewArgs<"search"> {
  const { room, sender, kind } = filters
  const to = dayStart(filters.to, 1)
  // Only an end is a filter as well.
  const from = dayStart(filters.from) ?? (to === undefined ? undefined : 0)
  return {
    query: query.trim(),
    limit,
    ...(room && { room }),
    ...(sender && { sender }),
    ...(kind && { kind }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  }
}
