/** Says that one is typing: at most every few seconds, never for half-composed text, and that it is over. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { useEffect, useMemo, useRef } from "react"
import { useCommand } from "../../port/use-view.ts"

const AGAIN_MS = 4_000
const IDLE_MS = 6_000

export function useTyping(room: Id): { readonly typed: (text: string) => void; readonly over: () => void } {
  const command = useCommand()
  const said = useRef<number>(undefined)
  const idle = useRef<ReturnType<typeof setTimeout>>(undefined)
  const typing = useMemo(() => {
    const over = () => {
      clearTimeout(idle.current)
      if (said.current === undefined) return
      said.current = undefined
      void command("setTyping", { room, on: false })
    }
    const typed = (text: string) => {
      if (text.trim() === "") return over()
      clearTimeout(idle.current)
      idle.current = setTimeout(over, IDLE_MS)
      const now = performance.now()
      if (said.current !== undefined && now - said.current < AGAIN_MS) return
      said.current = now
      void command("setTyping", { room, on: true })
    }
    return { typed, over }
  }, [command, room])
  useEffect(() => typing.over, [typing])
  return typing
}
