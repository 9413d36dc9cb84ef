/** `@name` in what was written, as data: the longest name of a member that stands there. */
import type { Member } from "@teahouse/client/view/port/basic.ts"
import type { Mention } from "@teahouse/client/view/port/messages.ts"

export function mentionsIn(text: string, members: readonly Member[], everyone: string): Mention[] {
  const named = members.flatMap(({ user, publicName, username }) => [
    { user: user as Mention["user"], name: publicName },
    { user: user as Mention["user"], name: username },
  ])
  if (members.length > 0) named.push({ user: "all", name: everyone })
  named.sort((a, b) => b.name.length - a.name.length)
  const found: Mention[] = []
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const one = named.find(({ name }) => name !== "" && text.startsWith(name, at + 1))
    if (one) found.push({ user: one.user, from: at, length: one.name.length + 1 })
  }
  return found
}
