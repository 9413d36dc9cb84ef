import type { ViewValue } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { lazy, Suspense, useEffect, useId, useRef } from "react"
import { useView } from "../../port/use-view.ts"
import { useNavigation } from "../../route/use-route.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { BotMark } from "../../ui/bot-mark.tsx"
import { IconButton } from "../../ui/button.tsx"
import { CloseIcon, LockIcon } from "../../ui/icons.tsx"
import { titleOf } from "../chats/title.ts"
import { Notes } from "../contacts/person.tsx"
import { PersonActions } from "../contacts/person-actions.tsx"
import { GroupAvatar } from "../group/group-avatar.tsx"
import { GroupDetails } from "../group/group-details.tsx"
import { SafetyRow } from "../trust/safety-row.tsx"
import { VerifiedMark } from "../trust/verified-mark.tsx"
import { ChatHabits } from "./chat-habits.tsx"
import { TimerChoice } from "./timer.tsx"

const ChatFiles = lazy(() => import("../files/chat-files.tsx").then((part) => ({ default: part.ChatFiles })))
const Export = lazy(() => import("../settings/export.tsx").then((part) => ({ default: part.Export })))

type Here = Extract<ViewValue<"room">, { state: "here" }>

export function Details({ room: id, me }: { readonly room: Id; readonly me: Id }) {
  const text = useText()
  const { up } = useNavigation()
  const room = useView("room", { room: id })
  const heading = useId()
  const closer = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    closer.current?.focus()
  }, [])
  const peer = room?.state === "here" ? room.peer : undefined
  // Nobody has the empty id: then it is absent.
  const page = useView("person", { user: peer?.user ?? ("" as Id) })
  if (room?.state !== "here") return null
  const title = titleOf(room, text)
  return (
    <aside
      data-region="details"
      aria-labelledby={heading}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.nativeEvent.isComposing && !inDialog(event.target)) up()
      }}
      className="flex min-h-0 w-full flex-col overflow-y-auto border-line bg-surface max-wide:mid:absolute max-wide:mid:inset-y-0 max-wide:mid:end-0 max-wide:mid:z-20 max-wide:mid:shadow-(--shadow) mid:w-80 mid:border-s"
    >
      <header className="flex min-h-16 items-center ps-5 pe-3">
        <h1 id={heading} className="flex-1 text-lg font-semibold">
          {text.chatDetails}
        </h1>
        <IconButton ref={closer} name={text.close} onClick={up}>
          <CloseIcon />
        </IconButton>
      </header>
      <div className="flex flex-col items-center gap-2 px-5 pb-5 text-center">
        {room.kind === "group" ? (
          <GroupAvatar room={room.room} name={title} picture={room.picture} size={80} />
        ) : (
          <Avatar name={title} seed={room.peer?.user ?? room.room} picture={peer?.picture} size={80} />
        )}
        <div className="flex items-center gap-1.5">
          <p className="text-lg font-medium wrap-anywhere">{title}</p>
          {peer && <BotMark of={peer} />}
          {room.verified && <VerifiedMark />}
        </div>
        {peer && peer.username !== room.title && <p className="text-sm text-soft">{peer.username}</p>}
      </div>
      <p className="mx-5 mb-4 flex gap-2 rounded-xl bg-wash px-3 py-2 text-sm">
        <LockIcon size={18} className="mt-0.5 text-accent" />
        {text.encryptedNote}
      </p>
      <ChatHabits room={room} />
      {page?.state === "here" && (
        <div className="px-5 pb-4">
          <Notes person={page} />
        </div>
      )}
      {peer && (
        <div className="px-5 pb-4 empty:hidden">
          <SafetyRow user={peer.user} name={peer.name} />
        </div>
      )}
      {room.writable && room.kind !== "self" && <TimerChoice room={id} seconds={room.timer} />}
      {room.kind === "group" ? <GroupDetails room={room} me={me} /> : <Members room={room} me={me} />}
      <Suspense>
        <ChatFiles room={id} />
      </Suspense>
      <section aria-label={text.exportTitle} className="px-5 py-4">
        <h2 className="pb-1 text-sm font-medium text-soft">{text.exportTitle}</h2>
        <Suspense>
          <Export key={id} room={id} />
        </Suspense>
      </section>
      {page?.state === "here" && (
        <div className="mt-auto p-5">
          <PersonActions person={page} />
        </div>
      )}
    </aside>
  )
}

/** A dialog stands in the drawer for React, and closes by itself. */
const inDialog = (target: EventTarget) => target instanceof Element && target.closest("dialog") !== null

function Members({ room, me }: { readonly room: Here; readonly me: Id }) {
  const text = useText()
  return (
    <>
      <h2 className="px-5 pb-1 text-sm font-medium text-soft">{text.members}</h2>
      <ul aria-label={text.members} className="px-5">
        {room.members.map((member) => (
          <li key={member.user} className="flex items-center gap-3 py-1.5">
            <Avatar name={member.name} seed={member.user} picture={member.picture} size={36} />
            <span className="min-w-0 flex-1 truncate">{member.name}</span>
            {member.user === me && <span className="text-sm text-soft">{text.you}</span>}
          </li>
        ))}
      </ul>
    </>
  )
}
