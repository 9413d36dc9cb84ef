import type { Id } from "@teahouse/protocol/ids.ts"
import { useText } from "../../../text/use-text.ts"
import { Button } from "../../../ui/button.tsx"
import { Dialog } from "../../../ui/dialog.tsx"
import { Fault } from "../../../ui/fault.tsx"
import { useAction } from "../../../ui/use-action.ts"

type Props = {
  readonly room: Id
  readonly seqs: readonly number[]
  readonly onClose: () => void
  readonly onDone: () => void
}

export function DeleteForMe({ room, seqs, onClose, onDone }: Props) {
  const text = useText()
  const remove = useAction("deleteForMe")
  return (
    <Dialog title={text.deleteForMeAsk(seqs.length)} onClose={onClose}>
      <p className="mb-4 text-sm">{text.deleteForMeWhy}</p>
      <Fault error={remove.error} />
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{text.cancel}</Button>
        <Button
          look="danger"
          aria-disabled={remove.busy}
          onClick={async () => {
            if (await remove.run({ room, seqs })) onDone()
          }}
        >
          {text.deleteForMe}
        </Button>
      </div>
    </Dialog>
  )
}
