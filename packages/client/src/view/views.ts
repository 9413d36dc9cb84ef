/** Every view by name, and how a subscription is kept up to date. */
import { topics } from "../changes.ts"
import type { Home } from "../home.ts"
import { devicesView, safekeepingView, sessionView, settingsView } from "./account.ts"
import { connectionView } from "./connection.ts"
import { contactsView, personView, pictureView, safetyView } from "./contacts.ts"
import type { MakeView, ViewContext, ViewModel } from "./context.ts"
import { draftFilesView, quotaView, storageView, transfersView } from "./files.ts"
import { favouritesView, pinsView, receiptsView, typingView } from "./marks.ts"
import { newsView } from "./news.ts"
import type { ViewArgs, ViewName, ViewValue } from "./port.ts"
import { composerView, roomView } from "./room.ts"
import { roomListView } from "./room-list.ts"
import { stickersView, stickerView } from "./stickers.ts"
import { timelineView } from "./timeline.ts"

/** What is looked at now and then is loaded by whoever looks first. */
const late = {
  joinRequests: async () => (await import("./joins.ts")).joinRequestsView,
  joining: async () => (await import("./joins.ts")).joiningView,
  media: async () => (await import("./media.ts")).mediaView,
  search: async () => (await import("./search.ts")).searchView,
} satisfies { readonly [V in ViewName]?: () => Promise<MakeView<V>> }

const views: { readonly [V in Exclude<ViewName, keyof typeof late>]: MakeView<V> } = {
  session: sessionView,
  connection: connectionView,
  roomList: roomListView,
  room: roomView,
  timeline: timelineView,
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
  draftFiles: draftFilesView,
  stickers: stickersView,
  sticker: stickerView,
  transfers: transfersView,
  quota: quotaView,
  storage: storageView,
  news: newsView,
}

const isLate = (view: ViewName): view is keyof typeof late => view in late

/** The two tables have every view between them; which of them has it is no business of its type. */
const find = async <V extends ViewName>(view: V): Promise<MakeView<V>> =>
  (isLate(view) ? await late[view]() : views[view as keyof typeof views]) as unknown as MakeView<V>

/**
 * At most one computation at a time; changes in between lead to one more. Snapshots that are equal to the last one are not
 * told again. Until it is known who is in, only the session says something: what is not loaded yet is not empty, and a page whose
 * worker was replaced has it on the screen.
 */
export function watch<V extends ViewName>(
  context: ViewContext,
  view: V,
  args: ViewArgs<V>,
  listener: (value: ViewValue<V>) => void,
  onFailure: (error: unknown) => void,
): () => void {
  let home: Home | undefined
  let model: ViewModel<V> | undefined
  let off = () => {}
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
      if (!model || context.home() !== home) {
        const make = await find(view)
        if (stopped) break
        home = context.home()
        model?.dispose?.()
        model = make(context, args)
        off()
        off = context.changes.on([...new Set([...model.topics, topics.session])], start)
      }
      if (view !== "session" && context.session().state === "starting") continue
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
  start()
  return () => {
    stopped = true
    model?.dispose?.()
    off()
  }
}
