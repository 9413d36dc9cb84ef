/** UX 39: what takes how much, here and at the house, and what can be let go. */

import { sizeText } from "@teahouse/client/words/size.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useEffect, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { useAction } from "../../ui/use-action.ts"
import { Card } from "../settings/card.tsx"
import { KeepFolder } from "./keep-folder.tsx"

export function Storage() {
  const text = useText()
  const here = useView("storage", undefined)
  const kept = useView("safekeeping", undefined)
  const house = useView("quota", undefined)?.quota
  const [asking, setAsking] = useState<{ readonly room?: Id; readonly title?: string }>()
  const [cleared, setCleared] = useState(false)
  return (
    <Card title={text.storage}>
      <div className="flex flex-col gap-5">
        <section className="flex flex-col gap-1.5">
          <h3 className="text-sm font-medium">{text.storageHere}</h3>
          {here?.used !== undefined && here.quota ? (
            <Meter
              name={text.storageHere}
              part={here.used / here.quota}
              words={text.storageOfBrowser(sizeText(here.used), sizeText(here.quota))}
            />
          ) : (
            <p className="text-sm text-soft">{text.storageUnknown}</p>
          )}
          {here && here.filesMax > 0 && (
            <p className="text-sm text-soft">
              {text.storageFiles(sizeText(here.files), sizeText(here.filesMax))}
            </p>
          )}
          <Persistence />
        </section>
        <section className="flex flex-col gap-1.5">
          <h3 className="text-sm font-medium">{text.storageAtHouse}</h3>
          {house ? (
            <Meter
              name={text.storageAtHouse}
              part={house.used / Math.max(1, house.user)}
              words={`${text.storageOfHouse(sizeText(house.used), sizeText(house.user))} · ${text.fileLimit(sizeText(house.file))}`}
            />
          ) : (
            <p className="text-sm text-soft">{text.storageHouseUnknown}</p>
          )}
        </section>
        {kept && kept.quota > 0 && (
          <section className="flex flex-col gap-1.5">
            <h3 className="text-sm font-medium">{text.historyKept}</h3>
            <Meter
              name={text.historyKept}
              part={kept.used / kept.quota}
              words={text.historyOf(sizeText(kept.used), sizeText(kept.quota))}
            />
            <p role="status" className="text-sm text-soft">
              {kept.unsafe > 0 ? text.historyUnsafe(kept.unsafe) : text.historySafe}
            </p>
            {kept.error && <Fault error={kept.error} />}
          </section>
        )}
        <KeepFolder />
        <section className="flex flex-col gap-1.5">
          <h3 className="text-sm font-medium">{text.storageByChat}</h3>
          {here && here.rooms.length > 0 ? (
            <>
              <ul aria-label={text.storageByChat} className="divide-y divide-line">
                {here.rooms.map(({ room, title, files, bytes }) => (
                  <li key={room} className="flex items-center gap-3 py-1">
                    <span className="min-w-0 flex-1">
                      <bdi className="block truncate">{title}</bdi>
                      <span className="block text-sm text-soft">
                        {text.filesCount(files)} · {sizeText(bytes)}
                      </span>
                    </span>
                    <Button
                      look="quiet"
                      aria-label={text.clearFilesOf(title)}
                      onClick={() => setAsking({ room, title })}
                    >
                      {text.clearFiles}
                    </Button>
                  </li>
                ))}
              </ul>
              <Button look="danger" className="self-start" onClick={() => setAsking({})}>
                {text.clearAllFiles}
              </Button>
            </>
          ) : (
            <p className="text-sm text-soft">{text.storageNothing}</p>
          )}
          <p role="status" className="text-sm text-soft empty:hidden">
            {cleared && text.filesCleared}
          </p>
        </section>
      </div>
      {asking && (
        <Clear
          {...asking}
          onClose={() => setAsking(undefined)}
          onDone={() => {
            setAsking(undefined)
            setCleared(true)
          }}
        />
      )}
    </Card>
  )
}

function Meter({
  name,
  part,
  words,
}: {
  readonly name: string
  readonly part: number
  readonly words: string
}) {
  const percent = Math.round(Math.min(1, Math.max(0, part)) * 100)
  return (
    <div>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw a meter in colours of their own */}
      <div
        role="meter"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={words}
        className="h-2.5 overflow-hidden rounded-full bg-sunken forced-colors:border"
      >
        <div
          className={`h-full rounded-full ${percent > 90 ? "bg-danger" : "bg-accent"} forced-colors:bg-[Highlight]`}
          style={{ width: `${Math.max(percent, part > 0 ? 1 : 0)}%` }}
        />
      </div>
      <p className="mt-1 text-sm text-soft">{words}</p>
    </div>
  )
}

/** Whether the browser may throw everything away when the disk is full. Asked from a button, never by itself. */
function Persistence() {
  const text = useText()
  const [kept, setKept] = useState<boolean>()
  const [refused, setRefused] = useState(false)
  useEffect(() => {
    void navigator.storage?.persisted?.().then(setKept)
  }, [])
  if (kept === undefined) return null
  return (
    <div className="flex flex-wrap items-center gap-x-3 text-sm text-soft">
      <span>{kept ? text.persistent : refused ? text.persistRefused : text.notPersistent}</span>
      {!kept && !refused && (
        <Button
          look="quiet"
          className="text-sm"
          onClick={async () => {
            const now = await navigator.storage.persist()
            setKept(now)
            setRefused(!now)
          }}
        >
          {text.makePersistent}
        </Button>
      )}
    </div>
  )
}

type ClearProps = {
  readonly room?: Id
  readonly title?: string
  readonly onClose: () => void
  readonly onDone: () => void
}

function Clear({ room, title, onClose, onDone }: ClearProps) {
  const text = useText()
  const clear = useAction("clearFiles")
  return (
    <Dialog title={text.clearFilesAsk} onClose={onClose}>
      {title !== undefined && (
        <p className="mb-2 font-medium wrap-anywhere">
          <bdi>{title}</bdi>
        </p>
      )}
      <p className="mb-4 text-sm">{text.clearFilesWhy}</p>
      <Fault error={clear.error} />
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{text.cancel}</Button>
        <Button
          look="danger"
          aria-disabled={clear.busy}
          onClick={async () => {
            if (await clear.run(room === undefined ? {} : { room })) onDone()
          }}
        >
          {text.clearFiles}
        </Button>
      </div>
    </Dialog>
  )
}
