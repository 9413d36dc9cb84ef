/** 备注 and 标签: what one notes of a person for oneself. */
import type { PersonPage } from "@teahouse/client/view/port/contacts.ts"
import { type FormEvent, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field } from "../../ui/field.tsx"
import { useComposition } from "../../ui/ime.ts"
import { useAction } from "../../ui/use-action.ts"

/** Commas of both scripts, and what Chinese lists are separated by. */
export const tagsIn = (line: string): string[] =>
  line
    .split(/[,，、;；\n]/u)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "")

export function EditNotes({
  person,
  onClose,
}: {
  readonly person: PersonPage
  readonly onClose: () => void
}) {
  const text = useText()
  const known = useView("contacts", undefined)?.tags ?? []
  const saveRemark = useAction("setRemark")
  const saveTags = useAction("setTags")
  const composition = useComposition()
  const [remark, setRemark] = useState(person.remark)
  const [tags, setTags] = useState(person.tags.join(", "))
  const { user } = person
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (composition.active()) return
    if (!(await saveRemark.run({ user, remark }))) return
    if (await saveTags.run({ user, tags: tagsIn(tags) })) onClose()
  }
  const more = known.filter((tag) => !tagsIn(tags).includes(tag))
  return (
    <Dialog title={text.editRemark} onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4" {...composition.handlers}>
        <Field
          label={text.remark}
          hint={text.remarkHint}
          value={remark}
          onChange={(event) => setRemark(event.target.value)}
          autoComplete="off"
        />
        <Field
          label={text.tags}
          hint={text.tagsHint}
          value={tags}
          onChange={(event) => setTags(event.target.value)}
          autoComplete="off"
        />
        {more.length > 0 && (
          <div className="flex flex-wrap gap-2">
            {more.map((tag) => (
              <button
                key={tag}
                type="button"
                onClick={() => setTags([...tagsIn(tags), tag].join(", "))}
                className="min-h-8 pointer-coarse:min-h-11 rounded-full border border-edge px-3 text-sm hover:bg-sunken"
              >
                + {tag}
              </button>
            ))}
          </div>
        )}
        <Fault error={saveRemark.error ?? saveTags.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="primary" type="submit" aria-disabled={saveRemark.busy || saveTags.busy}>
            {text.save}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
