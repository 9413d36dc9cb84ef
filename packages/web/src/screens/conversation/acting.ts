/** What a line of the chat can ask of the conversation that it stands in. One stable object, so that lines are drawn once. */
import type { BundleShown, MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { createContext, useContext } from "react"
import type { MenuPlace } from "../../ui/menu.tsx"
import type { At } from "../files/previews.ts"

export type Acting = {
  readonly room: Id
  readonly me: Id
  readonly openMenu: (item: MessageItem, place: MenuPlace) => void
  readonly react: (item: MessageItem, emoji: string, on: boolean) => void
  readonly pickReaction: (item: MessageItem, place: MenuPlace) => void
  /** To a message, with a way back to `from`. */
  readonly jump: (seq: number, from?: number) => void
  readonly toggle: (item: MessageItem) => void
  readonly showReceipts: (seq: number) => void
  readonly openBundle: (bundle: BundleShown, at: At) => void
  readonly writeAgain: (text: string) => void
}

const nothing = () => {}
export const ActingContext = createContext<Acting>({
  room: "" as Id,
  me: "" as Id,
  openMenu: nothing,
  react: nothing,
  pickReaction: nothing,
  jump: nothing,
  toggle: nothing,
  showReceipts: nothing,
  openBundle: nothing,
  writeAgain: nothing,
})
export const useActing = (): Acting => useContext(ActingContext)
