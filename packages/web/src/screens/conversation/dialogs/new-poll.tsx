import type { Id } from "@teahouse/protocol/ids.ts"
import { type FormEvent, useRef, useState } from "react"
import { useText } from "../../../text/use-text.ts"
import { Button, IconButton } from "../../../ui/button.tsx"
import { Dialog } from "../../../ui/dialog.tsx"
import { Fault } from "../../../ui/fault.tsx"
import { Field } from "../../../ui/field.tsx"
import { CloseIcon } from "../../../ui/icons.tsx"
import { useComposition } from "../../../ui/ime.ts"
import { useAction } from "../../../ui/use-action.ts"

const MOST = 20

export function NewPoll({ room, onClose }: { readonly room: Id; readonly onClose: () => void }) {
  const text = useText()
  const send = useAction("sendPoll")
  const composition = useComposition()
  const count = useRef(2)
  const [question, setQuestion] = useState("")
  const [options, setOptions] = useState([
    { id: 0, text: "" },
    { id: 1, text: "" },
  ])
  const [multiple, setMultiple] = useState(false)
  const [missing, setMissing] = useState(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (composition.active()) return
    const answers = options.map((each) => each.text.trim()).filter(Boolean)
    const fine = question.trim() !== "" && answers.length >= 2 && new Set(answers).size === answers.length
    setMissing(!fine)
    if (!fine) return send.clear()
    if (await send.run({ room, question: question.trim(), options: answers, multiple })) onClose()
  }

  return (
    <Dialog title={text.newPoll} onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-3" {...composition.handlers}>
        <Field
          label={text.pollQuestion}
          value={question}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setQuestion(event.target.value)}
        />
        {options.map((option, index) => (
          <div key={option.id} className="flex items-end gap-1">
            <Field
              className="flex-1"
              label={text.pollOption(index + 1)}
              value={option.text}
              maxLength={100}
              autoComplete="off"
              onChange={(event) =>
                setOptions(
                  options.map((each) => (each === option ? { ...each, text: event.target.value } : each)),
                )
              }
            />
            {options.length > 2 && (
              <IconButton
                name={text.pollRemoveOption(index + 1)}
                onClick={() => setOptions(options.filter((each) => each !== option))}
              >
                <CloseIcon size={18} />
              </IconButton>
            )}
          </div>
        ))}
        {options.length < MOST && (
          <Button
            look="quiet"
            className="self-start"
            onClick={() => {
              setOptions([...options, { id: count.current, text: "" }])
              count.current += 1
            }}
          >
            {text.pollAddOption}
          </Button>
        )}
        <label className="flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            checked={multiple}
            onChange={(event) => setMultiple(event.target.checked)}
            className="size-5 accent-accent"
          />
          {text.pollMultiple}
        </label>
        <Fault sentence={missing ? text.pollNeeds : undefined} error={send.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="primary" type="submit" aria-disabled={send.busy}>
            {text.pollSend}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
