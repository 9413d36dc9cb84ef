/** 删除此导入: all of an import goes, on all of one's devices. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { useAction } from "../../ui/use-action.ts"

type Props = {
  readonly room: Id
  readonly of: Uint8Array
  readonly title: string
  readonly onClose: () => void
}

export function DropImport({ room, of, title, onClose }: Props) {
  const text = useText()
  const drop = useAction("dropImport")
  const submit = async () => {
    if (!drop.busy && (await drop.run({ room, import: of }))) onClose()
  }
  return (
    <Dialog title={text.importDelete} onClose={drop.busy ? undefined : onClose}>
      <p className="wrap-anywhere text-sm">
        <bdi>{title}</bdi>: {text.importDeleteAsk}
      </p>
      <Fault error={drop.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{text.cancel}</Button>
        <Button aria-disabled={drop.busy} onClick={() => void submit()}>
          {text.importDelete}
        </Button>
      </div>
    </Dialog>
  )
}
