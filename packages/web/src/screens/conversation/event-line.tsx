import type { RoomEvent } from "@teahouse/client/view/port.ts"
import { memo } from "react"
import type { Text } from "../../text/en.ts"
import { exactTime, separator } from "../../text/time.ts"
import { useText } from "../../text/use-text.ts"
import { useTimeStyle } from "../../ui/use-time-style.ts"

export function eventText(event: RoomEvent, text: Text): string {
  switch (event.kind) {
    case "friends":
      return text.eventFriends(event.person.name)
    case "joined":
      return text.eventJoined(event.person.name)
    case "left":
      return text.eventLeft(event.person.name)
    case "new_device":
      return text.eventNewDevice(event.person.name)
    case "unreadable":
      return text.eventUnreadable(event.person.name)
    case "created":
      return text.eventCreated(event.person.name, event.name)
    case "renamed":
      return text.eventRenamed(event.person.name, event.name)
    case "announced":
      return event.text === ""
        ? text.eventAnnouncementGone(event.person.name)
        : text.eventAnnounced(event.person.name, event.text)
    case "frozen":
      return text.eventFrozen
    case "resumed":
      return text.eventResumed
    case "history_from_here":
      return text.eventHistory
    case "rejoined":
      return text.eventRejoined
  }
}

export const EventLine = memo(function EventLine({
  event,
  seq,
  id,
}: {
  readonly event: RoomEvent
  readonly seq: number
  readonly id: string
}) {
  const text = useText()
  return (
    <p
      data-key={id}
      data-seq={seq}
      className="mx-auto my-1.5 w-fit max-w-[90%] rounded-2xl wrap-anywhere bg-sunken px-3 py-1 text-center text-xs text-soft"
    >
      {eventText(event, text)}
    </p>
  )
})

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
