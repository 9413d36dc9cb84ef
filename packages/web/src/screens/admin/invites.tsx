/** Invitations to this house: made here with uses and an end, shown once, revoked. */

import { dayAndClock } from "@teahouse/client/words/time.ts"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import type { AdminInvite } from "@teahouse/protocol/http/admin.ts"
import { type FormEvent, useCallback, useId, useState } from "react"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field, inputLook } from "../../ui/field.tsx"
import { Qr } from "../../ui/qr.tsx"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { Choice } from "../settings/choice.tsx"
import { useAsk, useDeed, usePages } from "./ask.ts"
import { More } from "./more.tsx"
import { inviteState, useAdminText } from "./text.ts"
import { Mark } from "./users.tsx"

const DAY_MS = 86_400_000
const days = ["1", "7", "30", "365"] as const
const USES_MAX = 1000

export function Invites() {
  const text = useAdminText()
  const ask = useAsk()
  const read = useCallback(async () => {
    const answer = await ask("adminInvites", {})
    return answer.ok ? { ok: true as const, value: { rows: answer.value.invites, more: false } } : answer
  }, [ask])
  const pages = usePages(read)
  const revoking = useDeed()
  const revoke = async (one: AdminInvite) => {
    const params = { invite: one.invite }
    if (await revoking.run(() => ask("adminRevokeInvite", { params, request: {} }))) pages.again()
  }
  return (
    <div className="flex flex-col gap-4">
      <Make onMade={pages.again} />
      {pages.rows?.length === 0 && <p className="text-soft">{text.noInvites}</p>}
      {pages.rows && pages.rows.length > 0 && (
        <ul
          aria-label={text.invites}
          className="divide-y divide-line rounded-2xl border border-line bg-surface px-4"
        >
          {pages.rows.map((one) => (
            <Row key={one.invite} one={one} busy={revoking.busy} onRevoke={() => void revoke(one)} />
          ))}
        </ul>
      )}
      <Fault error={revoking.error} />
      <More pages={pages} />
    </div>
  )
}

function Make({ onMade }: { readonly onMade: () => void }) {
  const text = useAdminText()
  const ask = useAsk()
  const deed = useDeed()
  const id = useId()
  const [uses, setUses] = useState("1")
  const [lasts, setLasts] = useState<(typeof days)[number]>("7")
  const [wrong, setWrong] = useState(false)
  const [link, setLink] = useState<string>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const count = /^\d{1,4}$/.test(uses.trim()) ? Number(uses) : 0
    const good = count >= 1 && count <= USES_MAX
    setWrong(!good)
    if (!good) return
    const request = { uses: count, life: Number(lasts) * DAY_MS }
    const made = await deed.run(() => ask("adminCreateInvite", { request }))
    if (!made) return
    setLink(`${location.origin}/#invite=${toBase64url(made.value.code)}`)
    onMade()
  }
  return (
    <section aria-labelledby={id} className="rounded-2xl border border-line bg-surface p-4">
      <h2 id={id} className="mb-3 font-semibold">
        {text.makeInvite}
      </h2>
      <form onSubmit={submit} noValidate className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <Field
          className="w-40"
          label={text.uses}
          error={wrong ? text.usesWrong : undefined}
          inputMode="numeric"
          autoComplete="off"
          value={uses}
          onChange={(event) => setUses(event.target.value)}
        />
        <div className="w-80 max-w-full">
          <Choice
            name={text.lasts}
            value={lasts}
            options={days.map((each) => [each, text.days(Number(each))] as const)}
            onChange={setLasts}
          />
        </div>
        <Button look="primary" type="submit" aria-disabled={deed.busy}>
          {text.make}
        </Button>
      </form>
      <Fault error={deed.error} />
      {link !== undefined && <Shown key={link} link={link} />}
    </section>
  )
}

function Shown({ link }: { readonly link: string }) {
  const text = useAdminText()
  const id = useId()
  const [copied, setCopied] = useState(false)
  return (
    <div className="mt-4 flex flex-wrap items-center gap-4 border-t border-line pt-4">
      <div className="shrink-0 max-mid:mx-auto">
        <Qr value={link} label={text.inviteQr} />
      </div>
      <div className="flex min-w-0 flex-[1_1_16rem] flex-col gap-2">
        <label htmlFor={id} className="text-sm font-medium">
          {text.inviteLink}
        </label>
        <input
          id={id}
          readOnly
          value={link}
          onFocus={(event) => event.target.select()}
          className={`${inputLook} text-sm`}
        />
        <p className="text-sm text-soft">{text.inviteOnce}</p>
        <div className="flex flex-wrap items-center gap-3">
          <Button
            onClick={() => {
              navigator.clipboard.writeText(link).then(
                () => setCopied(true),
                () => document.getElementById(id)?.focus(),
              )
            }}
          >
            {text.copyLink}
          </Button>
          <p role="status" className="text-sm text-soft empty:hidden">
            {copied ? text.linkCopied : ""}
          </p>
        </div>
      </div>
    </div>
  )
}

const looks = { holds: "good", usedUp: "wait", expired: "wait", revoked: "bad" } as const

type RowProps = { readonly one: AdminInvite; readonly busy: boolean; readonly onRevoke: () => void }

function Row({ one, busy, onRevoke }: RowProps) {
  const text = useAdminText()
  const style = useTimeStyle()
  const state = inviteState(one, Date.now())
  const facts = [
    text.usedOf(one.used, one.uses),
    ...(one.expires > 0 ? [text.until(dayAndClock(one.expires, style))] : []),
  ].join(" · ")
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <div className="min-w-0 flex-[1_1_12rem]">
        <p className="flex flex-wrap items-center gap-2">
          <Mark look={looks[state]}>{text[state]}</Mark>
          <span>{facts}</span>
        </p>
        <p className="mt-0.5 text-sm text-soft">
          {one.admin ? `${text.firstLink} · ` : ""}
          {`${text.made} ${dayAndClock(one.created, style)}`}
        </p>
      </div>
      {state === "holds" && (
        <Button look="quiet" aria-label={text.revokeOf(facts)} aria-disabled={busy} onClick={onRevoke}>
          {text.revoke}
        </Button>
      )}
    </li>
  )
}
