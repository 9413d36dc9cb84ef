/** Beside the composer: emoji, files, and what else can be sent. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { lazy, type ReactNode, Suspense, useRef, useState } from "react"
import { EmojiPopup } from "../../emoji/popup.tsx"
import { useText } from "../../text/use-text.ts"
import { IconButton } from "../../ui/button.tsx"
import { Menu, type MenuPlace } from "../../ui/menu.tsx"
import { EmojiIcon, PlusIcon, PollIcon, StickerIcon } from "../../ui/message-icons.tsx"

const Stickers = lazy(() => import("../../stickers/panel.tsx"))

type Props = {
  /** On a phone, while something is being written: the rarely used ones make room. */
  readonly compact: boolean
  /** Between emoji and the rest: files. */
  readonly children: ReactNode
  readonly onEmoji: (emoji: string, stay: boolean) => void
  readonly onSticker: (id: Id, stay: boolean) => void
  readonly onPoll: () => void
}

function placeOf(from: HTMLElement, byKey: boolean): MenuPlace {
  const box = from.getBoundingClientRect()
  // There is no room below: it opens upwards from here.
  return { x: box.left, y: box.top - 6, byKey, from }
}

export function ComposerTools({ compact, children, onEmoji, onSticker, onPoll }: Props) {
  const text = useText()
  const [picking, setPicking] = useState<MenuPlace>()
  const [more, setMore] = useState<MenuPlace>()
  const emoji = useRef<HTMLButtonElement>(null)
  return (
    <>
      <IconButton
        ref={emoji}
        name={text.emoji}
        aria-haspopup="dialog"
        aria-expanded={picking !== undefined}
        onClick={(event) =>
          setPicking(picking ? undefined : placeOf(event.currentTarget, event.detail === 0))
        }
      >
        <EmojiIcon />
      </IconButton>
      {children}
      {!compact && (
        <IconButton
          name={text.moreToSend}
          aria-haspopup="menu"
          aria-expanded={more !== undefined}
          onClick={(event) => setMore(placeOf(event.currentTarget, event.detail === 0))}
        >
          <PlusIcon />
        </IconButton>
      )}
      {picking && (
        <EmojiPopup
          place={picking}
          tabs={[
            {
              id: "stickers",
              name: text.stickers,
              icon: <StickerIcon size={20} />,
              panel: (
                <Suspense fallback={<p className="p-6 text-center text-sm text-soft">{text.loading}</p>}>
                  <Stickers
                    onPick={(id, stay) => {
                      if (!stay) setPicking(undefined)
                      onSticker(id, stay)
                    }}
                  />
                </Suspense>
              ),
            },
          ]}
          onClose={() => setPicking(undefined)}
          onPick={(chosen, stay) => {
            if (!stay) setPicking(undefined)
            onEmoji(chosen, stay)
          }}
        />
      )}
      {more && (
        <Menu
          label={text.moreToSend}
          place={more}
          onClose={() => setMore(undefined)}
          items={[
            {
              id: "poll",
              label: text.newPoll,
              icon: <PollIcon size={18} />,
              run: onPoll,
            },
          ]}
        />
      )}
    </>
  )
}
