/** The files in the dialog `Send files`: each is made ready as it comes, and again when "Original" is switched. */
import { useCallback, useEffect, useRef, useState } from "react"
import { openPainter, type Painter } from "../../media/painter.ts"
import { type Prepared, prepare } from "../../media/prepare.ts"
import { type Chosen, chosen } from "./kept-draft.ts"

export type Entry = Chosen & {
  /** Absent: being made ready. */
  readonly ready?: Prepared
}

export type PickList = {
  readonly entries: readonly Entry[]
  readonly original: boolean
  readonly setOriginal: (on: boolean) => void
  readonly add: (files: readonly File[]) => void
  readonly remove: (id: string) => void
}

export function usePickList(first: readonly Chosen[], firstOriginal: boolean): PickList {
  const [entries, setEntries] = useState<readonly Entry[]>(first)
  const [original, setOriginal] = useState(firstOriginal)
  const painter = useRef<Painter>(undefined)
  const wanted = useRef(original)
  const begun = useRef(false)

  const make = useCallback((entry: Entry, asOriginal: boolean) => {
    painter.current ??= openPainter()
    void prepare(entry.file, asOriginal, painter.current)
      .catch((): Prepared => ({ source: entry.file, name: entry.file.name, type: "", picture: false }))
      .then((ready) => {
        if (wanted.current !== asOriginal && ready.picture) return
        setEntries((all) => all.map((one) => (one.id === entry.id ? { ...one, ready } : one)))
      })
  }, [])
  useEffect(() => {
    if (!begun.current) {
      begun.current = true
      for (const entry of first) make(entry, wanted.current)
    }
    return () => {
      painter.current?.close()
      painter.current = undefined
    }
  }, [make, first])

  return {
    entries,
    original,
    setOriginal: (on) => {
      wanted.current = on
      setOriginal(on)
      const again = entries.filter((one) => one.ready?.picture ?? true)
      setEntries((all) => all.map((one) => (again.includes(one) ? { id: one.id, file: one.file } : one)))
      for (const entry of again) make(entry, on)
    },
    add: (files) => {
      const more = files.map(chosen)
      setEntries((all) => [...all, ...more])
      for (const entry of more) make(entry, original)
    },
    remove: (id) => setEntries((all) => all.filter((one) => one.id !== id)),
  }
}
