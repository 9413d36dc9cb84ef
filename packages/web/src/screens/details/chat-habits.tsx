/** The same as the menu of a chat's row, as switches: on top, what is told of it, and a copy of it to keep. */
import type { Level } from "@teahouse/client/view/port/told.ts"
import type { ViewValue } from "@teahouse/client/view/port.ts"
import { useCommand } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Switch } from "../../ui/switch.tsx"
import { Choice } from "../settings/choice.tsx"

type Here = Extract<ViewValue<"room">, { state: "here" }>

export function ChatHabits({ room: { room, habits } }: { readonly room: Here }) {
  const text = useText()
  const command = useCommand()
  const levels: [Level, string][] = [
    ["all", text.tellAll],
    ["mentions", text.tellMentions],
    ["none", text.tellNone],
  ]
  return (
    <div className="flex flex-col gap-2 px-5 pb-4">
      <Switch
        name={text.pinChat}
        on={habits.pinned}
        onChange={(pinned) => command("setHabits", { room, pinned })}
      />
      <Choice
        name={text.tellMe}
        value={habits.level}
        options={levels}
        onChange={(level) => command("setHabits", { room, level })}
      />
      <Switch
        name={text.keepHistory}
        hint={text.keepHistoryHint}
        on={habits.kept}
        onChange={(kept) => command("setHabits", { room, kept })}
      />
    </div>
  )
}
