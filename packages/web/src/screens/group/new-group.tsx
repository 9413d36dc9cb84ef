import type { Id } from "@teahouse/protocol/ids.ts"
import { type FormEvent, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field } from "../../ui/field.tsx"
import { useComposition } from "../../ui/ime.ts"
import { useAction } from "../../ui/use-action.ts"
import { PickFriends } from "./pick-friends.tsx"

type Props = { readonly onClose: () => void; readonly onDone: (room: Id) => void }

export function NewGroup({ onClose, onDone }: Props) {
  const text = useText()
  const friends = useView("contacts", undefined)?.friends ?? []
  const create = useAction("createGroup")
  const composition = useComposition()
  const [name, setName] = useState("")
  const [chosen, setChosen] = useState<ReadonlySet<Id>>(new Set())
  const [missing, setMissing] = useState(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (composition.active()) return
    setMissing(name.trim() === "")
    if (name.trim() === "") return create.clear()
    const done = await create.run({ name: name.trim(), members: [...chosen] })
    if (done) onDone(done.value.room)
  }

  return (
    <Dialog title={text.newGroup} onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4" {...composition.handlers}>
        <Field
          label={text.groupName}
          hint={text.groupNameHint}
          value={name}
          onChange={(event) => {
            setName(event.target.value)
            setMissing(false)
          }}
          autoComplete="off"
        />
        <PickFriends friends={friends} chosen={chosen} onChange={setChosen} />
        {!create.busy && (
          <Fault sentence={missing ? text.groupNameMissing : undefined} error={create.error} />
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="primary" type="submit" aria-disabled={create.busy}>
            {create.busy ? text.working : text.create}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
