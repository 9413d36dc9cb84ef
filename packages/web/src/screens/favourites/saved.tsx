/** 收藏: what this person kept, from any chat; searched like everything else, and the way to where it was said. */
import type { Favourite } from "@teahouse/client/view/port/messages.ts"
import { said } from "@teahouse/client/words/said.ts"
import { exactTime, separator } from "@teahouse/client/words/time.ts"
import { useState } from "react"
import { useCommand, useView } from "../../port/use-view.ts"
import { useNavigation } from "../../route/use-route.ts"
import { matches, useReadings } from "../../text/pinyin.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { SearchField } from "../../ui/search-field.tsx"
import { useNow } from "../../ui/use-now.ts"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { StickerBody } from "../conversation/bodies/sticker.tsx"
import { RichText } from "../conversation/rich-text.tsx"

export function Saved({ onClose }: { readonly onClose: () => void }) {
  const text = useText()
  const items = useView("favourites", undefined)?.items
  const [query, setQuery] = useState("")
  const readings = useReadings(query !== "")
  const found = items?.filter(({ item, chat }) =>
    [said(item, text), chat, item.from.name].some((words) => matches(words, query, readings)),
  )
  return (
    <Dialog title={text.savedMessages} onClose={onClose}>
      {items && items.length > 0 && (
        <SearchField name={text.searchSaved} onQuery={setQuery} className="mb-3" />
      )}
      {items?.length === 0 && <p className="py-6 text-center text-soft">{text.noSavedMessages}</p>}
      <ul aria-label={text.savedMessages} className="flex flex-col gap-2">
        {found?.map((favourite) => (
          <Row key={favourite.id} favourite={favourite} onClose={onClose} />
        ))}
      </ul>
    </Dialog>
  )
}

type RowProps = { readonly favourite: Favourite; readonly onClose: () => void }

function Row({ favourite: { room, seq, chat, at, item }, onClose }: RowProps) {
  const text = useText()
  const style = useTimeStyle()
  const now = useNow(undefined)
  const command = useCommand()
  const { go } = useNavigation()
  return (
    <li className="rounded-xl bg-sunken px-3 py-2">
      <p className="flex items-baseline gap-2 text-xs text-soft">
        <span className="min-w-0 flex-1 truncate">
          {item.mine ? text.you : item.from.name} · {chat}
        </span>
        <time dateTime={new Date(at).toISOString()} title={exactTime(at, style)}>
          {separator(at, now, style)}
        </time>
      </p>
      <div className="line-clamp-6 wrap-anywhere">
        {item.body.kind === "sticker" ? (
          <StickerBody at={{ room, key: item.key, seq }} sticker={item.body.sticker} />
        ) : (
          <RichText text={item.text} mentions={item.mentions} />
        )}
      </div>
      <div className="-mx-2 flex flex-wrap justify-end gap-1">
        <Button
          look="quiet"
          className="min-h-9 pointer-coarse:min-h-11 text-sm"
          onClick={() => void command("favourite", { room, seq, on: false })}
        >
          {text.removeFromSaved}
        </Button>
        <Button
          look="quiet"
          className="min-h-9 pointer-coarse:min-h-11 text-sm"
          onClick={() => {
            onClose()
            go({ page: "chats", room, at: seq })
          }}
        >
          {text.goToMessage}
        </Button>
      </div>
    </li>
  )
}
