/** F6: from one part of the page to the next, each time where the person was last in it. */
const FOCUSABLE =
  "a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), [tabindex]:not([tabindex='-1'])"
const seen = (element: HTMLElement) => element.checkVisibility()
const last = new WeakMap<Element, HTMLElement>()

const regions = () => [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(seen)

function enter(region: HTMLElement): boolean {
  const before = last.get(region)
  const preferred = region.querySelector<HTMLElement>("[data-region-first]")
  const first = [...region.querySelectorAll<HTMLElement>(FOCUSABLE)].find(seen)
  const target =
    before?.isConnected && seen(before) ? before : preferred && seen(preferred) ? preferred : first
  target?.focus()
  return target !== undefined
}

export function cycleRegions(step: 1 | -1): void {
  const all = regions()
  const now = all.findIndex((region) => region.contains(document.activeElement))
  const left = all[now]
  if (left && document.activeElement instanceof HTMLElement) last.set(left, document.activeElement)
  // From nowhere it begins at the first, or at the last.
  const start = now < 0 ? (step === 1 ? -1 : all.length) : now
  for (let moved = 1; moved <= all.length; moved++) {
    const next = all[(start + step * moved + all.length * 2) % all.length]
    if (next && enter(next)) return
  }
}
