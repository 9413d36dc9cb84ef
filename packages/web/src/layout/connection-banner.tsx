/**
 * UX 17: a thin banner after some seconds without connection; what is on the screen stays readable. The region is always
 * there, so that a screen reader notices when words come; the countdown is not read aloud every second. Where the words are
 * large and the screen is narrow it says the least: each waiting message shows its clock. Where the house has gone on to another
 * version, what helps is another page.
 */
import type { Alarm } from "@teahouse/client/view/port/account.ts"
import { joined } from "@teahouse/client/words/alarms.ts"
import { useCommand, useView } from "../port/use-view.ts"
import { fetchUpdate } from "../sw-register.ts"
import type { Text } from "../text/en.ts"
import { useText } from "../text/use-text.ts"
import { AlertIcon } from "../ui/icons.tsx"
import { useNow } from "../ui/use-now.ts"

/** Short interruptions mend themselves before anybody needs to know. */
export const PATIENCE_MS = 2_500

/** Fewer parts of one's history than this are here before anybody could read about it. */
const RESTORING_MIN = 20

/** Those about a person, who is named in them. */
const aboutText = {
  key_log_changed: "alarmKeysChanged",
  key_log_unlisted: "alarmKeysUnlisted",
} as const satisfies Partial<Record<Alarm["kind"], keyof Text>>

const alarmText = {
  forked: "alarmForked",
  rolled_back: "alarmRolledBack",
  new_incarnation: "alarmNewIncarnation",
  restored_again: "alarmRestoredAgain",
  bad_signature: "alarmBadSignature",
  house_changed: "alarmHouseChanged",
  history_damaged: "alarmHistoryDamaged",
  past_refused: "alarmPastRefused",
  unsent_damaged: "alarmUnsentDamaged",
  account_rolled_back: "alarmAccountRolledBack",
  keys_lost: "alarmKeysLost",
  other_identity: "alarmOtherIdentity",
  device_added: "alarmDeviceAdded",
} as const satisfies Record<Exclude<Alarm["kind"], keyof typeof aboutText>, keyof Text>

const said = (text: Text, { kind, who = "" }: Alarm): string =>
  kind === "key_log_changed" || kind === "key_log_unlisted"
    ? text[aboutText[kind]](who)
    : text[alarmText[kind]]

export function ConnectionBanner() {
  const text = useText()
  const command = useCommand()
  const connection = useView("connection", undefined)
  const restoring = useView("safekeeping", undefined)?.restoring
  const cut = connection !== undefined && connection.state !== "connected"
  const now = useNow(cut ? 500 : undefined)
  const shown = cut && now - (connection.since ?? 0) >= PATIENCE_MS
  const seconds = connection?.retryAt === undefined ? 0 : Math.ceil((connection.retryAt - now) / 1000)
  const alarms = [...(connection?.alarms ?? []), ...(connection?.notices ?? [])]
  const lines = joined(alarms, (alarm) => said(text, alarm))
  const inButton =
    "min-h-8 pointer-coarse:min-h-11 rounded-lg px-2 font-medium underline underline-offset-4 hover:bg-amber/10"
  return (
    <div>
      <div role="status" aria-label={text.connection} className="@container bg-amber-wash text-sm text-amber">
        {shown && (
          <div className="flex flex-wrap items-center justify-center gap-x-2 px-4 py-0.5">
            <span>
              {connection.otherVersion
                ? text.otherVersion
                : connection.state === "connecting"
                  ? text.connecting
                  : text.notConnected}
            </span>
            {connection.waiting > 0 && (
              <span className="@max-xs:sr-only">{text.waitingToSend(connection.waiting)}</span>
            )}
            {connection.state === "offline" && seconds > 0 && !connection.otherVersion && (
              <span aria-hidden="true" className="tabular-nums @max-xs:hidden">
                {text.retryIn(seconds)}
              </span>
            )}
            {connection.otherVersion ? (
              <button type="button" className={inButton} onClick={() => void fetchUpdate()}>
                {text.reload}
              </button>
            ) : (
              <button type="button" className={inButton} onClick={() => void command("reconnect", {})}>
                {text.reconnectNow}
              </button>
            )}
          </div>
        )}
        {!shown && restoring && restoring.total >= RESTORING_MIN && (
          <div className="px-4 py-1 text-center">
            {text.restoring(restoring.total - restoring.left, restoring.total)}
          </div>
        )}
      </div>
      <div className="max-h-[30vh] overflow-y-auto">
        {lines.map(({ key, sentence, ids }) => (
          <div
            key={key}
            role="alert"
            className="flex items-center justify-center gap-2 bg-danger-wash px-4 py-1 text-sm text-danger"
          >
            <AlertIcon size={18} />
            <span>{sentence}</span>
            <button
              type="button"
              className="min-h-8 pointer-coarse:min-h-11 rounded-lg px-2 font-medium underline underline-offset-4"
              onClick={() => {
                for (const id of ids) void command("dismissAlarm", { id })
              }}
            >
              {text.dismiss}
            </button>
          </div>
        ))}
      </div>
    </div>
  )
}
