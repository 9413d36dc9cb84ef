import type { EventItem, RoomEvent } from "@teahouse/client/view/port/messages.ts"
import { eventText } from "@teahouse/client/words/event-text.ts"
import { exactTime, separator } from "@teahouse/client/words/time.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { lazy, memo, type ReactNode, Suspense, useState } from "react"
import { useText } from "../../text/use-text.ts"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { useActing } from "./acting.ts"
import { DeliveryMark, UndoneLines } from "./delivery.tsx"

const DropImport = lazy(() => import("../import/drop.tsx").then((part) => ({ default: part.DropImport })))

type Props = { readonly room: Id; readonly id: string; readonly item: EventItem }

export const EventLine = memo(function EventLine({ room, id, item }: Props) {
  const text = useText()
  const { event, seq, waiting, undone } = item
  return (
    <>
      <p
        data-key={id}
        data-seq={seq}
        className="mx-auto my-1.5 w-fit max-w-[90%] rounded-2xl wrap-anywhere bg-sunken px-3 py-1 text-center text-xs text-soft"
      >
        {eventText(event, text)}
        {waiting && (
          <span className="ms-1 inline-block align-middle">
            <DeliveryMark delivery="waiting" />
          </span>
        )}
        <EventButton room={room} event={event} seq={seq} />
      </p>
      {undone && (
        <div className="mx-auto w-fit max-w-[90%]">
          <UndoneLines room={room} undone={undone} />
        </div>
      )}
    </>
  )
})

/** 重新编辑 while the words are there; from "pinned" the way to what was pinned. */
function EventButton({
  room,
  event,
  seq,
}: {
  readonly room: Id
  readonly event: RoomEvent
  readonly seq: number
}): ReactNode {
  const text = useText()
  const [asking, setAsking] = useState(false)
  const acting = useActing()
  const look =
    "min-h-6 pointer-coarse:min-h-11 rounded px-1 font-medium text-accent underline-offset-4 hover:underline"
  if (event.kind === "recalled" && event.mine && event.text !== undefined) {
    const words = event.text
    return (
      <>
        {" · "}
        <button type="button" className={look} onClick={() => acting.writeAgain(words)}>
          {text.editAgain}
        </button>
      </>
    )
  }
  if (event.kind === "imported")
    return (
      <>
        {" · "}
        <button type="button" className={look} onClick={() => setAsking(true)}>
          {text.importDelete}
        </button>
        {asking && (
          <Suspense>
            <DropImport
              {...{ room, of: event.import, title: event.title }}
              onClose={() => setAsking(false)}
            />
          </Suspense>
        )}
      </>
    )
  if (event.kind === "pinned" && event.on)
    return (
      <>
        {" · "}
        <button type="button" className={look} onClick={() => acting.jump(event.of, seq)}>
          {text.goToMessage}
        </button>
      </>
    )
  return null
}

export const TimeLine = memo(function TimeLine({ at, now }: { readonly at: number; readonly now: number }) {
  const style = useTimeStyle()
  return (
    <p className="pt-4 pb-1 text-center text-xs text-soft">
      <time dateTime={new Date(at).toISOString()} title={exactTime(at, style)}>
        {separator(at, now, style)}
      </time>
    </p>
  )
})

export function UnreadLine() {
  const text = useText()
  return (
    <p
      data-unread=""
      className="mx-5 my-3 flex items-center gap-3 text-xs font-medium text-accent before:h-px before:flex-1 before:bg-accent/50 after:h-px after:flex-1 after:bg-accent/50"
    >
      {text.newMessages}
    </p>
  )
}
