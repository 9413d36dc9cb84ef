/**
 * A person's own stickers (表情), the same on all their devices: a list of them and a record for each picture, both of the
 * notebook. The pictures are in memory: they are few and small, and a picker shows all of them at once.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type Changes, topics } from "./changes.ts"
import { STICKERS_MAX, type StickersRecord } from "./content/notebook.ts"
import { type StickerLook, stickerId, stickerLook } from "./content/sticker.ts"
import type { Notebook } from "./notebook.ts"
import { newestStickers, STICKERS, stickerName, stickerPage, stickersPage } from "./pages.ts"
import type { Clock } from "./platform.ts"
import type { Problem } from "./problem.ts"

export type StickerParts = {
  readonly notebook: Notebook
  readonly changes: Changes
  readonly clock: Clock
}

export type Sticker = StickerLook & { readonly id: Id; readonly picture: Uint8Array }
export type Stickers = Awaited<ReturnType<typeof loadStickers>>

export async function loadStickers({ notebook, changes, clock }: StickerParts) {
  let own = new Map<Id, Sticker>()

  const read = async () => {
    const { all = [] } = (await notebook.get(STICKERS, stickersPage)) ?? {}
    const found = new Map<Id, Sticker>()
    for (const { id } of all.filter((one) => one.on).sort((a, b) => b.at - a.at)) {
      const picture = own.get(id)?.picture ?? (await notebook.get(stickerName(id), stickerPage))?.picture
      // The list may be here before its pictures.
      const look = picture && stickerLook(picture)
      if (look && stickerId(picture) === id) found.set(id, { id, picture, ...look })
    }
    own = found
    changes.emit(topics.stickers)
  }
  /** Later than any word before it, whatever the clock says. */
  const say = (id: Id, on: boolean) =>
    notebook.change(STICKERS, stickersPage, (old) => {
      const all: StickersRecord["all"] = old?.all ?? []
      const before = all.find((one) => one.id === id)?.at ?? -1
      const others = all.filter((one) => one.id !== id)
      return { v: 1, all: newestStickers([...others, { id, at: Math.max(clock(), before + 1), on }]) }
    })
  await read()

  return {
    /** Newest first. */
    all: (): readonly Sticker[] => [...own.values()],
    get: (id: Id): Sticker | undefined => own.get(id),
    /** `added`: it was not there already. */
    async add(picture: Uint8Array): Promise<Result<{ readonly id: Id; readonly added: boolean }, Problem>> {
      if (!stickerLook(picture)) return err({ kind: "bad_picture" })
      const id = stickerId(picture)
      if (own.has(id)) return ok({ id, added: false })
      if (own.size >= STICKERS_MAX) return err({ kind: "too_many_stickers" })
      await notebook.change(stickerName(id), stickerPage, () => ({ v: 1, picture }))
      await say(id, true)
      await read()
      return ok({ id, added: true })
    },
    async remove(id: Id): Promise<boolean> {
      if (!own.has(id)) return false
      await say(id, false)
      await notebook.change(stickerName(id), stickerPage, () => ({ v: 1, picture: new Uint8Array() }))
      await read()
      return true
    },
    /** After another device's news. */
    reload: read,
  }
}
