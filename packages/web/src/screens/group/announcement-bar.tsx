/** 群公告: over the chat for whoever has not seen it; afterwards it stands in the details. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { useAction } from "../../ui/use-action.ts"

export function AnnouncementBar({
  room,
  announcement,
}: {
  readonly room: Id
  readonly announcement: string
}) {
  const text = useText()
  const see = useAction("seeAnnouncement")
  return (
    <section
      aria-label={text.announcement}
      className="flex items-start gap-3 border-b border-line bg-wash px-4 py-2 text-sm"
    >
      <p
        className="max-h-24 min-w-0 flex-1 overflow-y-auto py-2 whitespace-pre-wrap wrap-anywhere"
        tabIndex={-1}
      >
        <strong className="font-medium">{text.announcement}: </strong>
        {announcement}
      </p>
      <Button look="quiet" onClick={() => see.run({ room })}>
        {text.seen}
      </Button>
    </section>
  )
}
