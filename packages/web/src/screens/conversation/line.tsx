import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { memo } from "react"
import { EventLine, TimeLine, UnreadLine } from "./event-line.tsx"
import { Said } from "./folded.tsx"
import type { Row } from "./rows.ts"

/** The messages that are chosen, by key; undefined while nothing is being chosen. */
export type Selection = ReadonlyMap<string, MessageItem> | undefined

type Props = {
  readonly row: Row
  readonly room: Id
  readonly named: boolean
  readonly now: number
  readonly focusable: boolean
  readonly active: boolean
  readonly marked: number | undefined
  readonly selection: Selection
}

/** Drawn again only where something about it changed: the window grows in many steps. */
export const Line = memo(function Line(props: Props) {
  const { row, room, named, now, focusable, active, marked, selection } = props
  switch (row.type) {
    case "time":
      return <TimeLine at={row.at} now={now} />
    case "unread":
      return <UnreadLine />
    case "event":
      return <EventLine room={room} id={row.key} item={row.item} />
    case "message":
      return (
        <Said
          room={room}
          item={row.item}
          first={row.first}
          last={row.last}
          // Who said what in another program stands nowhere else.
          named={named || row.item.imported === true}
          focusable={focusable}
          active={active}
          marked={marked !== undefined && row.item.seq === marked}
          selected={selection?.has(row.key)}
        />
      )
  }
})
