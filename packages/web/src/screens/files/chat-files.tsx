/** What a chat holds besides words, in its details: pictures and films as a grid, other files and links as lists. */

import { shownName } from "@teahouse/client/view/file-name.ts"
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { ViewArgs } from "@teahouse/client/view/port.ts"
import { sizeText } from "@teahouse/client/words/size.ts"
import { exactTime } from "@teahouse/client/words/time.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type KeyboardEvent, type ReactNode, useId, useState } from "react"
import { useHouse, useView } from "../../port/use-view.ts"
import { cutLinks } from "../../text/links.ts"
import { useText } from "../../text/use-text.ts"
import { Button, IconButton } from "../../ui/button.tsx"
import { PlayIcon, SaveIcon } from "../../ui/icons.tsx"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { Lightbox } from "./lightbox.tsx"
import { FileIcon, FileName } from "./name.tsx"
import { saveFile } from "./open-file.ts"
import { atOf, usePreview } from "./previews.ts"
import { useBlur } from "./use-blur.ts"

type What = ViewArgs<"media">["what"]
const PAGE = 30

export function ChatFiles({ room }: { readonly room: Id }) {
  const text = useText()
  const id = useId()
  const [what, setWhat] = useState<What>("visual")
  const tabs: readonly (readonly [What, string])[] = [
    ["visual", text.chatPictures],
    ["file", text.chatOtherFiles],
    ["link", text.chatLinks],
  ]
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = tabs.findIndex(([key]) => key === what)
    const next = tabs[(at + step + tabs.length) % tabs.length]?.[0] ?? "visual"
    setWhat(next)
    document.getElementById(`${id}-${next}`)?.focus()
  }
  return (
    <section aria-label={text.chatFiles} className="px-5 pt-4 pb-5">
      <h2 className="pb-1 text-sm font-medium text-soft">{text.chatFiles}</h2>
      <div role="tablist" aria-label={text.chatFiles} className="flex gap-1 rounded-xl bg-sunken p-1">
        {tabs.map(([key, name]) => (
          <button
            key={key}
            id={`${id}-${key}`}
            type="button"
            role="tab"
            aria-selected={key === what}
            aria-controls={`${id}-panel`}
            tabIndex={key === what ? 0 : -1}
            onClick={() => setWhat(key)}
            onKeyDown={onKeyDown}
            className="min-h-9 pointer-coarse:min-h-11 min-w-0 flex-1 rounded-lg px-1 text-sm leading-tight aria-selected:bg-surface aria-selected:font-medium aria-selected:shadow-sm forced-colors:aria-selected:outline-2"
          >
            {name}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${what}`} className="pt-3">
        <Panel key={what} room={room} what={what} />
      </div>
    </section>
  )
}

function Panel({ room, what }: { readonly room: Id; readonly what: What }) {
  const text = useText()
  const [limit, setLimit] = useState(PAGE)
  const value = useView("media", { room, what, around: "end", limit })
  const items = value?.items.toReversed() ?? []
  if (!value) return <p className="text-sm text-soft">{text.loading}</p>
  if (items.length === 0)
    return (
      <p className="text-sm text-soft">
        {{ visual: text.noChatPictures, file: text.noChatFiles, link: text.noChatLinks }[what]}
      </p>
    )
  const one = (item: MessageItem): ReactNode =>
    what === "visual" ? (
      <Tile key={item.key} room={room} item={item} />
    ) : what === "file" ? (
      <FileLine key={item.key} room={room} item={item} />
    ) : (
      <LinkLine key={item.key} item={item} />
    )
  return (
    <>
      <ul className={what === "visual" ? "grid grid-cols-3 gap-1" : "flex flex-col gap-1"}>
        {items.map(one)}
      </ul>
      {!value.atStart && (
        <Button look="quiet" className="mt-2 w-full" onClick={() => setLimit(limit + PAGE)}>
          {text.showMore}
        </Button>
      )}
    </>
  )
}

type LineProps = { readonly room: Id; readonly item: MessageItem }

function Tile({ room, item }: LineProps) {
  const text = useText()
  const file = item.body.kind === "file" ? item.body.file : undefined
  const at = atOf(room, item)
  const [viewing, setViewing] = useState(false)
  const small = usePreview(at, file?.media?.thumb === true)
  const blur = useBlur(file?.media?.thumbhash)
  if (!file) return null
  const src = small ?? blur
  const name = shownName(file.name)
  return (
    <li>
      <button
        type="button"
        aria-label={text.openPicture(name)}
        onClick={() => setViewing(true)}
        className="relative block aspect-square w-full overflow-hidden rounded-lg bg-sunken"
      >
        {src && <img src={src} alt="" className="size-full object-cover" />}
        {file.media?.kind === "video" && (
          <span className="absolute inset-0 flex items-center justify-center">
            <span className="rounded-full bg-[#000a] p-1.5 text-[#fff]">
              <PlayIcon size={18} />
            </span>
          </span>
        )}
      </button>
      {viewing && (
        <Lightbox at={at} file={file} {...(small && { small })} onClose={() => setViewing(false)} />
      )}
    </li>
  )
}

function FileLine({ room, item }: LineProps) {
  const text = useText()
  const style = useTimeStyle()
  const { port } = useHouse()
  const file = item.body.kind === "file" ? item.body.file : undefined
  if (!file) return null
  return (
    <li className="flex items-center gap-3">
      <FileIcon name={file.name} size={34} />
      <span className="min-w-0 flex-1">
        <FileName name={file.name} />
        <span className="block truncate text-xs text-soft">
          {sizeText(file.size)} · {item.from.name} · {exactTime(item.at, style)}
        </span>
      </span>
      <IconButton
        name={text.saveNamed(shownName(file.name))}
        onClick={() => void saveFile(port, atOf(room, item))}
      >
        <SaveIcon size={20} />
      </IconButton>
    </li>
  )
}

function LinkLine({ item }: { readonly item: MessageItem }) {
  const style = useTimeStyle()
  const links = cutLinks(item.text).filter((piece) => piece.href !== undefined)
  return (
    <li className="py-1">
      {links.map(({ text, href }, index) => (
        <a
          // biome-ignore lint/suspicious/noArrayIndexKey: links of one immutable text never move
          key={index}
          href={href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="block break-all text-accent-strong underline underline-offset-2"
        >
          {text}
        </a>
      ))}
      <span className="block truncate text-xs text-soft">
        {item.from.name} · {exactTime(item.at, style)}
      </span>
    </li>
  )
}
