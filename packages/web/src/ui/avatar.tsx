import { GroupIcon } from "./icons.tsx"

/** A tile with the name's first sign. The colour comes from the id, so it stays when the name changes. */
const colours = ["#3f6b57", "#7a5a2e", "#8a4b3f", "#4d5f7a", "#6a4f76", "#5d6b2f", "#2f6b70", "#84505f"]

export function avatarColour(seed: string): string {
  let sum = 0
  for (const sign of seed) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973
  return colours[sum % colours.length] ?? "#3f6b57"
}

export function initial(name: string): string {
  const first = new Intl.Segmenter().segment(name.trim())[Symbol.iterator]().next()
  return first.done ? "·" : first.value.segment.toLocaleUpperCase()
}

type Props = {
  readonly name: string
  readonly seed: string
  readonly size?: number
  /** Several people: a mark in the corner says so. */
  readonly group?: boolean
}

export function Avatar({ name, seed, size = 44, group = false }: Props) {
  return (
    <span
      aria-hidden="true"
      className="relative inline-flex shrink-0 select-none items-center justify-center rounded-[28%] font-medium text-[#fffdf6]"
      style={{ background: avatarColour(seed), width: size, height: size, fontSize: size * 0.42 }}
    >
      {initial(name)}
      {group && (
        <span className="absolute -end-1 -bottom-1 inline-flex rounded-full border border-line bg-surface p-px text-soft">
          <GroupIcon size={Math.max(14, size * 0.34)} />
        </span>
      )}
    </span>
  )
}
