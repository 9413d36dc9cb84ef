/** Two people see whether they have the same number: by eye, by voice, or from device to device. */
import type { Language } from "@teahouse/client/view/port/basic.ts"
import type { Safety } from "@teahouse/client/view/port/contacts.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type FormEvent, useId, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field } from "../../ui/field.tsx"
import { Qr } from "../../ui/qr.tsx"
import { useAction } from "../../ui/use-action.ts"
import { canReadPictures, readPicture } from "./read-picture.ts"
import { VerifiedMark } from "./verified-mark.tsx"

type Props = { readonly user: Id; readonly name: string; readonly onClose: () => void }

export function SafetyDialog({ user, name, onClose }: Props) {
  const text = useText()
  const safety = useView("safety", { user })
  if (safety?.state !== "here") return null
  const { changed } = safety
  const { number, code } = changed ?? safety
  return (
    <Dialog title={changed ? text.safetyNew : text.safetyNumber} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p className="text-sm">{text.safetyWhy(name)}</p>
        <p
          data-safety-number
          className={`${columns} mx-auto w-full max-w-72 select-all gap-y-0.5 rounded-xl bg-sunken p-3 text-center text-lg`}
        >
          <Digits number={number} />
        </p>
        <Qr value={code} label={text.safetyQr(name)} />
        <CopyCode key={code} code={code} />
        {changed ? (
          <Changed safety={safety} user={user} number={number} />
        ) : (
          <Mark safety={safety} user={user} />
        )}
        <Check user={user} name={name} />
      </div>
    </Dialog>
  )
}

/** Four columns where there is room, fewer where the text is large. */
const columns = "grid grid-cols-[repeat(auto-fit,minmax(6ch,1fr))] gap-x-1 font-mono tabular-nums"

function Digits({ number }: { readonly number: string }) {
  return number.split(" ").map((group, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: their places are all they are
    <span key={at}>{group} </span>
  ))
}

function CopyCode({ code }: { readonly code: string }) {
  const text = useText()
  const [said, setSaid] = useState("")
  const copy = () =>
    navigator.clipboard.writeText(code).then(
      () => setSaid(text.safetyCopied),
      () => setSaid(text.copyFailed),
    )
  return (
    <div className="text-center">
      <Button look="quiet" onClick={copy}>
        {text.safetyCopy}
      </Button>
      <p role="status" className="text-sm text-soft empty:hidden">
        {said}
      </p>
    </div>
  )
}

const dateText = (at: number, language: Language) =>
  new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(at)

type OfSafety = { readonly safety: Safety; readonly user: Id }

function Mark({ safety: { number, verifiedAt }, user }: OfSafety) {
  const text = useText()
  const { language } = useLanguage()
  const set = useAction("setVerified")
  const verified = verifiedAt !== undefined
  return (
    <div className="flex flex-col gap-2">
      <Fault error={set.error} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p role="status" className="flex items-center gap-2 text-sm">
          {verified && <VerifiedMark />}
          {verified ? text.safetySince(dateText(verifiedAt, language)) : text.safetyNotVerified}
        </p>
        <Button
          look={verified ? "plain" : "primary"}
          aria-disabled={set.busy}
          onClick={() => void set.run({ user, on: !verified, number })}
        >
          {verified ? text.safetyUnmark : text.safetyMark}
        </Button>
      </div>
    </div>
  )
}

function Changed({ safety, user, number }: OfSafety & { readonly number: string }) {
  const text = useText()
  const accept = useAction("acceptIdentity")
  return (
    <div className="flex flex-col gap-3 rounded-xl bg-amber-wash p-3 text-sm text-amber">
      <p>{text.safetyChangedWhat}</p>
      <div>
        <p className="font-medium">
          {safety.verifiedAt === undefined ? text.safetyOld : text.safetyOldVerified}
        </p>
        <p className={`${columns} max-w-60`}>
          <Digits number={safety.number} />
        </p>
      </div>
      <Fault error={accept.error} />
      <Button aria-disabled={accept.busy} onClick={() => void accept.run({ user, number })}>
        {text.identityGoOn}
      </Button>
    </div>
  )
}

/** From device to device: a right code says it all, so it marks as verified. */
function Check({ user, name }: { readonly user: Id; readonly name: string }) {
  const text = useText()
  const id = useId()
  const check = useAction("checkSafetyCode")
  const [typed, setTyped] = useState("")
  const [said, setSaid] = useState("")
  const run = async (payload: string) => {
    setSaid("")
    if (payload.trim() === "" || !(await check.run({ user, payload }))) return
    setTyped("")
    setSaid(text.safetyRight)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(typed)
  }
  const picked = async (file: File | undefined) => {
    if (!file) return
    check.clear()
    const read = await readPicture(file)
    if (read === undefined) setSaid(text.safetyNoCode)
    else await run(read)
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3 border-t border-line pt-4">
      <Field
        label={text.safetyTheirs(name)}
        hint={text.safetyTheirsHint}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <Fault error={check.error} />
      <p role="status" className="text-sm text-soft empty:hidden">
        {said}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        {canReadPictures() && (
          <>
            <input
              id={id}
              type="file"
              accept="image/*"
              capture="environment"
              className="peer sr-only"
              onChange={(event) => {
                void picked(event.target.files?.[0])
                event.target.value = ""
              }}
            />
            <label
              htmlFor={id}
              className="inline-flex min-h-11 cursor-pointer items-center rounded-xl px-4 py-2 text-accent outline-offset-2 outline-accent peer-focus-visible:outline-2 hover:bg-wash"
            >
              {text.safetyPhoto}
            </label>
          </>
        )}
        <Button type="submit" aria-disabled={check.busy}>
          {check.busy ? text.working : text.safetyCheck}
        </Button>
      </div>
    </form>
  )
}
