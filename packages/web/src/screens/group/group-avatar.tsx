/** A group's picture, fetched once for each version (view/pictures.ts), or the tile with its name's first sign. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { useEffect, useState } from "react"
import { useCommand } from "../../port/use-view.ts"
import { Avatar } from "../../ui/avatar.tsx"

const KEPT = 200
const known = new Map<string, string>()

function remember(key: string, src: string): void {
  known.set(key, src)
  const oldest = known.size > KEPT ? known.keys().next().value : undefined
  if (oldest !== undefined) known.delete(oldest)
}

type PortraitProps = {
  readonly name: string
  readonly seed: string
  readonly size?: number
  readonly src: string | undefined
}

/** Beside the name, which is what a screen reader reads. */
export function Portrait({ name, seed, size = 44, src }: PortraitProps) {
  if (src === undefined) return <Avatar name={name} seed={seed} size={size} group />
  return (
    <img
      src={src}
      alt=""
      width={size}
      height={size}
      className="shrink-0 rounded-[28%] object-cover"
      style={{ width: size, height: size }}
    />
  )
}

type Props = {
  readonly room: Id
  readonly name: string
  /** Its version; absent: no picture. */
  readonly picture: string | undefined
  readonly size?: number
}

export function GroupAvatar({ room, name, picture, size = 44 }: Props) {
  const command = useCommand()
  const key = picture === undefined ? undefined : `${room} ${picture}`
  const [, draw] = useState(0)
  useEffect(() => {
    if (key === undefined || known.has(key)) return
    let gone = false
    command("groupPicture", { room }).then((answer) => {
      if (!answer.ok || answer.value.picture === null) return
      remember(key, answer.value.picture)
      if (!gone) draw((times) => times + 1)
    })
    return () => {
      gone = true
    }
  }, [key, room, command])
  return <Portrait name={name} seed={room} size={size} src={key === undefined ? undefined : known.get(key)} />
}
