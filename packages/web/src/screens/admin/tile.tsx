/** One figure with its last two minutes as a line. The line is for eyes alone; its range stands in words for screen readers. */
import { useId } from "react"
import { pathOf, rangeOf, type Scale, type Series } from "./samples.ts"
import { useAdminText } from "./text.ts"

const WIDTH = 236
const HEIGHT = 44

type Props = {
  readonly name: string
  readonly series: Series
  readonly shown: (value: number) => string
  readonly scale?: Scale
  /** In place of the figure alone. */
  readonly words?: string | undefined
}

export function Tile({ name, series, shown, scale, words }: Props) {
  const text = useAdminText()
  const id = useId()
  const last = series.at(-1) ?? null
  const range = rangeOf(series)
  const line = pathOf(series, WIDTH, HEIGHT, scale)
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-2xl border border-line bg-surface p-4">
      <h3 id={id} className="text-sm text-soft">
        {name}
      </h3>
      <p
        className={`mt-1 flex min-h-8 items-center tabular-nums ${last === null ? "text-soft" : "text-xl leading-tight font-semibold mid:text-2xl"}`}
      >
        {words ?? (last === null ? text.unknown : shown(last))}
      </p>
      <svg
        viewBox={`-2 -3 ${WIDTH + 4} ${HEIGHT + 6}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="mt-2 h-12 w-full text-accent"
      >
        <path
          d={`M0 ${HEIGHT}H${WIDTH}`}
          fill="none"
          stroke="var(--line)"
          strokeWidth="1"
          vectorEffect="non-scaling-stroke"
        />
        <path
          d={line}
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      {range && <p className="sr-only">{text.range(shown(range.low), shown(range.high))}</p>}
    </section>
  )
}
