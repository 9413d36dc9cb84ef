/** A command with its state: running, refused. One at a time. */

import type { CommandError } from "@teahouse/client/view/port/basic.ts"
import type { CommandArgs, CommandName, CommandValue } from "@teahouse/client/view/port.ts"
import { useCallback, useRef, useState } from "react"
import { useCommand } from "../port/use-view.ts"

export type Action<C extends CommandName> = {
  readonly busy: boolean
  readonly error: CommandError | undefined
  readonly clear: () => void
  /** The value, or undefined where it was refused (then `error` says why) or one was running already. */
  readonly run: (args: CommandArgs<C>) => Promise<{ readonly value: CommandValue<C> } | undefined>
}

export function useAction<C extends CommandName>(name: C): Action<C> {
  const command = useCommand()
  const running = useRef(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<CommandError>()
  const run = useCallback(
    async (args: CommandArgs<C>) => {
      if (running.current) return undefined
      running.current = true
      setBusy(true)
      setError(undefined)
      try {
        const result = await command(name, args)
        if (result.ok) return { value: result.value }
        setError(result.error)
        return undefined
      } finally {
        running.current = false
        setBusy(false)
      }
    },
    [command, name],
  )
  return { busy, error, run, clear: useCallback(() => setError(undefined), []) }
}
