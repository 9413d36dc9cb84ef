/** To which chats: searched by name and pinyin, chosen by checkboxes named by the chat, with a line if one likes. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { type FormEvent, useState } from "react"
import { useView } from "../../../port/use-view.ts"
import { matches, useReadings } from "../../../text/pinyin.ts"
import { useText } from "../../../text/use-text.ts"
import { Avatar } from "../../../ui/avatar.tsx"
import { Button } from "../../../ui/button.tsx"
import { Dialog } from "../../../ui/dialog.tsx"
import { Fault } from "../../../ui/fault.tsx"
import { Field } from "../../../ui/field.tsx"
import { useComposition } from "../../../ui/ime.ts"
import { SearchField } from "../../../ui/search-field.tsx"
import { useAction } from "../../../ui/use-action.ts"
import { titleOf } from "../../chats/title.ts"

type Props = {
  readonly room: Id
  readonly seqs: readonly number[]
  /** As one bundle. */
  readonly bundled: boolean
  readonly onClose: () => void
  readonly onDone: (chats: number) => void
}

export function Forward({ room, seqs, bundled, onClose, onDone }: Props) {
  const text = useText()
  const rooms = useView("roomList", undefined)?.rooms ?? []
  const forward = useAction("forward")
  const [query, setQuery] = useState("")
  const [line, setLine] = useState("")
  const [chosen, setChosen] = useState<ReadonlySet<Id>>(new Set())
  const readings = useReadings(query !== "")
  const composition = useComposition()
  const found = rooms.filter((each) => matches(titleOf(each, text), query, readings))
  const toggle = (id: Id) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (composition.active() || chosen.size === 0) return
    const more = line.trim() === "" ? {} : { line: line.trim() }
    if (await forward.run({ room, seqs, to: [...chosen], bundled, ...more })) onDone(chosen.size)
  }
  return (
    <Dialog title={text.forwardTo} onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-3" {...composition.handlers}>
        <SearchField
          name={text.searchChats}
          onQuery={setQuery}
          onKey={(event) => {
            // Enter looks for more, it does not send.
            if (event.key === "Enter") event.preventDefault()
          }}
        />
        <fieldset className="h-[34dvh] min-w-0 overflow-y-auto">
          <legend className="sr-only">{text.chats}</legend>
          {found.length === 0 && <p className="p-4 text-center text-sm text-soft">{text.noChatFound}</p>}
          {found.map((each) => {
            const title = titleOf(each, text)
            return (
              <label
                key={each.room}
                className="flex min-h-12 cursor-pointer items-center gap-3 rounded-xl px-2 py-1 hover:bg-sunken has-checked:bg-wash"
              >
                <input
                  type="checkbox"
                  aria-label={title}
                  checked={chosen.has(each.room)}
                  onChange={() => toggle(each.room)}
                  className="size-5 shrink-0 accent-accent"
                />
                <Avatar name={title} seed={each.peer ?? each.room} size={34} group={each.kind === "group"} />
                <span className="min-w-0 flex-1 truncate">{title}</span>
              </label>
            )
          })}
        </fieldset>
        <Field
          label={text.leaveALine}
          value={line}
          onChange={(event) => setLine(event.target.value)}
          autoComplete="off"
        />
        <Fault error={forward.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="primary" type="submit" disabled={chosen.size === 0} aria-disabled={forward.busy}>
            {chosen.size > 1 ? `${text.send} (${chosen.size})` : text.send}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
