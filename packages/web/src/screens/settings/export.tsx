/**
 * All chats, or one: into a folder where the browser lets one choose, else as one zip file. The password comes first, and nothing
 * is written before it was right. Leaving this place stops it, and what is finished stays: the same folder goes on from there.
 */

import { sizeText } from "@teahouse/client/words/size.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useEffect, useRef, useState } from "react"
import { useHouse } from "../../port/use-view.ts"
import { errorText } from "../../text/error-text.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { AskPassword } from "../export/ask-password.tsx"
import { folderSink } from "../export/folder-sink.ts"
import { type Missing, type Outcome, type Progress, Refused } from "../export/parts.ts"
import { exportChats } from "../export/run.ts"
import { chunksOf, type Sink, TooLarge } from "../export/sink.ts"
import { ZIP_MAX, zipSink } from "../export/zip-sink.ts"
import { folderPicker } from "../files/keep-store.ts"

type State =
  | { readonly at: "rest" }
  | { readonly at: "asking" }
  /** The password was right, but proving it took longer than the browser lets a click count. */
  | { readonly at: "choosing"; readonly pass: string }
  | { readonly at: "running"; readonly progress?: Progress }
  | { readonly at: "done"; readonly outcome: Outcome }
  | { readonly at: "stopped" }
  | { readonly at: "failed"; readonly why: string }

export function Export({ room }: { readonly room?: Id }) {
  const text = useText()
  const { language } = useLanguage()
  const { port, slot } = useHouse()
  const time = useTimeStyle()
  const [state, setState] = useState<State>({ at: "rest" })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const pick = folderPicker()

  const run = async (pass: string, sink: Sink, finish: () => void) => {
    const controller = new AbortController()
    running.current = controller
    setState({ at: "running" })
    try {
      const parts = {
        ...{ port, pass, sink, style: { text, time }, signal: controller.signal },
        why: (kind: Parameters<typeof errorText>[0]) => errorText(kind, language),
        tell: (progress: Progress) => setState({ at: "running", progress }),
        read: (url: string) => read(url, controller.signal),
      }
      const outcome = await exportChats(parts, room)
      finish()
      setState({ at: "done", outcome })
    } catch (error) {
      if (controller.signal.aborted) return setState({ at: "stopped" })
      setState({ at: "failed", why: sentence(error) })
    } finally {
      running.current = undefined
      void port.command("endExport", { pass })
    }
  }
  const sentence = (error: unknown): string => {
    if (error instanceof Refused) return errorText(error.error.kind, language)
    if (error instanceof TooLarge) return text.exportTooLarge(sizeText(ZIP_MAX))
    if (error instanceof DOMException && error.name === "QuotaExceededError")
      return errorText("device_full", language)
    return text.exportFailed
  }
  const goOn = async (pass: string) => {
    if (running.current) return
    if (!pick) {
      const zip = zipSink(new Date())
      return run(pass, zip, () => save(zip.close()))
    }
    try {
      const folder = await pick({ id: `teahouse-export-${slot}`, mode: "readwrite" })
      return await run(pass, folderSink(folder), () => {})
    } catch (error) {
      if (error instanceof DOMException && error.name === "SecurityError")
        return setState({ at: "choosing", pass })
      // The chooser was closed.
      setState({ at: "rest" })
      void port.command("endExport", { pass })
    }
  }
  const start = async () => {
    if (running.current) return
    if (state.at === "choosing") return goOn(state.pass)
    const begun = await port.command("beginExport", {})
    if (begun.ok) return goOn(begun.value.pass)
    const { kind } = begun.error
    setState(kind === "password_needed" ? { at: "asking" } : { at: "failed", why: errorText(kind, language) })
  }

  const busy = state.at === "running"
  const what = [
    room === undefined ? text.exportAll : text.exportOne,
    ...(pick ? [text.exportFolder] : [text.exportTogether, text.exportTogetherMax(sizeText(ZIP_MAX))]),
    text.exportOpen,
  ]
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm text-soft">{what.join(language === "zh-CN" ? "" : " ")}</p>
      <div className="flex flex-wrap gap-2">
        <Button aria-disabled={busy} onClick={() => void start()}>
          {state.at === "choosing"
            ? text.exportChoose
            : room === undefined
              ? text.exportStart
              : text.exportChat}
        </Button>
        {busy && <Button onClick={() => running.current?.abort()}>{text.cancel}</Button>}
      </div>
      <div role="status" className="text-sm text-soft empty:hidden">
        {state.at === "running" && state.progress && <Now progress={state.progress} />}
        {state.at === "choosing" && <p>{text.exportProved}</p>}
        {state.at === "done" && (
          <p>
            {state.outcome.missing.length === 0
              ? text.exportDone
              : text.exportDoneBut(state.outcome.missing.length)}{" "}
            {text.exportMessages(state.outcome.messages)}
          </p>
        )}
        {state.at === "stopped" && <p>{pick ? text.exportStopped : text.exportStoppedZip}</p>}
      </div>
      {state.at === "done" && state.outcome.missing.length > 0 && (
        <MissingList missing={state.outcome.missing} />
      )}
      <Fault sentence={state.at === "failed" ? state.why : undefined} />
      {state.at === "asking" && (
        <AskPassword onClose={() => setState({ at: "rest" })} onPass={(pass) => void goOn(pass)} />
      )}
    </div>
  )
}

function Now({ progress }: { readonly progress: Progress }) {
  const text = useText()
  return (
    <>
      <p>{text.exportRunning(progress.done, progress.all)}</p>
      <p>
        <bdi>{progress.chat}</bdi> {text.exportMessages(progress.messages)}
      </p>
    </>
  )
}

/** Every one of them is in the pages and the data too. */
const SHOWN = 50

function MissingList({ missing }: { readonly missing: readonly Missing[] }) {
  const text = useText()
  return (
    <ul aria-label={text.exportMissingFiles} className="max-h-60 overflow-y-auto text-sm">
      {missing.slice(0, SHOWN).map(({ chat, name, why }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a list that is over and never changes; names may repeat
        <li key={at} className="py-1 wrap-anywhere">
          <bdi>{chat}</bdi>: <bdi>{name}</bdi>. {why}
        </li>
      ))}
      {missing.length > SHOWN && <li>…</li>}
    </ul>
  )
}

async function* read(url: string, signal: AbortSignal) {
  const response = await fetch(url, { signal })
  if (!response.ok || !response.body) throw new Error("the file cannot be read")
  yield* chunksOf(response.body)
}

function save(zip: Blob): void {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(zip)
  link.download = "teahouse.zip"
  document.body.append(link)
  link.click()
  link.remove()
  // Long after every browser has begun to copy it.
  setTimeout(() => URL.revokeObjectURL(link.href), 600_000)
}
