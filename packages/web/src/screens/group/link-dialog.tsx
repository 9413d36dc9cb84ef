/** UX 29: a group's join link. Every member may pass it on; the owner and admins make and revoke it. */
import type { Language } from "@teahouse/client/view/port/basic.ts"
import type { GroupLink } from "@teahouse/client/view/port/rooms.ts"
import type { ViewValue } from "@teahouse/client/view/port.ts"
import { type FormEvent, useId, useState } from "react"
import { useLanguage, useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { inputLook } from "../../ui/field.tsx"
import { Qr } from "../../ui/qr.tsx"
import { useAction } from "../../ui/use-action.ts"
import { usePastText } from "./past-rule.tsx"

type Here = Extract<ViewValue<"room">, { state: "here" }>
const DAYS = [1, 7, 30] as const
const DEFAULT_DAYS = 7

export function LinkDialog({ room, onClose }: { readonly room: Here; readonly onClose: () => void }) {
  const text = useText()
  const past = usePastText(room.pastDays)
  const leads = room.role !== "member"
  const newest = room.links.at(-1)
  const others = room.links.slice(0, -1)
  return (
    <Dialog title={text.inviteByLink} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {newest ? <Shown key={newest.id} room={room} link={newest} leads={leads} /> : <p>{text.linkNone}</p>}
        {leads && others.length > 0 && <Others room={room} links={others} />}
        {leads && <Make room={room} />}
        <p className="text-sm text-soft">
          {text.linkWhy} {past} {text.linkForMembers}
        </p>
      </div>
    </Dialog>
  )
}

const untilText = ({ expires }: GroupLink, language: Language) =>
  new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(expires)

type ShownProps = { readonly room: Here; readonly link: GroupLink; readonly leads: boolean }

function Shown({ room, link, leads }: ShownProps) {
  const text = useText()
  const { language } = useLanguage()
  const id = useId()
  const revoke = useAction("revokeLink")
  const [copied, setCopied] = useState(false)
  const address = `${location.origin}/join#${link.link}`
  const until = untilText(link, language)
  return (
    <div className="flex flex-col gap-3">
      <Qr value={address} label={text.linkQr} />
      <div>
        <label htmlFor={id} className="mb-1 block text-sm font-medium">
          {text.linkAddress}
        </label>
        <input
          id={id}
          readOnly
          value={address}
          onFocus={(event) => event.target.select()}
          className={`${inputLook} text-sm`}
        />
      </div>
      <p className="text-sm text-soft">
        {text.linkExpires(until)}
        {link.approval && <> · {text.linkApproval}</>}
      </p>
      <Fault error={revoke.error} />
      <div className="flex justify-end gap-2">
        {leads && (
          <Button
            look="danger"
            aria-disabled={revoke.busy}
            onClick={() => revoke.run({ room: room.room, link: link.id })}
          >
            {revoke.busy ? text.working : text.linkRevoke}
          </Button>
        )}
        <Button
          look="primary"
          onClick={() => {
            navigator.clipboard.writeText(address).then(
              () => setCopied(true),
              () => document.getElementById(id)?.focus(),
            )
          }}
        >
          {text.linkCopy}
        </Button>
      </div>
      <p role="status" className="text-end text-sm text-soft empty:hidden">
        {copied ? text.linkCopied : ""}
      </p>
    </div>
  )
}

/** Whoever may revoke a link has to see that it is there. */
function Others({ room, links }: { readonly room: Here; readonly links: readonly GroupLink[] }) {
  const text = useText()
  const { language } = useLanguage()
  const id = useId()
  const revoke = useAction("revokeLink")
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="mb-1 text-sm font-medium">
        {text.linkOthers}
      </h3>
      <ul aria-labelledby={id}>
        {links.map((link) => {
          const until = untilText(link, language)
          return (
            <li key={link.id} className="flex min-h-12 items-center gap-3">
              <span className="min-w-0 flex-1 text-sm text-soft">
                {text.linkExpires(until)}
                {link.approval && <> · {text.linkApproval}</>}
              </span>
              <Button
                look="danger"
                aria-label={text.linkRevokeOf(until)}
                aria-disabled={revoke.busy}
                onClick={() => void revoke.run({ room: room.room, link: link.id })}
              >
                {text.linkRevoke}
              </Button>
            </li>
          )
        })}
      </ul>
      <Fault error={revoke.error} />
    </section>
  )
}

function Make({ room }: { readonly room: Here }) {
  const text = useText()
  const id = useId()
  const create = useAction("createLink")
  const [days, setDays] = useState(DEFAULT_DAYS)
  const [approval, setApproval] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await create.run({ room: room.room, days, approval })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 border-t border-line pt-4">
      <div>
        <label htmlFor={id} className="mb-1 block text-sm font-medium">
          {text.linkDays}
        </label>
        <select
          id={id}
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
          className={inputLook}
        >
          {DAYS.map((each) => (
            <option key={each} value={each}>
              {text.linkDayCount(each)}
            </option>
          ))}
        </select>
      </div>
      <label className="flex min-h-11 items-center gap-3">
        <input
          type="checkbox"
          checked={approval}
          onChange={(event) => setApproval(event.target.checked)}
          className="size-5 shrink-0 accent-accent"
        />
        {text.linkAsk}
      </label>
      <Fault error={create.error} />
      <Button type="submit" look={room.links.length > 0 ? "plain" : "primary"} aria-disabled={create.busy}>
        {create.busy ? text.working : text.linkCreate}
      </Button>
    </form>
  )
}
