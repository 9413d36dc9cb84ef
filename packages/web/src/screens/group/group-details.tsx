/** A group's part of the details drawer: announcement, members with their roles, and what one may do there. */
import type { Member, ViewValue } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useState } from "react"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { Button, IconButton } from "../../ui/button.tsx"
import { DetailsIcon } from "../../ui/icons.tsx"
import { AddMembers, Announce, ChangeMember, LeaveGroup, mayChange, RenameGroup } from "./dialogs.tsx"

type Here = Extract<ViewValue<"room">, { state: "here" }>
type Asking = "add" | "rename" | "announce" | "leave" | Member

export function GroupDetails({ room, me }: { readonly room: Here; readonly me: Id }) {
  const text = useText()
  const [asking, setAsking] = useState<Asking>()
  const close = () => setAsking(undefined)
  const { room: id, role, announcement, members, writable, title } = room
  const leads = writable && role !== "member"
  const roles = { owner: text.roleOwner, admin: text.roleAdmin, member: "" }
  return (
    <>
      {leads && (
        <div className="mb-3 flex justify-center">
          <Button look="quiet" onClick={() => setAsking("rename")}>
            {text.renameGroup}
          </Button>
        </div>
      )}
      {(announcement !== "" || leads) && (
        <section aria-label={text.announcement} className="px-5 pb-4">
          <h2 className="pb-1 text-sm font-medium text-soft">{text.announcement}</h2>
          <p className="text-sm whitespace-pre-wrap wrap-anywhere">{announcement || text.noAnnouncement}</p>
          {leads && (
            <Button look="quiet" className="-ms-4" onClick={() => setAsking("announce")}>
              {text.editAnnouncement}
            </Button>
          )}
        </section>
      )}
      <h2 className="px-5 pb-1 text-sm font-medium text-soft">
        {text.members} ({members.length})
      </h2>
      <ul aria-label={text.members} className="ps-5 pe-3">
        {members.map((member) => (
          <li key={member.user} className="flex min-h-12 items-center gap-3 py-0.5">
            <Avatar name={member.name} seed={member.user} size={36} />
            <span className="min-w-0 flex-1 truncate">{member.name}</span>
            {roles[member.role] && (
              <span className="rounded-full bg-wash px-2 py-0.5 text-xs">{roles[member.role]}</span>
            )}
            {member.user === me && <span className="pe-2 text-sm text-soft">{text.you}</span>}
            {writable && member.user !== me && mayChange(role, member) && (
              <IconButton name={text.changeMember(member.name)} onClick={() => setAsking(member)}>
                <DetailsIcon />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {writable && (
        <div className="mt-auto flex flex-col gap-2 p-5">
          {room.mayInvite && (
            <Button className="w-full" onClick={() => setAsking("add")}>
              {text.addMembers}
            </Button>
          )}
          <Button look="danger" className="w-full" onClick={() => setAsking("leave")}>
            {text.leaveGroup}
          </Button>
        </div>
      )}
      {asking === "add" && <AddMembers room={id} members={members} onClose={close} />}
      {asking === "rename" && <RenameGroup room={id} name={title} onClose={close} />}
      {asking === "announce" && <Announce room={id} announcement={announcement} onClose={close} />}
      {asking === "leave" && <LeaveGroup room={id} title={title} onClose={close} />}
      {typeof asking === "object" && <ChangeMember room={id} member={asking} own={role} onClose={close} />}
    </>
  )
}
