/** Rooms as counts. A table that scrolls sideways where there is no room for it. */

import { sizeText } from "@teahouse/client/words/size.ts"
import { rowTime } from "@teahouse/client/words/time.ts"
import type { AdminRoom } from "@teahouse/protocol/http/admin.ts"
import { useCallback, useId } from "react"
import { useLanguage } from "../../text/use-text.ts"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { useAsk, usePages } from "./ask.ts"
import { More } from "./more.tsx"
import { useAdminText } from "./text.ts"

export function Rooms() {
  const text = useAdminText()
  const { language } = useLanguage()
  const style = useTimeStyle()
  const ask = useAsk()
  const id = useId()
  const read = useCallback(
    async (shown: readonly AdminRoom[]) => {
      const answer = await ask("adminRooms", { request: shown.length > 0 ? { skip: shown.length } : {} })
      return answer.ok
        ? { ok: true as const, value: { rows: answer.value.rooms, more: answer.value.more } }
        : answer
    },
    [ask],
  )
  const pages = usePages(read)
  const kinds = { direct: text.kindDirect, group: text.kindGroup, self: text.kindSelf }
  const now = Date.now()
  const number = (value: number) => value.toLocaleString(language)
  return (
    <div className="flex flex-col gap-3">
      <p id={id} className="text-sm text-soft">
        {text.roomsHint}
      </p>
      {pages.rows?.length === 0 && <p className="text-soft">{text.noRooms}</p>}
      {pages.rows && pages.rows.length > 0 && (
        <section
          aria-label={text.rooms}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by the keyboard too
          tabIndex={0}
          className="overflow-x-auto rounded-2xl border border-line bg-surface"
        >
          <table aria-describedby={id} className="w-full text-sm tabular-nums">
            <thead className="text-soft">
              <tr>
                <Head>{text.kind}</Head>
                <Head end>{text.members}</Head>
                <Head end>{text.devices}</Head>
                <Head end>{text.entries}</Head>
                <Head end>{text.size}</Head>
                <Head>{text.lastEntry}</Head>
                <Head>{text.made}</Head>
                <Head>{text.id}</Head>
              </tr>
            </thead>
            <tbody>
              {pages.rows.map((one) => (
                <tr key={one.room} className="border-t border-line">
                  <Cell>{kinds[one.kind]}</Cell>
                  <Cell end>{number(one.members)}</Cell>
                  <Cell end>{number(one.devices)}</Cell>
                  <Cell end>{number(one.entries)}</Cell>
                  <Cell end>{sizeText(one.bytes)}</Cell>
                  <Cell>{rowTime(one.last, now, style)}</Cell>
                  <Cell>{rowTime(one.created, now, style)}</Cell>
                  <Cell soft>{one.room}</Cell>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <More pages={pages} />
    </div>
  )
}

type CellProps = { readonly children: string; readonly end?: boolean; readonly soft?: boolean }
const at = (end?: boolean) => `px-3 py-2.5 whitespace-nowrap ${end ? "text-end" : "text-start"}`

const Head = ({ children, end }: CellProps) => (
  <th scope="col" className={`${at(end)} font-medium`}>
    {children}
  </th>
)
const Cell = ({ children, end, soft }: CellProps) => (
  <td className={`${at(end)} ${soft ? "font-mono text-xs text-soft" : ""}`}>{children}</td>
)
