import { quoted } from "@teahouse/client/words/said.ts"
import { useText } from "../../text/use-text.ts"
import { IconButton } from "../../ui/button.tsx"
import { CloseIcon } from "../../ui/icons.tsx"
import { EditIcon, ReplyIcon } from "../../ui/message-icons.tsx"
import { useActing } from "./acting.ts"
import type { Writing } from "./use-draft.ts"

type Props = {
  readonly writing: Writing
  readonly onClose: () => void
  readonly onJump: (seq: number) => void
}

/** Above the composer: what is being answered or edited. */
export function WritingBar({ writing, onClose, onJump }: Props) {
  const text = useText()
  const { me } = useActing()
  const { reply, edit } = writing
  if (!reply && !edit) return null
  const to = edit?.seq ?? reply?.seq
  return (
    <div className="mb-1 flex items-center gap-2 rounded-xl border-s-3 border-accent bg-wash ps-3">
      <span className="text-accent">{edit ? <EditIcon size={18} /> : <ReplyIcon size={18} />}</span>
      <button
        type="button"
        onClick={() => to !== undefined && onJump(to)}
        className="min-h-11 min-w-0 flex-1 py-1 text-start text-sm"
      >
        <span className="block truncate font-medium text-accent-strong">
          {edit
            ? text.editingMessage
            : reply && (reply.from.user === me ? text.replyingToSelf : text.replyingTo(reply.from.name))}
        </span>
        {!edit && reply && <span className="block truncate text-soft">{quoted(reply, text)}</span>}
      </button>
      <IconButton name={edit ? text.cancelEdit : text.cancelReply} onClick={onClose}>
        <CloseIcon size={18} />
      </IconButton>
    </div>
  )
}
