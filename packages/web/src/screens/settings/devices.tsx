/** One's own devices: what they are called, when they were here, and taking one away for good. What that means is said first. */
import type { OwnDevice } from "@teahouse/client/view/port/account.ts"
import { dayAndClock, exactTime, rowTime, type TimeStyle } from "@teahouse/client/words/time.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type FormEvent, useEffect, useRef, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field, PasswordField } from "../../ui/field.tsx"
import { useAction } from "../../ui/use-action.ts"
import { useNow } from "../../ui/use-now.ts"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { Card } from "./card.tsx"

const NAME_MAX = 64

type Asking = { readonly what: "name" | "remove"; readonly device: OwnDevice }

export function Devices({ onChangePassword }: { readonly onChangePassword: () => void }) {
  const text = useText()
  const shown = useView("devices", undefined)
  const [asking, setAsking] = useState<Asking>()
  const [removed, setRemoved] = useState<Id>()
  const heading = useRef<HTMLHeadingElement>(null)
  const gone = removed !== undefined && !shown?.devices.some((one) => one.device === removed)
  // The dialog gave the focus back to a button that goes with its row. Who has gone on meanwhile is left alone.
  useEffect(() => {
    if (!gone) return
    if (!document.activeElement || document.activeElement === document.body) heading.current?.focus()
    setRemoved(undefined)
  }, [gone])
  if (!shown || shown.devices.length === 0) return null
  const { devices } = shown
  const close = () => setAsking(undefined)
  return (
    <Card title={text.devices} headingRef={heading}>
      <ul aria-label={text.devices} className="-my-2 divide-y divide-line">
        {devices.map((device) => (
          <DeviceRow key={device.device} device={device} onAsk={(what) => setAsking({ what, device })} />
        ))}
      </ul>
      {asking?.what === "name" && <NameDevice device={asking.device} onClose={close} />}
      {asking?.what === "remove" && (
        <RemoveDevice
          device={asking.device}
          onClose={close}
          onRemoved={() => {
            setRemoved(asking.device.device)
            close()
          }}
          onChangePassword={() => {
            close()
            onChangePassword()
          }}
        />
      )}
    </Card>
  )
}

/** Those without a name are told apart by when they came. */
function nameOf({ name, addedAt }: OwnDevice, text: ReturnType<typeof useText>, style: TimeStyle): string {
  if (name !== "") return name
  return addedAt === 0 ? text.deviceUnnamed : text.deviceUnnamedSince(dayAndClock(addedAt, style))
}

function DeviceRow({
  device,
  onAsk,
}: {
  readonly device: OwnDevice
  readonly onAsk: (what: Asking["what"]) => void
}) {
  const text = useText()
  const name = nameOf(device, text, useTimeStyle())
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 py-2.5">
      <div className="min-w-0 flex-[1_1_12rem]">
        <p className="break-words">
          <bdi>{name}</bdi>
          {device.current && (
            <span className="ms-2 inline-block rounded-full bg-wash px-2 py-0.5 text-sm text-accent">
              {text.thisDevice}
            </span>
          )}
        </p>
        <p className="text-sm text-soft">
          <When device={device} />
        </p>
      </div>
      <div className="flex flex-wrap gap-1">
        <Button look="quiet" aria-label={text.deviceRenameOf(name)} onClick={() => onAsk("name")}>
          {text.deviceRename}
        </Button>
        {!device.current && (
          <Button look="quiet" aria-label={text.deviceRemoveOf(name)} onClick={() => onAsk("remove")}>
            {text.deviceRemove}
          </Button>
        )}
      </div>
    </li>
  )
}

function When({ device }: { readonly device: OwnDevice }) {
  const text = useText()
  const style = useTimeStyle()
  const now = useNow(60_000)
  if (device.lastSeen === null) return text.deviceHere
  const at = device.lastSeen || device.addedAt
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at, style)}>
      {device.lastSeen === 0
        ? text.deviceAdded(rowTime(at, now, style))
        : text.deviceSeen(rowTime(at, now, style))}
    </time>
  )
}

function NameDevice({ device, onClose }: { readonly device: OwnDevice; readonly onClose: () => void }) {
  const text = useText()
  const action = useAction("nameDevice")
  const [name, setName] = useState(device.name)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (await action.run({ device: device.device, name })) onClose()
  }
  return (
    <Dialog title={text.deviceRename} onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label={text.deviceName}
          hint={text.deviceNameHint}
          value={name}
          maxLength={NAME_MAX}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        <Fault error={action.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="primary" type="submit" aria-disabled={action.busy}>
            {text.save}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

type Removing = {
  readonly device: OwnDevice
  readonly onClose: () => void
  readonly onRemoved: () => void
  readonly onChangePassword: () => void
}

function RemoveDevice({ device, onClose, onRemoved, onChangePassword }: Removing) {
  const text = useText()
  const style = useTimeStyle()
  const action = useAction("revokeDevice")
  const [password, setPassword] = useState("")
  const [missing, setMissing] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setMissing(password === "")
    if (password === "") return action.clear()
    if (await action.run({ device: device.device, password })) onRemoved()
  }
  const wrong = action.error?.kind === "wrong_credentials"
  return (
    <Dialog
      title={text.deviceRemoveAsk(nameOf(device, text, style))}
      onClose={action.busy ? undefined : onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <p className="text-sm text-soft">{text.deviceRemoveWhat}</p>
        <p className="text-sm text-soft">{text.deviceRemoveKeeps}</p>
        <p className="text-sm text-soft">
          {text.deviceSomebodyElse}{" "}
          <button
            type="button"
            aria-disabled={action.busy}
            onClick={() => !action.busy && onChangePassword()}
            className="inline-block py-1 font-medium text-accent underline underline-offset-4"
          >
            {text.changePassword}
          </button>
        </p>
        <PasswordField
          label={text.currentPassword}
          value={password}
          onChange={(event) => {
            setPassword(event.target.value)
            setMissing(false)
          }}
          autoComplete="current-password"
        />
        {!action.busy && (
          <Fault
            sentence={missing ? text.fillIn : wrong ? text.currentPasswordWrong : undefined}
            error={action.error}
          />
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button aria-disabled={action.busy} onClick={() => !action.busy && onClose()}>
            {text.cancel}
          </Button>
          <Button look="danger" type="submit" aria-disabled={action.busy}>
            {action.busy ? text.deviceRemoving : text.deviceRemove}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
