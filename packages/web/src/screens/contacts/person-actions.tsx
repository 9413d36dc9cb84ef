/** Beginning and ending it with somebody: asking a stranger, removing a friend, blocking, and taking that back. */
import type { PersonPage } from "@teahouse/client/view/port/contacts.ts"
import { useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { useAction } from "../../ui/use-action.ts"
import { AddFriend } from "./add-friend.tsx"

export function PersonActions({ person }: { readonly person: PersonPage }) {
  const text = useText()
  const unblock = useAction("unblock")
  const asked = useView("contacts", undefined)?.outgoing.some(({ to }) => to.user === person.user)
  const [asking, setAsking] = useState<"remove" | "block" | "befriend">()
  const [done, setDone] = useState("")
  const close = () => setAsking(undefined)
  const { user, username, relation, blocked } = person
  if (relation === "self") return null
  return (
    <div className="flex flex-col gap-2">
      {relation === "stranger" && !blocked && !asked && username !== "" && (
        <Button look="primary" className="w-full" onClick={() => setAsking("befriend")}>
          {text.askToBeFriends}
        </Button>
      )}
      <p role="status" className="text-center text-sm text-soft empty:hidden">
        {done || (asked ? text.waitingForAnswer : "")}
      </p>
      {relation === "friend" && (
        <Button look="danger" className="w-full" onClick={() => setAsking("remove")}>
          {text.removeFriend}
        </Button>
      )}
      {blocked ? (
        <Button className="w-full" aria-disabled={unblock.busy} onClick={() => void unblock.run({ user })}>
          {text.unblock}
        </Button>
      ) : (
        <Button look="danger" className="w-full" onClick={() => setAsking("block")}>
          {text.blockPerson}
        </Button>
      )}
      <Fault error={unblock.error} />
      {asking === "befriend" ? (
        <AddFriend
          username={username}
          onClose={close}
          onDone={(sentence) => {
            close()
            setDone(sentence)
          }}
        />
      ) : (
        asking && <Ask person={person} what={asking} onClose={close} />
      )}
    </div>
  )
}

type AskProps = {
  readonly person: PersonPage
  readonly what: "remove" | "block"
  readonly onClose: () => void
}

function Ask({ person: { user, name }, what, onClose }: AskProps) {
  const text = useText()
  const remove = useAction("removeFriend")
  const block = useAction("block")
  const action = what === "remove" ? remove : block
  return (
    <Dialog title={what === "remove" ? text.removeFriendAsk(name) : text.blockAsk(name)} onClose={onClose}>
      <p className="mb-4 text-sm">{what === "remove" ? text.removeFriendWhy : text.blockWhy}</p>
      <Fault error={action.error} />
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{text.cancel}</Button>
        <Button
          look="danger"
          aria-disabled={action.busy}
          onClick={async () => {
            if (await action.run({ user })) onClose()
          }}
        >
          {what === "remove" ? text.removeFriend : text.blockPerson}
        </Button>
      </div>
    </Dialog>
  )
}
