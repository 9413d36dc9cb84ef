/** What one does with a chat for oneself, as a menu of its row. */
import type { Habits, RoomItem } from "@teahouse/client/view/port/rooms.ts"
import { useCommand } from "../../port/use-view.ts"
import { useNavigation } from "../../route/use-route.ts"
import { useText } from "../../text/use-text.ts"
import { HideIcon, MarkIcon, MuteIcon, PinIcon } from "../../ui/icons.tsx"
import type { MenuItem } from "../../ui/menu.tsx"

export function useChatMenu({ room, habits, unread }: RoomItem, selected: boolean): MenuItem[] {
  const text = useText()
  const command = useCommand()
  const { go } = useNavigation()
  const set = (change: Partial<Habits>) => void command("setHabits", { room, ...change })
  const { pinned, level, markedUnread } = habits
  return [
    {
      id: "pin",
      label: pinned ? text.unpinChat : text.pinChat,
      icon: <PinIcon size={20} />,
      run: () => set({ pinned: !pinned }),
    },
    {
      id: "mute",
      label: level === "none" ? text.unmute : text.mute,
      icon: <MuteIcon size={20} />,
      run: () => set({ level: level === "none" ? "all" : "none" }),
    },
    unread > 0 || markedUnread
      ? {
          id: "mark",
          label: text.markRead,
          icon: <MarkIcon size={20} />,
          run: () => {
            set({ markedUnread: false })
            if (unread > 0) void command("markRead", { room, seq: Number.MAX_SAFE_INTEGER })
          },
        }
      : {
          id: "mark",
          label: text.markUnread,
          icon: <MarkIcon size={20} />,
          run: () => set({ markedUnread: true }),
        },
    {
      id: "hide",
      label: text.hideChat,
      icon: <HideIcon size={20} />,
      run: () => {
        set({ hidden: true })
        if (selected) go({ page: "chats" })
      },
    },
  ]
}
