import type { ViewValue } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useEffect, useId, useRef, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useNavigation } from "../../route/use-route.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { Button, IconButton } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { CloseIcon, LockIcon } from "../../ui/icons.tsx"
import { useAction } from "../../ui/use-action.ts"
import { titleOf } from "../chats/title.ts"
import { GroupDetails } from "../group/group-details.tsx"

type Here = Extract<ViewValue<"room">, { state: "here" }>

export function Details({ room: id, me }: { readonly room: Id; readonly me: Id }) {
  const text = useText()
  const { up } = useNavigation()
  const room = useView("room", { room: id })
  const contacts = useView("contacts", undefined)
  const heading = useId()
  const closer = useRef<HTMLButtonElement>(null)
  const [asking, setAsking] = useState(false)
  useEffect(() => {
    closer.current?.focus()
  }, [])
  if (room?.state !== "here") return null
  const peer = room.peer
  const title = titleOf(room, text)
  const friend = peer && contacts?.friends.some((each) => each.user === peer.user)
  return (
    <aside
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
        <Avatar name={title} seed={room.peer?.user ?? room.room} size={80} group={room.kind === "group"} />
        <p className="text-lg font-medium wrap-anywhere">{title}</p>
        {peer && peer.username !== room.title && <p className="text-sm text-soft">{peer.username}</p>}
      </div>
      <p className="mx-5 mb-4 flex gap-2 rounded-xl bg-wash px-3 py-2 text-sm">
        <LockIcon size={18} className="mt-0.5 text-accent" />
        {text.encryptedNote}
      </p>
      {room.kind === "group" ? <GroupDetails room={room} me={me} /> : <Members room={room} me={me} />}
      {peer && friend && (
        <div className="mt-auto p-5">
          <Button look="danger" className="w-full" onClick={() => setAsking(true)}>
            {text.removeFriend}
          </Button>
        </div>
      )}
      {asking && peer && <RemoveFriend user={peer.user} name={peer.name} onClose={() => setAsking(false)} />}
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
            <Avatar name={member.name} seed={member.user} size={36} />
            <span className="min-w-0 flex-1 truncate">{member.name}</span>
            {member.user === me && <span className="text-sm text-soft">{text.you}</span>}
          </li>
        ))}
      </ul>
    </>
  )
}

type RemoveProps = { readonly user: Id; readonly name: string; readonly onClose: () => void }

function RemoveFriend({ user, name, onClose }: RemoveProps) {
  const text = useText()
  const remove = useAction("removeFriend")
  return (
    <Dialog title={text.removeFriendAsk(name)} onClose={onClose}>
      <p className="mb-4 text-sm">{text.removeFriendWhy}</p>
      <Fault error={remove.error} />
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{text.cancel}</Button>
        <Button
          look="danger"
          aria-disabled={remove.busy}
          onClick={async () => {
            if (await remove.run({ user })) onClose()
          }}
        >
          {text.removeFriend}
        </Button>
      </div>
    </Dialog>
  )
}
