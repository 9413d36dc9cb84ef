/** One person's page: who they are, what one notes of them, where one meets them. */
import type { PersonPage } from "@teahouse/client/view/port/contacts.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useState } from "react"
import { useView } from "../../port/use-view.ts"
import { Link } from "../../route/link.tsx"
import { useNavigation } from "../../route/use-route.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { BotMark } from "../../ui/bot-mark.tsx"
import { Button, IconButton } from "../../ui/button.tsx"
import { Empty } from "../../ui/empty.tsx"
import { BackIcon } from "../../ui/icons.tsx"
import { Section } from "../../ui/section.tsx"
import { SafetyRow } from "../trust/safety-row.tsx"
import { VerifiedMark } from "../trust/verified-mark.tsx"
import { EditNotes } from "./notes.tsx"
import { PersonActions } from "./person-actions.tsx"

export function Person({ user }: { readonly user: Id }) {
  const text = useText()
  const { up, go } = useNavigation()
  const person = useView("person", { user })
  if (!person) return null
  if (person.state === "absent") return <Empty>{text.contactMissing}</Empty>
  const { room, relation, blocked } = person
  return (
    <div className="min-h-0 flex-1 overflow-y-auto bg-paper">
      <div className="mid:hidden">
        <IconButton name={text.back} onClick={up} className="m-2">
          <BackIcon />
        </IconButton>
      </div>
      <div className="mx-auto flex max-w-md flex-col gap-5 px-5 pb-8 mid:pt-12">
        <PersonHead person={person} />
        <Notes person={person} />
        <SafetyRow user={user} name={person.name} />
        {person.groups.length > 0 && (
          <Section title={text.commonGroups}>
            <ul aria-label={text.commonGroups}>
              {person.groups.map((group) => (
                <li key={group.room}>
                  <Link
                    to={{ page: "chats", room: group.room }}
                    className="flex min-h-11 items-center rounded-lg px-2 -mx-2 hover:bg-sunken"
                  >
                    <span className="truncate">{group.title}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </Section>
        )}
        {room && relation !== "stranger" && !blocked && (
          <Button look="primary" className="w-full" onClick={() => go({ page: "chats", room })}>
            {text.sendMessage}
          </Button>
        )}
        <PersonActions person={person} />
      </div>
    </div>
  )
}

export function PersonHead({ person }: { readonly person: PersonPage }) {
  const text = useText()
  const { name, nickname, username, status, blocked } = person
  return (
    <div className="flex flex-col items-center gap-1.5 text-center">
      <Avatar name={name} seed={person.user} picture={person.picture} size={88} />
      <div className="mt-1 flex items-center gap-1.5">
        <h1 className="text-xl font-semibold wrap-anywhere">{name}</h1>
        <BotMark of={person} />
        {person.verified && <VerifiedMark size={20} />}
      </div>
      {nickname !== "" && nickname !== name && (
        <p className="text-sm text-soft wrap-anywhere">
          {text.nickname}: {nickname}
        </p>
      )}
      {username !== name && <p className="text-sm text-soft">{username}</p>}
      {status !== "" && <p className="text-sm wrap-anywhere">{status}</p>}
      {blocked && (
        <p className="rounded-full bg-danger-wash px-3 py-0.5 text-sm text-danger">{text.blockedMark}</p>
      )}
    </div>
  )
}

export function Notes({ person }: { readonly person: PersonPage }) {
  const text = useText()
  const [editing, setEditing] = useState(false)
  if (person.relation === "self") return null
  return (
    <Section title={text.editRemark}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <dt className="text-soft">{text.remark}</dt>
        <dd className="wrap-anywhere">{person.remark || text.noTags}</dd>
        <dt className="text-soft">{text.tags}</dt>
        <dd className="flex flex-wrap gap-1.5">
          {person.tags.length === 0 && text.noTags}
          {person.tags.map((tag) => (
            <span key={tag} className="max-w-full truncate rounded-full bg-wash px-2.5 text-sm leading-6">
              {tag}
            </span>
          ))}
        </dd>
      </dl>
      <Button look="quiet" className="-ms-4 mt-1" onClick={() => setEditing(true)}>
        {text.editRemark}
      </Button>
      {editing && <EditNotes person={person} onClose={() => setEditing(false)} />}
    </Section>
  )
}
