import { useView } from "../port/use-view.ts"
import { GroupIcon } from "./icons.tsx"

/** A picture, or a tile with the name's first sign. The colour comes from the id, so it stays when the name changes. */
const colours = ["#3f6b57", "#7a5a2e", "#8a4b3f", "#4d5f7a", "#6a4f76", "#5d6b2f", "#2f6b70", "#84505f"]

export function avatarColour(seed: string): string {
  let sum = 0
  for (const sign of seed) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973
  return colours[sum % colours.length] ?? "#3f6b57"
}

const signs = new Intl.Segmenter()
export function initial(name: string): string {
  const first = signs.segment(name.trim())[Symbol.iterator]().next()
  return first.done ? "·" : first.value.segment.toLocaleUpperCase()
}

type Props = {
  readonly name: string
  readonly seed: string
  /** As a person or a room names it. */
  readonly picture?: string | undefined
  readonly size?: number
  /** Several people: a mark in the corner says so. */
  readonly group?: boolean
}

export function Avatar({ name, seed, picture, size = 44, group = false }: Props) {
  return (
    <span
      aria-hidden="true"
      className="relative inline-flex shrink-0 select-none items-center justify-center rounded-[28%] font-medium text-[#fffdf6]"
      style={{ background: avatarColour(seed), width: size, height: size, fontSize: size * 0.42 }}
    >
      {initial(name)}
      {picture && <Picture picture={picture} />}
      {group && (
        <span className="absolute -end-1 -bottom-1 inline-flex rounded-full border border-line bg-surface p-px text-soft">
          <GroupIcon size={Math.max(14, size * 0.34)} />
        </span>
      )}
    </span>
  )
}

/** Over the tile, which is there until it has come. */
function Picture({ picture }: { readonly picture: string }) {
  const url = useView("picture", { picture })?.url
  return url ? (
    <img
      src={url}
      alt=""
      draggable={false}
      className="absolute inset-0 size-full rounded-[28%] object-cover"
    />
  ) : null
}
