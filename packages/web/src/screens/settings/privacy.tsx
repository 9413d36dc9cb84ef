/** What others learn of one's being here. Both go both ways, and each says so: who shows nothing sees nothing. */
import type { Settings } from "@teahouse/client/view/port/account.ts"
import { useCommand } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Card } from "./card.tsx"
import { Check } from "./check.tsx"

export function Privacy({ settings }: { readonly settings: Settings }) {
  const text = useText()
  const command = useCommand()
  return (
    <Card title={text.privacy}>
      <Check
        name={text.readReceipts}
        hint={text.readReceiptsHint}
        on={settings.readReceipts}
        onChange={(readReceipts) => command("setSettings", { readReceipts })}
      />
      <Check
        name={text.showTyping}
        hint={text.showTypingHint}
        on={settings.showTyping}
        onChange={(showTyping) => command("setSettings", { showTyping })}
      />
    </Card>
  )
}
