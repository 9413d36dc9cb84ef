/** Every view by name, and how a subscription is kept up to date. */
import { topics } from "../changes.ts"
import { devicesView, safekeepingView, sessionView, settingsView } from "./account.ts"
import { connectionView } from "./connection.ts"
import { contactsView, personView, pictureView, safetyView } from "./contacts.ts"
import type { MakeView, ViewContext, ViewModel } from "./context.ts"
import { draftFilesView, quotaView, storageView, transfersView } from "./files.ts"
import { joiningView, joinRequestsView } from "./joins.ts"
import { favouritesView, pinsView, receiptsView, typingView } from "./marks.ts"
import { mediaView } from "./media.ts"
import { newsView } from "./news.ts"
import type { ViewArgs, ViewName, ViewValue } from "./port.ts"
import { composerView, roomView } from "./room.ts"
import { roomListView } from "./room-list.ts"
import { searchView } from "./search.ts"
import { stickersView, stickerView } from "./stickers.ts"
import { timelineView } from "./timeline.ts"

const views: { readonly [V in ViewName]: MakeView<V> } = {
  session: sessionView,
  connection: connectionView,
  joinRequests: joinRequestsView,
  joining: joiningView,
  roomList: roomListView,
  room: roomView,
  timeline: timelineView,
  search: searchView,
  contacts: contactsView,
  person: personView,
  safety: safetyView,
  picture: pictureView,
  composer: composerView,
  settings: settingsView,
  devices: devicesView,
  safekeeping: safekeepingView,
  typing: typingView,
  receipts: receiptsView,
  pins: pinsView,
  favourites: favouritesView,
  media: mediaView,
  draftFiles: draftFilesView,
  stickers: stickersView,
  sticker: stickerView,
  transfers: transfersView,
  quota: quotaView,
  storage: storageView,
  news: newsView,
}

/**
 * At most one computation at a time; changes in between lead to one more. Snapshots that are equal to the last one are not
 * told again.
 */
export function watch<V extends ViewName>(
  context: ViewContext,
  view: V,
  args: ViewArgs<V>,
  listener: (value: ViewValue<V>) => void,
  onFailure: (error: unknown) => void,
): () => void {
  const make = views[view] as MakeView<V>
  let home = context.home()
  let model: ViewModel<V> = make(context, args)
  let stopped = false
  let running = false
  let again = false
  let last: string | undefined

  const run = async () => {
    if (running) {
      again = true
      return
    }
    running = true
    do {
      again = false
      await Promise.resolve()
      if (stopped) break
      if (context.home() !== home) {
        home = context.home()
        model.dispose?.()
        model = make(context, args)
      }
      const value = await model.compute()
      const text = JSON.stringify(value)
      if (stopped || text === last) continue
      last = text
      listener(value)
    } while (again && !stopped)
    running = false
  }
  const start = () => {
    run().catch((error: unknown) => {
      running = false
      onFailure(error)
    })
  }
  const off = context.changes.on([...new Set([...model.topics, topics.session])], start)
  start()
  return () => {
    stopped = true
    model.dispose?.()
    off()
  }
}
