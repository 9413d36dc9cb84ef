/**
 * Several messages as text for the clipboard. It leaves the device, so everybody is called as all in the chat may read, and
 * nobody by a remark.
 */
import type { Member } from "@teahouse/client/view/port/basic.ts"
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import { said } from "@teahouse/client/words/said.ts"
import type { Text } from "../../text/en.ts"

export type Named = Pick<Member, "user" | "publicName">

export function copied(items: readonly MessageItem[], members: readonly Named[], text: Text): string {
  // Whoever has left is nobody's nickname any more.
  const name = ({ user, username }: MessageItem["from"]) =>
    members.find((member) => member.user === user)?.publicName || username
  return items.map((item) => `${item.mine ? text.you : name(item.from)}: ${said(item, text)}`).join("\n")
}
