import type { ViewValue } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useEffect, useRef, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useNavigation } from "../../route/use-route.ts"
import { useText } from "../../text/use-text.ts"
import { Button, IconButton } from "../../ui/button.tsx"
import { Empty } from "../../ui/empty.tsx"
import { BackIcon, DetailsIcon } from "../../ui/icons.tsx"
import { NoticeLine } from "../../ui/notice.tsx"
import { titleOf } from "../chats/title.ts"
import { AddFriend } from "../contacts/add-friend.tsx"
import { useSending } from "../files/sending.tsx"
import { AnnouncementBar } from "../group/announcement-bar.tsx"
import { GroupAvatar } from "../group/group-avatar.tsx"
import { JoinBar } from "../group/join-bar.tsx"
import { IdentityChanged } from "../trust/identity-changed.tsx"
import { VerifiedMark } from "../trust/verified-mark.tsx"
import { ActingContext } from "./acting.ts"
import { Composer, type ComposerHandle } from "./composer.tsx"
import { Layers } from "./layers.tsx"
import { type LogHandle, MessageLog } from "./message-log.tsx"
import { PinsBar } from "./pins-bar.tsx"
import { SelectBar } from "./select-bar.tsx"
import { TypingLine } from "./typing-line.tsx"
import { useDeeds } from "./use-deeds.ts"

type Here = Extract<ViewValue<"room">, { state: "here" }>

export function Conversation({ room: id, me }: { readonly room: Id; readonly me: Id }) {
  const text = useText()
  const { up } = useNavigation()
  const room = useView("room", { room: id })
  if (!room)
    return (
      <h1 data-starting className="sr-only">
        {text.loading}
      </h1>
    )
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
  return <OpenChat room={room} me={me} />
}

function OpenChat({ room, me }: { readonly room: Here; readonly me: Id }) {
  const text = useText()
  const { route, go, up } = useNavigation()
  const log = useRef<LogHandle>(null)
  const composer = useRef<ComposerHandle>(null)
  const deeds = useDeeds(room.room, me, room.members, log, composer)
  const { acting, selection, notice } = deeds
  const sending = useSending(room.room, room.writable, {
    answers: () => composer.current?.answers(),
    onSent: () => {
      composer.current?.answered()
      log.current?.toLatest()
    },
  })
  const details = route.page === "chats" && route.details === true
  const at = route.page === "chats" ? route.at : undefined
  const title = titleOf(room, text)
  const group = room.kind === "group"
  const others = room.members.filter((member) => member.user !== me)

  useEffect(() => {
    if (at === undefined) return
    log.current?.jump(at)
    // Going there again is possible, and Back does not jump.
    go({ page: "chats", room: room.room }, "replace")
  }, [at, go, room.room])

  return (
    <ActingContext value={acting}>
      <section aria-label={title} {...sending.target} className="relative flex min-h-0 flex-1 flex-col">
        <header className="flex min-h-16 items-center gap-1 border-b border-line bg-surface ps-2 pe-3 mid:ps-5">
          <IconButton name={text.back} className="mid:hidden" onClick={up}>
            <BackIcon />
          </IconButton>
          {group && room.picture !== undefined && (
            <GroupAvatar room={room.room} name={title} picture={room.picture} size={36} />
          )}
          <div className="relative min-w-0 flex-1">
            <div className="flex items-center gap-1.5">
              <h1 className="truncate text-lg font-semibold">
                {title}
                {group && <span className="ms-1 font-normal text-soft">({room.members.length})</span>}
              </h1>
              {room.verified && <VerifiedMark />}
            </div>
            <TypingLine room={room.room} group={group} />
          </div>
          <IconButton
            name={text.chatDetails}
            aria-expanded={details}
            onClick={() => (details ? up() : go({ page: "chats", room: room.room, details: true }))}
          >
            <DetailsIcon />
          </IconButton>
        </header>
        <PinsBar room={room.room} onJump={acting.jump} onAll={() => deeds.open({ kind: "pinned" })} />
        {room.announcementNew && <AnnouncementBar room={room.room} announcement={room.announcement} />}
        {group && !details && <JoinBar room={room.room} />}
        <MessageLog room={room.room} named={group || others.length > 1} selection={selection} handle={log} />
        <div className="relative">
          <NoticeLine notice={notice} />
          {selection ? (
            <SelectBar
              count={selection.size}
              onForward={deeds.forwardSelected}
              onCopy={deeds.copySelected}
              onSave={deeds.saveSelected}
              onDelete={deeds.deleteSelected}
              onEnd={deeds.endSelecting}
            />
          ) : room.changed && room.peer ? (
            <IdentityChanged peer={room.peer} />
          ) : room.writable ? (
            <Composer
              room={room.room}
              title={title}
              others={group ? others : []}
              mayCallAll={group && room.role !== "member"}
              focus={!details}
              sending={sending}
              handle={composer}
              lastOwn={() => log.current?.lastOwn()}
              onSent={() => log.current?.toLatest()}
              onEscape={() => log.current?.toLatest()}
              onJump={acting.jump}
              onPoll={() => deeds.open({ kind: "poll" })}
            />
          ) : (
            <Closed room={room} />
          )}
        </div>
        {sending.layer}
        <Layers deeds={deeds} writable={room.writable} />
      </section>
    </ActingContext>
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
