import type { Id } from "@teahouse/protocol/ids.ts"
import { useView } from "../../port/use-view.ts"
import type { Text } from "../../text/en.ts"
import { useText } from "../../text/use-text.ts"

type Who = readonly { readonly name: string }[]

/** In a chat of two the name stands above already. */
export function typingText(people: Who, group: boolean, text: Text): string {
  if (people.length === 0) return ""
  if (!group) return text.typingOne
  if (people.length > 2) return text.typingMany(people.length)
  return text.typingNamed(people.map((person) => person.name).join(text.listComma))
}

/** Under the title: who is typing. It takes no room of its own, so nothing moves when it comes. */
export function TypingLine({ room, group }: { readonly room: Id; readonly group: boolean }) {
  const text = useText()
  const people = useView("typing", { room })?.people ?? []
  return (
    <span className="absolute inset-x-0 top-full block h-4 truncate text-xs leading-4 font-normal text-accent">
      {typingText(people, group, text)}
    </span>
  )
}
