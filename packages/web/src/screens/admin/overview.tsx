/** How the house is doing: what moves as lines, what is there as numbers. Asked every two seconds while somebody looks. */
import type { CommandError } from "@teahouse/client/view/port/basic.ts"
import { sizeText } from "@teahouse/client/words/size.ts"
import type { AdminLive } from "@teahouse/protocol/http/admin.ts"
import { useCallback, useEffect, useId, useState } from "react"
import { useLanguage } from "../../text/use-text.ts"
import { Fault } from "../../ui/fault.tsx"
import { useAsk, usePages } from "./ask.ts"
import { EVERY_MS, seriesOf, withSample } from "./samples.ts"
import { useAdminText } from "./text.ts"
import { Tile } from "./tile.tsx"

export function Overview() {
  return (
    <div className="flex flex-col gap-6">
      <Now />
      <Totals />
    </div>
  )
}

function useLive() {
  const ask = useAsk()
  const [samples, setSamples] = useState<readonly AdminLive[]>([])
  const [error, setError] = useState<CommandError>()
  useEffect(() => {
    let gone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      if (!document.hidden) {
        const answer = await ask("adminLive", {})
        if (gone) return
        setError(answer.ok ? undefined : answer.error)
        if (answer.ok) setSamples((before) => withSample(before, answer.value))
      }
      timer = setTimeout(() => void look(), EVERY_MS)
    }
    void look()
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [ask])
  return { samples, error }
}

/** 0.4, 12, 1,234. */
const figure = (value: number, language: string) =>
  value.toLocaleString(language, { maximumFractionDigits: value < 10 ? 1 : 0 })

const fromZero = { floor: 0 }

function Now() {
  const text = useAdminText()
  const { language } = useLanguage()
  const { samples, error } = useLive()
  const id = useId()
  const { connections, messages, deliveries, p99, memory, disk } = seriesOf(samples)
  const plain = (value: number) => figure(value, language)
  const full = samples.at(-1)?.disk
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="font-semibold">
        {text.now}
      </h2>
      <p className="mb-3 text-sm text-soft">{text.nowHint}</p>
      <Fault error={error} />
      {samples.length === 0 ? (
        !error && <p className="text-soft">{text.waiting}</p>
      ) : (
        <div className="grid grid-cols-2 gap-3 wide:grid-cols-3">
          <Tile name={text.connections} series={connections} shown={plain} scale={fromZero} />
          <Tile name={text.messages} series={messages} shown={plain} scale={fromZero} />
          <Tile name={text.deliveries} series={deliveries} shown={plain} scale={fromZero} />
          <Tile name={text.p99} series={p99} shown={(ms) => `≤ ${plain(ms)} ms`} scale={fromZero} />
          <Tile name={text.memory} series={memory} shown={sizeText} scale={fromZero} />
          <Tile
            name={text.disk}
            series={disk}
            shown={sizeText}
            scale={{ floor: 0, ceiling: full?.size ?? 0 }}
            words={full ? text.diskOf(sizeText(full.size - full.free), sizeText(full.size)) : undefined}
          />
        </div>
      )}
    </section>
  )
}

const TOTALS_MS = 20_000

function Totals() {
  const text = useAdminText()
  const { language } = useLanguage()
  const ask = useAsk()
  const id = useId()
  const read = useCallback(async () => {
    const answer = await ask("adminStats", {})
    return answer.ok ? { ok: true as const, value: { rows: [answer.value], more: false } } : answer
  }, [ask])
  const { rows, error, again } = usePages(read)
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && again(), TOTALS_MS)
    return () => clearInterval(timer)
  }, [again])
  const stats = rows?.[0]
  const plain = (value: number) => value.toLocaleString(language)
  const shown: readonly (readonly [string, string])[] = stats
    ? [
        [text.accounts, plain(stats.accounts)],
        [text.admins, plain(stats.admins)],
        [text.disabledCount, plain(stats.disabled)],
        [text.devices, plain(stats.devices)],
        [text.sessions, plain(stats.sessions)],
        [text.direct, plain(stats.direct)],
        [text.groups, plain(stats.groups)],
        [text.entries, plain(stats.entries)],
        [text.files, text.filesOf(stats.files, sizeText(stats.fileBytes))],
        [text.history, sizeText(stats.historyBytes)],
      ]
    : []
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-3 font-semibold">
        {text.totals}
      </h2>
      <Fault error={error} />
      {stats && (
        <dl className="grid grid-cols-2 gap-x-6 gap-y-3 rounded-2xl border border-line bg-surface p-4 mid:grid-cols-5">
          {shown.map(([name, value]) => (
            <div key={name} className="min-w-0">
              <dt className="text-sm text-soft">{name}</dt>
              <dd className="font-medium tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}
