/** Over a group's chat, for whoever may let people in: somebody waits. The answer is given in the details. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { useView } from "../../port/use-view.ts"
import { Link } from "../../route/link.tsx"
import { useText } from "../../text/use-text.ts"

export function JoinBar({ room }: { readonly room: Id }) {
  const text = useText()
  const waiting = useView("joinRequests", { room })?.requests.length ?? 0
  if (waiting === 0) return null
  return (
    <Link
      to={{ page: "chats", room, details: true }}
      className="flex min-h-11 items-center justify-between gap-3 border-b border-line bg-wash px-4 text-sm hover:brightness-95"
    >
      <span role="status">{text.joinAsks(waiting)}</span>
      <span className="text-accent">{text.joinAnswer}</span>
    </Link>
  )
}
