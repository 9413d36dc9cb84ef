import { type FormEvent, useState } from "react"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field } from "../../ui/field.tsx"
import { useComposition } from "../../ui/ime.ts"
import { useAction } from "../../ui/use-action.ts"

type Props = {
  readonly username?: string
  readonly onClose: () => void
  /** With the sentence to show afterwards. */
  readonly onDone: (sentence: string) => void
}

export function AddFriend({ username: known = "", onClose, onDone }: Props) {
  const text = useText()
  const request = useAction("requestFriend")
  const composition = useComposition()
  const [username, setUsername] = useState(known)
  const [line, setLine] = useState("")
  const [missing, setMissing] = useState(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (composition.active()) return
    const name = username.trim()
    setMissing(name === "")
    if (name === "") return request.clear()
    const done = await request.run({ username: name, line: line.trim() })
    if (done) onDone(done.value.accepted ? text.nowFriends(name) : text.requestSent(name))
  }

  return (
    <Dialog title={text.addFriend} onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4" {...composition.handlers}>
        <Field
          label={text.username}
          hint={text.addFriendHint}
          value={username}
          onChange={(event) => setUsername(event.target.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <Field
          label={text.firstLine}
          hint={text.firstLineHint}
          value={line}
          onChange={(event) => setLine(event.target.value)}
          autoComplete="off"
          maxLength={300}
        />
        {!request.busy && <Fault sentence={missing ? text.fillIn : undefined} error={request.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="primary" type="submit" aria-disabled={request.busy}>
            {request.busy ? text.working : text.sendRequest}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
