/** What friends see of one: picture, nickname, status line. */
import type { Settings } from "@teahouse/client/view/port/account.ts"
import type { ViewValue } from "@teahouse/client/view/port.ts"
import { type FormEvent, useEffect, useRef, useState } from "react"
import { squarePicture } from "../../media/square-picture.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field } from "../../ui/field.tsx"
import { useComposition } from "../../ui/ime.ts"
import { useAction } from "../../ui/use-action.ts"
import { Card } from "./card.tsx"

type SignedIn = Extract<ViewValue<"session">, { state: "signed_in" }>

export function Profile({ session, settings }: { readonly session: SignedIn; readonly settings: Settings }) {
  const text = useText()
  return (
    <Card title={text.profile}>
      <Picture session={session} />
      <Words nickname={settings.nickname} status={settings.status} />
    </Card>
  )
}

function Picture({ session }: { readonly session: SignedIn }) {
  const text = useText()
  const save = useAction("setPicture")
  const chooser = useRef<HTMLInputElement>(null)
  const [unreadable, setUnreadable] = useState(false)
  const name = session.nickname || session.username
  const choose = async (file: File | undefined) => {
    if (!file) return
    save.clear()
    const picture = await squarePicture(file).catch(() => undefined)
    setUnreadable(!picture)
    if (picture) await save.run({ picture })
  }
  return (
    <div className="mb-4 flex flex-wrap items-center gap-4">
      <Avatar name={name} seed={session.user} picture={session.picture} size={72} />
      <div className="min-w-[min(10rem,100%)] flex-1">
        <p className="text-lg font-medium wrap-anywhere">{name}</p>
        {name !== session.username && <p className="text-sm text-soft wrap-anywhere">{session.username}</p>}
        <div className="mt-2 flex flex-wrap gap-2">
          <Button aria-disabled={save.busy} onClick={() => chooser.current?.click()}>
            {text.changePicture}
          </Button>
          {session.picture && (
            <Button look="quiet" aria-disabled={save.busy} onClick={() => void save.run({ picture: null })}>
              {text.removePicture}
            </Button>
          )}
        </div>
        <p className="mt-1 text-sm text-soft">{text.pictureHint}</p>
        <input
          ref={chooser}
          type="file"
          accept="image/*"
          aria-label={text.changePicture}
          tabIndex={-1}
          className="sr-only"
          onChange={(event) => {
            void choose(event.target.files?.[0])
            event.target.value = ""
          }}
        />
        <Fault sentence={unreadable ? text.pictureUnreadable : undefined} error={save.error} />
      </div>
    </div>
  )
}

function Words(kept: { readonly nickname: string; readonly status: string }) {
  const text = useText()
  const save = useAction("setSettings")
  const composition = useComposition()
  const [nickname, setNickname] = useState(kept.nickname)
  const [status, setStatus] = useState(kept.status)
  const [saved, setSaved] = useState(false)
  const touched = useRef(false)
  useEffect(() => {
    // Another tab or device changed it; what is being typed here wins.
    if (touched.current) return
    setNickname(kept.nickname)
    setStatus(kept.status)
  }, [kept.nickname, kept.status])
  const touch = () => {
    touched.current = true
    setSaved(false)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (composition.active()) return
    const done = await save.run({ nickname: nickname.trim(), status: status.trim() })
    // What was refused stays to be shortened.
    touched.current = done === undefined
    setSaved(done !== undefined)
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3" {...composition.handlers}>
      <Field
        label={text.nickname}
        hint={text.nicknameHint}
        value={nickname}
        autoComplete="off"
        onChange={(event) => {
          touch()
          setNickname(event.target.value)
        }}
      />
      <Field
        label={text.status}
        hint={text.statusHint}
        value={status}
        autoComplete="off"
        onChange={(event) => {
          touch()
          setStatus(event.target.value)
        }}
      />
      <Fault error={save.error} />
      <div className="flex items-center gap-3">
        <Button type="submit" look="primary" aria-disabled={save.busy}>
          {text.save}
        </Button>
        <span role="status" className="text-sm text-soft">
          {saved ? text.saved : ""}
        </span>
      </div>
    </form>
  )
}
