/** 机器人: one's own, a token for a new one, and taking one away (docs/bots.md). */
import type { OwnBot } from "@teahouse/client/view/port/bots.ts"
import { useCallback, useEffect, useId, useState } from "react"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { useAction } from "../../ui/use-action.ts"
import { Card } from "./card.tsx"

export function Bots() {
  const text = useText()
  const list = useAction("ownBots")
  const make = useAction("makeBotToken")
  const [bots, setBots] = useState<readonly OwnBot[]>([])
  const [token, setToken] = useState<string>()
  const [leaving, setLeaving] = useState<OwnBot>()
  const read = list.run
  const refresh = useCallback(async () => {
    const listed = await read({})
    if (listed) setBots(listed.value.bots)
  }, [read])
  useEffect(() => void refresh(), [refresh])
  return (
    <Card title={text.bots}>
      <p className="text-sm text-soft">{text.botsHint}</p>
      <ul aria-label={text.bots} className="my-2 flex flex-col gap-1 empty:hidden">
        {bots.map((bot) => (
          <li key={bot.user} className="flex min-h-12 items-center gap-3">
            <span className="min-w-0 flex-1 truncate">{bot.username}</span>
            <Button aria-label={`${text.botRemove}: ${bot.username}`} onClick={() => setLeaving(bot)}>
              {text.botRemove}
            </Button>
          </li>
        ))}
      </ul>
      <Button
        className="mt-2"
        aria-disabled={make.busy}
        onClick={async () => {
          const made = await make.run({})
          if (made) setToken(made.value.token)
        }}
      >
        {text.botNew}
      </Button>
      <Fault error={make.error ?? list.error} />
      {token !== undefined && <Token token={token} onClose={() => setToken(undefined)} />}
      {leaving && (
        <Remove
          bot={leaving}
          onClose={() => {
            setLeaving(undefined)
            void refresh()
          }}
        />
      )}
    </Card>
  )
}

/** Said once: whoever closes it makes another one. */
function Token({ token, onClose }: { readonly token: string; readonly onClose: () => void }) {
  const text = useText()
  const id = useId()
  const [copied, setCopied] = useState(false)
  return (
    <Dialog title={text.botToken} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p>{text.botTokenHint}</p>
        <textarea
          id={id}
          aria-label={text.botToken}
          readOnly
          rows={3}
          value={token}
          onFocus={(event) => event.target.select()}
          className="w-full rounded-xl border border-line bg-sunken p-3 font-mono text-sm break-all"
        />
        <p role="status" className="text-end text-sm text-soft empty:hidden">
          {copied ? text.copied : ""}
        </p>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text.close}</Button>
          <Button
            look="primary"
            onClick={() => {
              navigator.clipboard.writeText(token).then(
                () => setCopied(true),
                () => document.getElementById(id)?.focus(),
              )
            }}
          >
            {text.copy}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

function Remove({ bot, onClose }: { readonly bot: OwnBot; readonly onClose: () => void }) {
  const text = useText()
  const remove = useAction("removeBot")
  return (
    <Dialog title={text.botRemove} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p>{text.botRemoveAsk(bot.username)}</p>
        <Fault error={remove.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button
            look="danger"
            aria-disabled={remove.busy}
            onClick={async () => {
              if (await remove.run({ user: bot.user })) onClose()
            }}
          >
            {text.botRemove}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
