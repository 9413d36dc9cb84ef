/** What administrators have done, newest first. */

import { sizeText } from "@teahouse/client/words/size.ts"
import { dayAndClock, exactTime } from "@teahouse/client/words/time.ts"
import type { AuditRow } from "@teahouse/protocol/http/admin.ts"
import { useCallback } from "react"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { useAsk, usePages } from "./ask.ts"
import { More } from "./more.tsx"
import { type AdminText, useAdminText } from "./text.ts"

export function Audit() {
  const text = useAdminText()
  const style = useTimeStyle()
  const ask = useAsk()
  const read = useCallback(
    async (shown: readonly AuditRow[]) => {
      const before = shown.at(-1)?.seq
      const answer = await ask("adminAudit", { request: before === undefined ? {} : { before } })
      return answer.ok
        ? { ok: true as const, value: { rows: answer.value.acts, more: answer.value.more } }
        : answer
    },
    [ask],
  )
  const pages = usePages(read)
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm text-soft">{text.auditHint}</p>
      {pages.rows && (
        <ol
          aria-label={text.audit}
          className="divide-y divide-line rounded-2xl border border-line bg-surface px-4 empty:hidden"
        >
          {pages.rows.map((row) => (
            <li key={row.seq} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2.5">
              <span className="min-w-0 break-words">{sentenceOf(row, text)}</span>
              <span className="text-sm text-soft">
                {figuresOf(row, text, (at) => dayAndClock(at, style))}
                <time dateTime={new Date(row.time).toISOString()} title={exactTime(row.time, style)}>
                  {dayAndClock(row.time, style)}
                </time>
              </span>
            </li>
          ))}
        </ol>
      )}
      <More pages={pages} />
    </div>
  )
}

const sentenceOf = ({ act, by, on }: AuditRow, text: AdminText): string =>
  text.act(act, by ?? text.commandLine, on)

function figuresOf(row: AuditRow, text: AdminText, when: (at: number) => string): string {
  const parts = [
    ...(row.uses === undefined ? [] : [text.times(row.uses)]),
    ...(row.expires === undefined ? [] : [text.until(when(row.expires))]),
    ...(row.bytes === undefined ? [] : [row.bytes === null ? text.asEverybody : sizeText(row.bytes)]),
  ]
  return parts.map((part) => `${part} · `).join("")
}
