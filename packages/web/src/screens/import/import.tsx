/** An export of Telegram or WhatsApp into a chat's history: where to, which file or folder, then how far it is and what could not be read. */
import type { NoExport } from "@teahouse/client/import/parse.ts"
import type { Unread } from "@teahouse/client/import/record.ts"
import type { ImportProgress, ImportReport } from "@teahouse/client/import/run.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useEffect, useId, useRef, useState } from "react"
import { useHouse, useView } from "../../port/use-view.ts"
import { errorText } from "../../text/error-text.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { foundIn } from "./picked.ts"
import { importInto, Refused } from "./run.ts"

type Dates = { readonly order: string; readonly sure: boolean }
type State =
  | { readonly at: "rest" }
  | { readonly at: "running"; readonly progress?: ImportProgress }
  | { readonly at: "done"; readonly report: ImportReport; readonly dates: Dates | undefined }
  | { readonly at: "failed"; readonly why: string }

export function Import() {
  const text = useText()
  const { language } = useLanguage()
  const { port } = useHouse()
  const rooms = useView("roomList", undefined)?.rooms ?? []
  const self = rooms.find(({ kind }) => kind === "self")?.room
  const [to, setTo] = useState<Id>()
  const [state, setState] = useState<State>({ at: "rest" })
  const running = useRef<AbortController>(undefined)
  const [file, folder] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)]
  const toId = useId()
  useEffect(() => () => running.current?.abort(), [])

  const sentences: Record<NoExport, string> = {
    cut_off: text.importCutOff,
    not_utf8: text.importNotUtf8,
    too_large: text.importTooLarge,
    not_an_export: text.importNoExport,
    damaged_archive: text.importDamagedArchive,
    locked_archive: text.importLockedArchive,
  }
  const take = async (files: readonly File[]) => {
    const room = to ?? self
    if (files.length === 0 || running.current || room === undefined || self === undefined) return
    const controller = new AbortController()
    running.current = controller
    setState({ at: "running" })
    try {
      const found = await foundIn(files)
      if (!found.ok) return setState({ at: "failed", why: sentences[found.error] })
      const tell = (progress: ImportProgress) => setState({ at: "running", progress })
      const report = await importInto(port, found.value, { room, self }, controller.signal, tell)
      setState({ at: "done", report, dates: found.value.read.dates })
    } catch (error) {
      const kind = error instanceof Refused ? error.error.kind : "internal"
      setState({ at: "failed", why: errorText(kind, language) })
    } finally {
      running.current = undefined
    }
  }
  const chosen = (input: HTMLInputElement | null) => {
    const files = [...(input?.files ?? [])]
    // The same file may be picked again.
    if (input) input.value = ""
    void take(files)
  }
  const busy = state.at === "running"
  /** A new account's chat with oneself comes a moment later. */
  const may = !busy && self !== undefined
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm text-soft">{text.importWhat}</p>
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor={toId} className="text-sm">
          {text.importTo}
        </label>
        <select
          id={toId}
          className="min-h-11 min-w-0 max-w-full rounded-xl border border-line bg-surface px-3"
          value={to ?? self ?? ""}
          disabled={busy}
          onChange={(event) => setTo(event.target.value as Id)}
        >
          {rooms.map(({ room, kind, title }) => (
            <option key={room} value={room}>
              {kind === "self" ? text.selfChat : title}
            </option>
          ))}
        </select>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button aria-disabled={!may} onClick={() => may && file.current?.click()}>
          {text.importFile}
        </Button>
        <Button aria-disabled={!may} onClick={() => may && folder.current?.click()}>
          {text.importFolder}
        </Button>
        {busy && <Button onClick={() => running.current?.abort()}>{text.cancel}</Button>}
      </div>
      <input ref={file} type="file" hidden accept=".json,.txt,.zip" onChange={() => chosen(file.current)} />
      <input
        ref={folder}
        type="file"
        hidden
        multiple
        // React knows no such attribute; browsers do.
        {...{ webkitdirectory: "" }}
        onChange={() => chosen(folder.current)}
      />
      <div role="status" className="text-sm text-soft empty:hidden">
        {state.at === "running" &&
          (state.progress
            ? text.importRunning(state.progress.chat, state.progress.done, state.progress.of)
            : text.importReading)}
        {state.at === "done" && <Report report={state.report} dates={state.dates} />}
      </div>
      {state.at === "done" && state.report.unread.length > 0 && <UnreadList unread={state.report.unread} />}
      <Fault sentence={state.at === "failed" ? state.why : undefined} />
    </div>
  )
}

function Report({ report, dates }: { readonly report: ImportReport; readonly dates: Dates | undefined }) {
  const text = useText()
  const { language } = useLanguage()
  const { messages, before, files, stopped } = report
  const said = [
    stopped ? text.importStopped : "",
    messages > 0 || (before === 0 && !stopped) ? text.importDone(messages) : "",
    before > 0 ? text.importBefore(before) : "",
    files > 0 ? text.importFiles(files) : "",
    dates && !dates.sure ? text.importDates(dates.order) : "",
  ]
  return <p>{said.filter(Boolean).join(language === "zh-CN" ? "" : " ")}</p>
}

const SHOWN = 200

function UnreadList({ unread }: { readonly unread: readonly Unread[] }) {
  const text = useText()
  const left = unread.length - SHOWN
  return (
    <section aria-label={text.importUnread} className="text-sm">
      <h3 className="font-medium">{text.importUnread}</h3>
      <ul className="max-h-60 overflow-y-auto">
        {unread.slice(0, SHOWN).map(({ chat, where, why }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list that is over and never changes; names may repeat
          <li key={at} className="py-1 wrap-anywhere">
            <bdi>{chat}</bdi>: <bdi>{where}</bdi>. {text[`importWhy_${why}`]}
          </li>
        ))}
        {left > 0 && <li>{text.importMore(left)}</li>}
      </ul>
    </section>
  )
}
