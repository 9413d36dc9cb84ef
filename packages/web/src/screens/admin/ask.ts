/** Questions to the house by the routes of administration, with their state. */
import type { AdminAnswer, AdminAsk } from "@teahouse/client/view/port/admin.ts"
import type { CommandError, CommandResult } from "@teahouse/client/view/port/basic.ts"
import type { AdminRouteName } from "@teahouse/protocol/http/admin.ts"
import { useCallback, useEffect, useRef, useState } from "react"
import { useCommand } from "../../port/use-view.ts"

type Input<N extends AdminRouteName> = Omit<AdminAsk<N>, "name">
export type Ask = <N extends AdminRouteName>(
  name: N,
  input: Input<N>,
) => Promise<CommandResult<AdminAnswer<N>>>

export function useAsk(): Ask {
  const command = useCommand()
  return useCallback(
    (async (name, input) => command("administer", { ...input, name })) as Ask,
    // The port is one for as long as the page is.
    [command],
  )
}

export type Deed = {
  readonly busy: boolean
  readonly error: CommandError | undefined
  readonly run: <T>(deed: () => Promise<CommandResult<T>>) => Promise<{ readonly value: T } | undefined>
}

/** One thing at a time. */
export function useDeed(): Deed {
  const running = useRef(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<CommandError>()
  const run = useCallback<Deed["run"]>(async (deed) => {
    if (running.current) return undefined
    running.current = true
    setBusy(true)
    setError(undefined)
    try {
      const result = await deed()
      if (result.ok) return { value: result.value }
      setError(result.error)
      return undefined
    } finally {
      running.current = false
      setBusy(false)
    }
  }, [])
  return { busy, error, run }
}

export type Pages<T> = {
  /** undefined: the first page is not there yet. */
  readonly rows: readonly T[] | undefined
  readonly more: boolean
  readonly busy: boolean
  readonly error: CommandError | undefined
  readonly next: () => void
  /** From the beginning, while what is shown stays. */
  readonly again: () => void
}

type Page<T> = { readonly rows: readonly T[]; readonly more: boolean }

/** `read` gets what is shown already; another `read` begins anew. An answer to a question that is no more asked is dropped. */
export function usePages<T>(read: (shown: readonly T[]) => Promise<CommandResult<Page<T>>>): Pages<T> {
  const [rows, setRows] = useState<readonly T[]>()
  const [more, setMore] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<CommandError>()
  const turn = useRef(0)
  const load = useCallback(
    async (shown: readonly T[]) => {
      const mine = ++turn.current
      setBusy(true)
      const result = await read(shown)
      if (mine !== turn.current) return
      setBusy(false)
      setError(result.ok ? undefined : result.error)
      if (!result.ok) return
      setRows([...shown, ...result.value.rows])
      setMore(result.value.more)
    },
    [read],
  )
  useEffect(() => {
    void load([])
    return () => {
      turn.current++
    }
  }, [load])
  const again = useCallback(() => void load([]), [load])
  return { rows, more, busy, error, next: () => void load(rows ?? []), again }
}
