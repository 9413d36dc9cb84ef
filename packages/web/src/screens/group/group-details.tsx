/** A group's part of the details drawer: announcement, members with their roles, and what one may do there. */
import type { Member } from "@teahouse/client/view/port/basic.ts"
import type { ViewValue } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { lazy, Suspense, useState } from "react"
import { useText } from "../../text/use-text.ts"
import { Button, IconButton } from "../../ui/button.tsx"
import { DetailsIcon } from "../../ui/icons.tsx"
import { AddMembers, Announce, ChangeMember, LeaveGroup, mayChange, RenameGroup } from "./dialogs.tsx"
import { JoinRequests } from "./join-requests.tsx"
import { ChangeNick, ChangePicture, DissolveGroup, InviteRule } from "./looks.tsx"
import { Members } from "./members.tsx"
import { PastRule } from "./past-rule.tsx"

type Here = Extract<ViewValue<"room">, { state: "here" }>
type Asking = "add" | "rename" | "announce" | "leave" | "picture" | "nick" | "dissolve" | "link" | Member

const LinkDialog = lazy(() => import("./link-dialog.tsx").then((part) => ({ default: part.LinkDialog })))

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
        <div className="mb-3 flex flex-wrap justify-center">
          <Button look="quiet" onClick={() => setAsking("rename")}>
            {text.renameGroup}
          </Button>
          <Button look="quiet" onClick={() => setAsking("picture")}>
            {text.groupPicture}
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
      <JoinRequests room={id} />
      <Members
        members={members}
        beside={(member) => (
          <>
            {roles[member.role] && (
              <span className="rounded-full bg-wash px-2 py-0.5 text-xs">{roles[member.role]}</span>
            )}
            {member.user === me && <span className="pe-2 text-sm text-soft">{text.you}</span>}
            {writable && member.user !== me && mayChange(role, member) && (
              <IconButton name={text.changeMember(member.name)} onClick={() => setAsking(member)}>
                <DetailsIcon />
              </IconButton>
            )}
          </>
        )}
      />
      {leads && <InviteRule room={id} invite={room.invite} />}
      {writable && <PastRule room={id} days={room.pastDays} may={leads} />}
      {writable && (
        <div className="flex flex-col gap-2 p-5">
          <Button className="w-full" onClick={() => setAsking("nick")}>
            {text.groupNickname}
          </Button>
          {room.mayInvite && (
            <Button className="w-full" onClick={() => setAsking("add")}>
              {text.addMembers}
            </Button>
          )}
          {(leads || room.links.length > 0) && (
            <Button className="w-full" onClick={() => setAsking("link")}>
              {text.inviteByLink}
            </Button>
          )}
          <Button look="danger" className="w-full" onClick={() => setAsking("leave")}>
            {text.leaveGroup}
          </Button>
          {role === "owner" && (
            <Button look="danger" className="w-full" onClick={() => setAsking("dissolve")}>
              {text.dissolveGroup}
            </Button>
          )}
        </div>
      )}
      {asking === "add" && <AddMembers room={id} members={members} onClose={close} />}
      {asking === "rename" && <RenameGroup room={id} name={title} onClose={close} />}
      {asking === "announce" && <Announce room={id} announcement={announcement} onClose={close} />}
      {asking === "leave" && <LeaveGroup room={id} title={title} onClose={close} />}
      {asking === "picture" && (
        <ChangePicture room={id} title={title} picture={room.picture} onClose={close} />
      )}
      {asking === "nick" && <ChangeNick room={id} nick={room.nick} onClose={close} />}
      {asking === "dissolve" && <DissolveGroup room={id} title={title} onClose={close} />}
      <Suspense>{asking === "link" && <LinkDialog room={room} onClose={close} />}</Suspense>
      {typeof asking === "object" && <ChangeMember room={id} member={asking} own={role} onClose={close} />}
    </>
  )
}
