import type { Person } from "@teahouse/client/view/port/basic.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useView } from "../../../port/use-view.ts"
import { useText } from "../../../text/use-text.ts"
import { Avatar } from "../../../ui/avatar.tsx"
import { Dialog } from "../../../ui/dialog.tsx"

type Props = { readonly room: Id; readonly seq: number; readonly onClose: () => void }

/** Who has read one's message in a group (UX 16). */
export function Receipts({ room, seq, onClose }: Props) {
  const text = useText()
  const receipts = useView("receipts", { room, seq })
  return (
    <Dialog title={text.receipts} onClose={onClose}>
      {receipts ? (
        <>
          <People title={text.receiptsRead} people={receipts.read} always />
          <People title={text.receiptsDelivered} people={receipts.delivered} />
          <People title={text.receiptsWaiting} people={receipts.waiting} />
        </>
      ) : (
        <p className="text-soft">{text.loading}</p>
      )}
    </Dialog>
  )
}

type PeopleProps = { readonly title: string; readonly people: readonly Person[]; readonly always?: boolean }

function People({ title, people, always = false }: PeopleProps) {
  const text = useText()
  if (people.length === 0 && !always) return null
  return (
    <section aria-label={title} className="pb-3">
      <h3 className="pb-1 text-sm font-medium text-soft">
        {title} ({people.length})
      </h3>
      {people.length === 0 && <p className="text-sm text-soft">{text.nobodyYet}</p>}
      <ul aria-label={title}>
        {people.map((person) => (
          <li key={person.user} className="flex items-center gap-3 py-1">
            <Avatar name={person.name} seed={person.user} size={30} />
            <span className="min-w-0 flex-1 truncate">{person.name}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
