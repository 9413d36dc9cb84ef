/** What one does with a group that is there, each in a dialog of its own: adding, renaming, announcing, leaving, roles. */
import type { Member, Role } from "@teahouse/client/view/port/basic.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type FormEvent, type ReactNode, useId, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field, inputLook } from "../../ui/field.tsx"
import { useComposition } from "../../ui/ime.ts"
import { useAction } from "../../ui/use-action.ts"
import { PickFriends } from "./pick-friends.tsx"

type Props = { readonly room: Id; readonly onClose: () => void }

type FormProps = {
  readonly title: string
  readonly action: string
  readonly busy: boolean
  readonly onClose: () => void
  readonly onSubmit: () => Promise<void>
  readonly children: ReactNode
}

export function FormDialog({ title, action, busy, onClose, onSubmit, children }: FormProps) {
  const text = useText()
  const composition = useComposition()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!composition.active()) await onSubmit()
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4" {...composition.handlers}>
        {children}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="primary" type="submit" aria-disabled={busy}>
            {busy ? text.working : action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

export function AddMembers({ room, members, onClose }: Props & { readonly members: readonly Member[] }) {
  const text = useText()
  const friends = useView("contacts", undefined)?.friends ?? []
  const invite = useAction("inviteToGroup")
  const [chosen, setChosen] = useState<ReadonlySet<Id>>(new Set())
  const outside = friends.filter((friend) => members.every((member) => member.user !== friend.user))
  return (
    <FormDialog
      title={text.addMembers}
      action={text.add}
      busy={invite.busy}
      onClose={onClose}
      onSubmit={async () => {
        if (chosen.size === 0 || (await invite.run({ room, users: [...chosen] }))) onClose()
      }}
    >
      <PickFriends friends={outside} chosen={chosen} onChange={setChosen} />
      <Fault error={invite.error} />
    </FormDialog>
  )
}

export function RenameGroup({ room, name: before, onClose }: Props & { readonly name: string }) {
  const text = useText()
  const rename = useAction("renameGroup")
  const [name, setName] = useState(before)
  return (
    <FormDialog
      title={text.renameGroup}
      action={text.save}
      busy={rename.busy}
      onClose={onClose}
      onSubmit={async () => {
        if (await rename.run({ room, name })) onClose()
      }}
    >
      <Field
        label={text.groupName}
        hint={text.groupNameHint}
        value={name}
        onChange={(event) => setName(event.target.value)}
        autoComplete="off"
      />
      <Fault error={rename.error} />
    </FormDialog>
  )
}

export function Announce({ room, announcement, onClose }: Props & { readonly announcement: string }) {
  const text = useText()
  const id = useId()
  const announce = useAction("setAnnouncement")
  const [value, setValue] = useState(announcement)
  return (
    <FormDialog
      title={text.editAnnouncement}
      action={text.save}
      busy={announce.busy}
      onClose={onClose}
      onSubmit={async () => {
        if (await announce.run({ room, text: value })) onClose()
      }}
    >
      <div>
        <label htmlFor={id} className="mb-1 block text-sm font-medium">
          {text.announcement}
        </label>
        <textarea
          id={id}
          rows={5}
          className={inputLook}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
      </div>
      <Fault error={announce.error} />
    </FormDialog>
  )
}

export function LeaveGroup({ room, title, onClose }: Props & { readonly title: string }) {
  const text = useText()
  const leave = useAction("leaveGroup")
  return (
    <Dialog title={text.leaveGroupAsk(title)} onClose={onClose}>
      <p className="mb-4 text-sm">{text.leaveGroupWhy}</p>
      <Fault error={leave.error} />
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{text.cancel}</Button>
        <Button
          look="danger"
          aria-disabled={leave.busy}
          onClick={async () => {
            if (await leave.run({ room })) onClose()
          }}
        >
          {text.leaveGroup}
        </Button>
      </div>
    </Dialog>
  )
}

/** What one's own role allows with this member. */
export const mayChange = (own: Role, { role }: Member): boolean =>
  own === "owner" || (own === "admin" && role === "member")

export function ChangeMember({
  room,
  member,
  own,
  onClose,
}: Props & { readonly member: Member; readonly own: Role }) {
  const text = useText()
  const id = useId()
  const remove = useAction("removeFromGroup")
  const admin = useAction("setAdmin")
  const hand = useAction("handOver")
  const { user } = member
  const busy = remove.busy || admin.busy || hand.busy
  return (
    <Dialog title={member.name} onClose={onClose}>
      <div className="flex flex-col gap-2">
        {own === "owner" && (
          <>
            <Button
              aria-disabled={busy}
              onClick={async () => {
                if (await admin.run({ room, user, on: member.role === "member" })) onClose()
              }}
            >
              {member.role === "member" ? text.makeAdmin : text.endAdmin}
            </Button>
            <Button
              aria-disabled={busy}
              aria-describedby={`${id}-hand`}
              onClick={async () => {
                if (await hand.run({ room, user })) onClose()
              }}
            >
              {text.handOver}
            </Button>
            <p id={`${id}-hand`} className="px-1 pb-2 text-sm text-soft">
              {text.handOverHint}
            </p>
          </>
        )}
        <Button
          look="danger"
          aria-disabled={busy}
          aria-describedby={`${id}-remove`}
          onClick={async () => {
            if (await remove.run({ room, user })) onClose()
          }}
        >
          {text.removeMember}
        </Button>
        <p id={`${id}-remove`} className="px-1 text-sm text-soft">
          {text.removeMemberHint}
        </p>
      </div>
      <p role="status" className="mt-3 text-sm text-soft">
        {busy ? text.working : ""}
      </p>
      <Fault error={remove.error ?? admin.error ?? hand.error} />
    </Dialog>
  )
}
