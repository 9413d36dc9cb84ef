/** What a group looks like and how one is called in it; who may add people; and its end. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { useRef, useState } from "react"
import { squarePicture } from "../../media/square-picture.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field } from "../../ui/field.tsx"
import { useAction } from "../../ui/use-action.ts"
import { FormDialog } from "./dialogs.tsx"
import { GroupAvatar } from "./group-avatar.tsx"

type Props = { readonly room: Id; readonly onClose: () => void }

export function ChangePicture({
  room,
  title,
  picture,
  onClose,
}: Props & { readonly title: string; readonly picture: string | undefined }) {
  const text = useText()
  const input = useRef<HTMLInputElement>(null)
  const change = useAction("setGroupPicture")
  const [bad, setBad] = useState(false)
  const [drawing, setDrawing] = useState(false)
  const busy = change.busy || drawing
  const chosen = useRef<File>(undefined)

  const choose = async (file: File | undefined) => {
    if (!file || change.busy) return
    chosen.current = file
    setBad(false)
    change.clear()
    setDrawing(true)
    const made = await squarePicture(file).catch(() => undefined)
    // Another one was chosen while this was drawn: the last one counts.
    if (chosen.current !== file) return
    setDrawing(false)
    if (!made) return setBad(true)
    if (await change.run({ room, picture: made })) onClose()
  }
  return (
    <Dialog title={text.groupPicture} onClose={onClose}>
      <div className="flex flex-col items-center gap-4">
        <GroupAvatar room={room} name={title} picture={picture} size={96} />
        <input
          ref={input}
          type="file"
          accept="image/*"
          aria-label={text.groupPicture}
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void choose(event.target.files?.[0])
            event.target.value = ""
          }}
        />
        <Fault error={bad ? { kind: "bad_picture" } : change.error} />
        <div className="flex flex-wrap justify-center gap-2">
          <Button look="primary" aria-disabled={busy} onClick={() => input.current?.click()}>
            {busy ? text.working : text.choosePicture}
          </Button>
          {picture !== undefined && (
            <Button
              aria-disabled={busy}
              onClick={async () => {
                if (await change.run({ room, picture: null })) onClose()
              }}
            >
              {text.removePicture}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  )
}

export function ChangeNick({ room, nick: before, onClose }: Props & { readonly nick: string }) {
  const text = useText()
  const change = useAction("setGroupNick")
  const [name, setName] = useState(before)
  return (
    <FormDialog
      title={text.groupNickname}
      action={text.save}
      busy={change.busy}
      onClose={onClose}
      onSubmit={async () => {
        if (await change.run({ room, name })) onClose()
      }}
    >
      <Field
        label={text.groupNickname}
        hint={text.groupNicknameHint}
        value={name}
        onChange={(event) => setName(event.target.value)}
        autoComplete="off"
      />
      <Fault error={change.error} />
    </FormDialog>
  )
}

export function InviteRule({ room, invite }: { readonly room: Id; readonly invite: "everyone" | "admins" }) {
  const text = useText()
  const change = useAction("setInviteRule")
  return (
    <div className="px-5 pt-3">
      <label className="flex min-h-11 items-center gap-3 text-sm">
        <input
          type="checkbox"
          checked={invite === "admins"}
          aria-disabled={change.busy}
          onChange={(event) =>
            void change.run({ room, invite: event.target.checked ? "admins" : "everyone" })
          }
          className="size-5 shrink-0 accent-accent"
        />
        {text.onlyAdminsInvite}
      </label>
      <Fault error={change.error} />
    </div>
  )
}

export function DissolveGroup({ room, title, onClose }: Props & { readonly title: string }) {
  const text = useText()
  const end = useAction("dissolveGroup")
  return (
    <Dialog title={text.dissolveGroupAsk(title)} onClose={onClose}>
      <p className="mb-4 text-sm">{text.dissolveGroupWhy}</p>
      <Fault error={end.error} />
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{text.cancel}</Button>
        <Button
          look="danger"
          aria-disabled={end.busy}
          onClick={async () => {
            if (await end.run({ room })) onClose()
          }}
        >
          {text.dissolveGroup}
        </Button>
      </div>
    </Dialog>
  )
}
