/** What stands over an open chat: the menu, the picker of reactions, and dialogs, which are loaded when they are opened. */
import { lazy, Suspense } from "react"
import { quick } from "../../emoji/habits.ts"
import { EmojiPopup } from "../../emoji/popup.tsx"
import { useText } from "../../text/use-text.ts"
import { MessageMenu } from "./message-menu.tsx"
import type { Deeds } from "./use-deeds.ts"

const Forward = lazy(() => import("./dialogs/forward.tsx").then((found) => ({ default: found.Forward })))
const BundleView = lazy(() =>
  import("./dialogs/bundle-view.tsx").then((found) => ({ default: found.BundleView })),
)
const NewPoll = lazy(() => import("./dialogs/new-poll.tsx").then((found) => ({ default: found.NewPoll })))
const Receipts = lazy(() => import("./dialogs/receipts.tsx").then((found) => ({ default: found.Receipts })))
const Pinned = lazy(() => import("./dialogs/pinned.tsx").then((found) => ({ default: found.Pinned })))
const DeleteForMe = lazy(() =>
  import("./dialogs/delete-for-me.tsx").then((found) => ({ default: found.DeleteForMe })),
)

export function Layers({ deeds, writable }: { readonly deeds: Deeds; readonly writable: boolean }) {
  const text = useText()
  const { layer, acting } = deeds
  if (!layer) return null
  const close = () => deeds.open(undefined)
  switch (layer.kind) {
    case "menu":
      return (
        <MessageMenu
          item={layer.item}
          place={layer.place}
          writable={writable}
          quick={quick}
          onClose={close}
          onDeed={(deed) => deeds.run(layer.item, deed, layer.place)}
          onReact={(emoji, on) => acting.react(layer.item, emoji, on)}
        />
      )
    case "reaction":
      return (
        <EmojiPopup
          place={layer.place}
          onClose={close}
          onPick={(emoji, stay) => {
            acting.react(layer.item, emoji, true)
            if (stay) return
            close()
            layer.place.from.focus({ preventScroll: true })
          }}
        />
      )
    default:
      return (
        <Suspense>
          {layer.kind === "forward" && (
            <Forward
              room={acting.room}
              seqs={layer.seqs}
              bundled={layer.bundled}
              onClose={close}
              onDone={(chats) => {
                close()
                deeds.endSelecting()
                deeds.say(text.forwarded(chats))
              }}
            />
          )}
          {layer.kind === "bundle" && <BundleView bundle={layer.bundle} at={layer.at} onClose={close} />}
          {layer.kind === "poll" && <NewPoll room={acting.room} onClose={close} />}
          {layer.kind === "receipts" && <Receipts room={acting.room} seq={layer.seq} onClose={close} />}
          {layer.kind === "pinned" && (
            <Pinned
              room={acting.room}
              onClose={close}
              onJump={(seq) => {
                close()
                acting.jump(seq)
              }}
            />
          )}
          {layer.kind === "delete" && (
            <DeleteForMe
              room={acting.room}
              seqs={layer.seqs}
              onClose={close}
              onDone={() => {
                close()
                deeds.endSelecting()
                deeds.say(text.deletedForMe)
              }}
            />
          )}
        </Suspense>
      )
  }
}
