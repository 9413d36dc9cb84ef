/** The recovery code of an account that is new, or that the one before it has opened, until the person has said that it is saved; also after the page was closed meanwhile. */
import type { ViewValue } from "@teahouse/client/view/port.ts"
import { useCommand } from "../../port/use-view.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { Fault } from "../../ui/fault.tsx"
import { useAction } from "../../ui/use-action.ts"
import { Frame } from "./frame.tsx"
import { keepStorage } from "./keep.ts"
import { RecoveryCode } from "./recovery-code.tsx"

export type UnconfirmedSession = Extract<ViewValue<"session">, { state: "unconfirmed" }>

export function Unconfirmed({ session }: { readonly session: UnconfirmedSession }) {
  const text = useText()
  const { chosen } = useLanguage()
  const command = useCommand()
  const confirm = useAction("confirmRecoveryCode")
  return (
    <Frame title={text.recoveryCode} hint={text.recoveryKeep}>
      {!confirm.busy && <Fault error={confirm.error} />}
      <RecoveryCode
        code={session.recoveryCode}
        username={session.username}
        busy={confirm.busy}
        onSaved={async () => {
          if (!(await confirm.run({}))) return
          // The language that was chosen before signing up becomes the new account's.
          if (chosen) void command("setSettings", { language: chosen })
          keepStorage()
        }}
      />
    </Frame>
  )
}
