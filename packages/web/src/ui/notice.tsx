/** A short sentence after a deed, said politely and gone by itself. One at a time. */
import { useCallback, useEffect, useRef, useState } from "react"

const SHOWN_MS = 4_000

export type Notice = { readonly sentence: string; readonly danger: boolean }

export function useNotice(): [Notice | undefined, (sentence: string, danger?: boolean) => void] {
  const [notice, setNotice] = useState<Notice>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const say = useCallback((sentence: string, danger = false) => {
    setNotice({ sentence, danger })
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setNotice(undefined), SHOWN_MS)
  }, [])
  useEffect(() => () => clearTimeout(timer.current), [])
  return [notice, say]
}

/** Stands over the lower edge of what it is in; nothing moves for it. */
export function NoticeLine({ notice }: { readonly notice: Notice | undefined }) {
  return (
    <div
      role="status"
      className="pointer-events-none absolute inset-x-0 bottom-full z-10 flex justify-center px-4 pb-3"
    >
      {notice && (
        <p
          className={`rounded-full border px-4 py-1.5 text-center text-sm shadow-(--shadow) animate-[rise_160ms_ease-out] ${notice.danger ? "border-danger bg-danger-wash text-danger" : "border-line bg-surface"}`}
        >
          {notice.sentence}
        </p>
      )}
    </div>
  )
}
