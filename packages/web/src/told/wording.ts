import { said } from "@teahouse/client/words/said.ts"
import { useMemo } from "react"
import { useText } from "../text/use-text.ts"
import type { Wording } from "./teller.ts"

/** What notifications say. Whoever hides the content learns that something came, not from whom. */
export function useWording(): Wording {
  const text = useText()
  return useMemo(
    () => ({
      appName: text.appName,
      title: (item) => (item.kind === "self" ? text.selfChat : item.title),
      body: (item, count, hidden) => {
        if (hidden) return text.newCount(count)
        const words = said(item, text)
        const line = item.kind === "group" ? text.saidBy(item.from, words) : words
        const named = item.mentionsMe ? `${text.mentionedMark} ${line}` : line
        return count > 1 ? `${named}\n${text.newCount(count)}` : named
      },
      many: (messages, chats) => text.newInChats(messages, chats),
    }),
    [text],
  )
}
