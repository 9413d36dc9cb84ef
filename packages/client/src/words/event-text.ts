/** What happened in a chat, as one sentence: on the screen and in an export. */

import { PAST_ALL_DAYS } from "@teahouse/protocol/past.ts"
import type { RoomEvent } from "../view/port/messages.ts"
import { durationText } from "./duration.ts"
import type { Happened } from "./happened.ts"
import { quoted } from "./said.ts"

export function eventText(event: RoomEvent, text: Happened): string {
  switch (event.kind) {
    case "friends":
      return text.eventFriends(event.person.name)
    case "joined":
      return text.eventJoined(event.person.name)
    case "left":
      return text.eventLeft(event.person.name)
    case "new_device":
      return text.eventNewDevice(event.person.name)
    case "new_identity":
      return text.identityChanged(event.person.name)
    case "many": {
      const names = event.people.map(({ name }) => name)
      if (event.what === "joined") return text.eventManyJoined(names, event.count)
      if (event.what === "left") return text.eventManyLeft(names, event.count)
      return text.eventManyNewDevices(names, event.count)
    }
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
    case "recalled":
      return event.mine ? text.eventRecalledMine : text.eventRecalled(event.person.name)
    case "pinned":
      return event.on
        ? text.eventPinned(event.person.name, quoted(event, text))
        : text.eventUnpinned(event.person.name)
    case "timer":
      return event.seconds === 0
        ? text.eventTimerOff(event.person.name)
        : text.eventTimer(event.person.name, durationText(event.seconds, text))
    case "picture":
      return text.eventPicture(event.person.name)
    case "frozen":
      return text.eventFrozen
    case "resumed":
      return text.eventResumed
    case "present":
      return text.eventPresent(
        event.people.map(({ name }) => name),
        event.count,
      )
    case "history_from_here":
      return text.eventHistory
    case "history_gap":
      return text.eventHistoryGap(event.count)
    case "past_rule":
      if (event.days === 0) return text.eventPastOff(event.person.name)
      return event.days >= PAST_ALL_DAYS
        ? text.eventPastAll(event.person.name)
        : text.eventPastDays(event.person.name, event.days)
    case "given":
      return text.eventGiven(event.person.name)
    case "imported":
      return text.eventImported({ telegram: "Telegram", whatsapp: "WhatsApp" }[event.source], event.title)
    case "lost":
      return text.eventLost(event.count)
    case "rejoined":
      return text.eventRejoined
    case "renewed":
      return text.eventRenewed
  }
}
