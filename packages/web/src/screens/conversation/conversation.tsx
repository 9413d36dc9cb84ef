import type { ViewValue } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useRef, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useNavigation } from "../../route/use-route.ts"
import { useText } from "../../text/use-text.ts"
import { Button, IconButton } from "../../ui/button.tsx"
import { Empty } from "../../ui/empty.tsx"
import { BackIcon, DetailsIcon } from "../../ui/icons.tsx"
import { titleOf } from "../chats/title.ts"
import { AddFriend } from "../contacts/add-friend.tsx"
import { Composer } from "./composer.tsx"
import { type LogHandle, MessageLog } from "./message-log.tsx"

type Here = Extract<ViewValue<"room">, { state: "here" }>

export function Conversation({ room: id, me }: { readonly room: Id; readonly me: Id }) {
  const text = useText()
  const { route, go, up } = useNavigation()
  const room = useView("room", { room: id })
  const log = useRef<LogHandle>(null)
  if (!room) return <h1 className="sr-only">{text.loading}</h1>
  if (room.state === "absent")
    return (
      <>
        <div className="p-2 mid:hidden">
          <IconButton name={text.back} onClick={up}>
            <BackIcon />
          </IconButton>
        </div>
        <Empty>{text.chatMissing}</Empty>
      </>
    )
  const details = route.page === "chats" && route.details === true
  const title = titleOf(room, text)
  const others = room.members.filter((member) => member.user !== me)
  return (
    <section aria-label={title} className="flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-16 items-center gap-1 border-b border-line bg-surface ps-2 pe-3 mid:ps-5">
        <IconButton name={text.back} className="mid:hidden" onClick={up}>
          <BackIcon />
        </IconButton>
        <h1 className="min-w-0 flex-1 truncate text-lg font-semibold">
          {title}
          {room.kind === "group" && (
            <span className="ms-1 font-normal text-soft">({room.members.length})</span>
          )}
        </h1>
        <IconButton
          name={text.chatDetails}
          aria-expanded={details}
          onClick={() => (details ? up() : go({ page: "chats", room: id, details: true }))}
        >
          <DetailsIcon />
        </IconButton>
      </header>
      <MessageLog room={id} named={room.kind === "group" || others.length > 1} handle={log} />
      {room.writable ? (
        <Composer
          room={id}
          title={title}
          focus={!details}
          onSent={() => log.current?.toLatest()}
          onEscape={() => log.current?.toLatest()}
        />
      ) : (
        <Closed room={room} />
      )}
    </section>
  )
}

/** Says why nothing can be written here, and what can be done about it. */
function Closed({ room }: { readonly room: Here }) {
  const text = useText()
  const [asking, setAsking] = useState(false)
  const [done, setDone] = useState("")
  const reason = {
    pending: room.peer ? text.closedPending(room.peer.name) : text.closedPendingUnknown,
    frozen: text.closedFrozen,
    removed: text.closedRemoved,
    joining: text.closedJoining,
  }[room.closed ?? "removed"]
  return (
    <footer className="safe-bottom border-t border-line bg-surface">
      <div className="flex flex-wrap items-center justify-center gap-x-3 px-4 py-3 text-center text-sm text-soft">
        <p role="status">{done || reason}</p>
        {room.closed === "frozen" && room.peer && done === "" && (
          <Button look="quiet" onClick={() => setAsking(true)}>
            {text.addAgain}
          </Button>
        )}
      </div>
      {asking && room.peer && (
        <AddFriend
          username={room.peer.username}
          onClose={() => setAsking(false)}
          onDone={(sentence) => {
            setAsking(false)
            setDone(sentence)
          }}
        />
      )}
    </footer>
  )
}
