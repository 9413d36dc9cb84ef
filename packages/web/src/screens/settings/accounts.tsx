/** The accounts of this browser, side by side in slots. Each is a page of its own, with its own worker and store. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { useState } from "react"
import { useHouse } from "../../port/use-view.ts"
import { freeSlot, readSlots } from "../../route/slots.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { useAction } from "../../ui/use-action.ts"
import { Card } from "./card.tsx"

export function Accounts({ username, user }: { readonly username: string; readonly user: Id }) {
  const text = useText()
  const { slot } = useHouse()
  const signOut = useAction("signOut")
  const [asking, setAsking] = useState(false)
  const kept = readSlots(localStorage)
  const slots = kept.some((each) => each.slot === slot)
    ? kept
    : [...kept, { slot, username, signedIn: true, user }]
  return (
    <Card title={text.accounts}>
      <ul aria-label={text.accounts} className="mb-3 flex flex-col gap-1">
        {slots.map((each) => (
          <li key={each.slot}>
            <a
              href={`/${each.slot}/`}
              aria-current={each.slot === slot || undefined}
              className="flex min-h-12 items-center gap-3 rounded-xl px-2 hover:bg-sunken"
            >
              <Avatar name={each.username} seed={each.user ?? each.username} size={36} />
              <span className="min-w-0 flex-1 truncate">{each.username}</span>
              <span className="text-sm text-soft">
                {each.slot === slot ? text.accountCurrent : each.signedIn ? "" : text.accountSignedOut}
              </span>
            </a>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => location.assign(`/${freeSlot(slots)}/`)}>{text.addAccount}</Button>
        <Button
          aria-disabled={signOut.busy}
          aria-describedby="sign-out-hint"
          onClick={() => void signOut.run({ forget: false })}
        >
          {text.signOut}
        </Button>
        <Button look="danger" onClick={() => setAsking(true)}>
          {text.forgetDevice}
        </Button>
      </div>
      <p id="sign-out-hint" className="mt-2 text-sm text-soft">
        {text.signOutHint}
      </p>
      <Fault error={signOut.error} />
      {asking && (
        <Dialog title={text.forgetAsk} onClose={() => setAsking(false)}>
          <p className="mb-4 text-sm">{text.forgetWhy}</p>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setAsking(false)}>{text.cancel}</Button>
            <Button
              look="danger"
              aria-disabled={signOut.busy}
              onClick={() => void signOut.run({ forget: true })}
            >
              {text.forgetConfirm}
            </Button>
          </div>
        </Dialog>
      )}
    </Card>
  )
}
