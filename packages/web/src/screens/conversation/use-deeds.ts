/** What one does with the messages of an open chat: the menu's deeds, several chosen at once, and what stands over the chat. */
import type { CommandResult } from "@teahouse/client/view/port/basic.ts"
import type { BundleShown, MessageItem } from "@teahouse/client/view/port/messages.ts"
import { said } from "@teahouse/client/words/said.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RefObject, useCallback, useMemo, useState } from "react"
import { useCommand, useHouse } from "../../port/use-view.ts"
import { errorText } from "../../text/error-text.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import type { MenuPlace } from "../../ui/menu.tsx"
import { type Notice, useNotice } from "../../ui/notice.tsx"
import { saveFile } from "../files/open-file.ts"
import { type At, atOf } from "../files/previews.ts"
import type { Acting } from "./acting.ts"
import type { ComposerHandle } from "./composer.tsx"
import { copied, type Named } from "./copied.ts"
import type { Selection } from "./line.tsx"
import type { LogHandle } from "./message-log.tsx"
import type { MessageDeed } from "./message-menu.tsx"

/** What stands over the chat; one at a time. */
export type Layer =
  | { readonly kind: "menu"; readonly item: MessageItem; readonly place: MenuPlace }
  | { readonly kind: "reaction"; readonly item: MessageItem; readonly place: MenuPlace }
  | { readonly kind: "forward"; readonly seqs: readonly number[]; readonly bundled: boolean }
  | { readonly kind: "delete"; readonly seqs: readonly number[] }
  | { readonly kind: "receipts"; readonly seq: number }
  | { readonly kind: "bundle"; readonly bundle: BundleShown; readonly at: At }
  | { readonly kind: "pinned" }
  | { readonly kind: "poll" }

export type Deeds = {
  readonly acting: Acting
  readonly layer: Layer | undefined
  readonly open: (layer: Layer | undefined) => void
  readonly selection: Selection
  readonly notice: Notice | undefined
  readonly say: (sentence: string) => void
  readonly run: (item: MessageItem, deed: MessageDeed, place: MenuPlace) => void
  readonly forwardSelected: (bundled: boolean) => void
  readonly copySelected: () => void
  readonly saveSelected: () => void
  readonly deleteSelected: () => void
  readonly endSelecting: () => void
}

type Deps = {
  readonly log: RefObject<LogHandle | null>
  readonly composer: RefObject<ComposerHandle | null>
}

export function useDeeds(
  room: Id,
  me: Id,
  members: readonly Named[],
  log: Deps["log"],
  composer: Deps["composer"],
): Deeds {
  const text = useText()
  const { language } = useLanguage()
  const command = useCommand()
  const { port } = useHouse()
  const [layer, open] = useState<Layer>()
  const [selection, setSelection] = useState<Selection>()
  const [notice, say] = useNotice()

  /** A refusal is said; a success too, where there is something to say. */
  const tell = useCallback(
    async (answer: Promise<CommandResult<unknown>>, done?: string) => {
      const result = await answer
      if (!result.ok) say(errorText(result.error.kind, language), true)
      else if (done !== undefined) say(done)
    },
    [say, language],
  )

  const acting = useMemo<Acting>(() => {
    const toggle = (item: MessageItem) =>
      setSelection((before) => {
        if (item.seq === undefined) return before
        const next = new Map(before)
        if (!next.delete(item.key)) next.set(item.key, item)
        return next
      })
    return {
      room,
      me,
      toggle,
      openMenu: (item, place) => open({ kind: "menu", item, place }),
      pickReaction: (item, place) => open({ kind: "reaction", item, place }),
      react: (item, emoji, on) => {
        if (item.seq !== undefined) void tell(command("react", { room, seq: item.seq, emoji, on }))
      },
      jump: (seq, from) => log.current?.jump(seq, from),
      showReceipts: (seq) => open({ kind: "receipts", seq }),
      openBundle: (bundle, at) => open({ kind: "bundle", bundle, at }),
      writeAgain: (words) => composer.current?.writeAgain(words),
    }
  }, [room, me, command, log, composer, tell])

  const copy = (words: string) => {
    const done = () => say(text.copiedText)
    navigator.clipboard.writeText(words).then(done, () => say(text.copyFailed, true))
  }
  const keep = async (item: MessageItem) => {
    const { keepFrom } = await import("../../stickers/keep.ts")
    const kept = await keepFrom(port, atOf(room, item), item)
    if (kept.ok) say(kept.added ? text.stickerAdded : text.stickerThere)
    else
      say(
        kept.error.kind === "bad_picture" ? text.stickerUnreadable : errorText(kept.error.kind, language),
        true,
      )
  }
  const chosen = () => {
    const items = [...(selection?.values() ?? [])].sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
    return { items, seqs: items.flatMap(({ seq }) => (seq === undefined ? [] : [seq])) }
  }

  const run: Deeds["run"] = (item, deed, place) => {
    if (deed === "copy") return copy(selectedIn(place.from) || said(item, text))
    if (deed === "sticker") return void keep(item)
    const { seq } = item
    if (seq === undefined) return
    switch (deed) {
      case "reply":
        return composer.current?.reply(item)
      case "react":
        return open({ kind: "reaction", item, place })
      case "forward":
        return open({ kind: "forward", seqs: [seq], bundled: false })
      case "edit":
        return composer.current?.edit(item)
      case "recall":
        return void tell(command("recall", { room, seq }), text.recalledHint)
      case "delete":
        return open({ kind: "delete", seqs: [seq] })
      case "pin":
        return void tell(command("pin", { room, seq, on: !item.pinned }))
      case "save": {
        if (item.body.kind === "file")
          return void saveFile(port, atOf(room, item)).then((error) => {
            if (error) say(errorText(error.kind, language), true)
          })
        const on = !item.favourite
        const done = on ? text.savedMessage : text.unsavedMessage
        return void tell(command("favourite", { room, seq, on }), done)
      }
      case "select":
        return setSelection(new Map([[item.key, item]]))
    }
  }

  return {
    acting,
    layer,
    open,
    selection,
    notice,
    say,
    run,
    forwardSelected: (bundled) => open({ kind: "forward", seqs: chosen().seqs, bundled }),
    copySelected: () => copy(copied(chosen().items, members, text)),
    saveSelected: () => {
      for (const seq of chosen().seqs)
        void tell(command("favourite", { room, seq, on: true }), text.savedMessage)
      setSelection(undefined)
    },
    deleteSelected: () => open({ kind: "delete", seqs: chosen().seqs }),
    endSelecting: () => setSelection(undefined),
  }
}

/** Words that were marked inside the row are what one wants to copy. */
function selectedIn(row: HTMLElement): string {
  const selection = getSelection()
  const article = row.closest("article")
  return selection && article && selection.anchorNode && article.contains(selection.anchorNode)
    ? selection.toString()
    : ""
}
