/**
 * UX 9: while the dialog is open, what is in it is kept on this device, a moment after each change and when the page goes. What
 * was dropped once is not kept again by whatever comes late.
 */
import type { CommandArgs } from "@teahouse/client/view/port.ts"
import { useCallback, useEffect, useRef, useState } from "react"
import { useCommand } from "../../port/use-view.ts"

const KEEP_MS = 250

type Draft = CommandArgs<"keepDraftFiles">

export type Keep = {
  /** How many of the files would have to be picked again. */
  readonly left: number
  /** The device has no room for them. */
  readonly full: boolean
  readonly drop: () => void
}

const signature = ({ files, caption, original }: Draft) =>
  JSON.stringify([files.map(({ id }) => id), caption, original])

/** `draft`: anew with each drawing; the dialog is about one room for its whole life. */
export function useKeep(draft: Draft): Keep {
  const command = useCommand()
  const { room } = draft
  const now = useRef(draft)
  const begun = useRef(false)
  const saved = useRef("")
  const over = useRef(false)
  const running = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [outcome, setOutcome] = useState({ left: 0, full: false })

  const save = useCallback(async () => {
    clearTimeout(timer.current)
    timer.current = undefined
    const one = now.current
    const sign = signature(one)
    if (over.current || !begun.current || sign === saved.current) return
    saved.current = sign
    running.current = true
    const result = await command("keepDraftFiles", one)
    running.current = false
    if (result.ok) setOutcome({ left: one.files.length - result.value.kept.length, full: false })
    else if (result.error.kind === "device_full") setOutcome({ left: 0, full: true })
    else saved.current = ""
  }, [command])

  const sign = signature(draft)
  useEffect(() => {
    now.current = draft
    // Before the first file stands in the list there is nothing to keep; taking the last one out again is a change.
    if (draft.files.length > 0) begun.current = true
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change is what the signature tells
  useEffect(() => {
    // One at a time: what changes meanwhile goes with the next.
    const wait = () => {
      timer.current = setTimeout(() => (running.current ? wait() : void save()), KEEP_MS)
    }
    if (timer.current === undefined) wait()
  }, [sign, save])

  useEffect(() => {
    const atOnce = () => void save()
    addEventListener("pagehide", atOnce)
    return () => {
      removeEventListener("pagehide", atOnce)
      atOnce()
    }
  }, [save])

  const drop = useCallback(() => {
    over.current = true
    clearTimeout(timer.current)
    void command("dropDraftFiles", { room })
  }, [command, room])
  return { ...outcome, drop }
}
