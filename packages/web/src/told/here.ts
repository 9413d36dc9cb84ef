/** What one person wants on this device alone: a telephone in a pocket is not a computer in an office. */
export type Here = {
  readonly sound: boolean
  /** 0 to 1. */
  readonly volume: number
  /** Whether to notify where the browser lets us. */
  readonly notify: boolean
  /** Woken by the browser's push service while closed. */
  readonly push: boolean
  /** The hint was dismissed. */
  readonly hinted: boolean
}

export const freshHere: Here = { sound: true, volume: 0.7, notify: true, push: false, hinted: false }

const keyOf = (slot: number) => `teahouse.${slot}.told`
const listeners = new Set<() => void>()
let last: { readonly text: string | null; readonly slot: number; readonly value: Here } | undefined

export function parseHere(text: string | null): Here {
  try {
    const kept = JSON.parse(text ?? "{}") as Partial<Record<keyof Here, unknown>>
    const flag = (name: "sound" | "notify" | "push" | "hinted") =>
      typeof kept[name] === "boolean" ? kept[name] : freshHere[name]
    const volume = typeof kept.volume === "number" && kept.volume >= 0 && kept.volume <= 1
    return {
      sound: flag("sound"),
      notify: flag("notify"),
      push: flag("push"),
      hinted: flag("hinted"),
      volume: volume ? (kept.volume as number) : freshHere.volume,
    }
  } catch {
    return freshHere
  }
}

/** The same object as long as nothing changed, in whatever tab. */
export function readHere(slot: number): Here {
  let text: string | null = null
  try {
    text = localStorage.getItem(keyOf(slot))
  } catch {
    // Without storage everything is as at first.
  }
  if (last?.slot !== slot || last.text !== text) last = { slot, text, value: parseHere(text) }
  return last.value
}

export function setHere(slot: number, change: Partial<Here>): void {
  try {
    localStorage.setItem(keyOf(slot), JSON.stringify({ ...readHere(slot), ...change }))
  } catch {
    // As above.
  }
  for (const listener of listeners) listener()
}

export function subscribeHere(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener("storage", listener)
  return () => {
    listeners.delete(listener)
    removeEventListener("storage", listener)
  }
}
