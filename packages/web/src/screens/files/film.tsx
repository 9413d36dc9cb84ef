/** Plays while it loads: the address answers ranges, so that one can jump. */

import { useState } from "react"
import { errorText } from "../../text/error-text.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { useOpened } from "./open-file.ts"
import type { At } from "./previews.ts"

export function Film({
  at,
  name,
  poster,
}: {
  readonly at: At
  readonly name: string
  readonly poster?: string
}) {
  const text = useText()
  const { language } = useLanguage()
  const { opened, error } = useOpened(at, true)
  const [failed, setFailed] = useState(false)
  const words = error
    ? errorText(error.kind, language)
    : failed || (opened && !opened.inline)
      ? text.cannotPlay
      : undefined
  if (words)
    return (
      <p
        role="alert"
        className="flex size-full items-center justify-center rounded-xl bg-sunken p-3 text-center text-sm"
      >
        {words}
      </p>
    )
  return (
    // biome-ignore lint/a11y/useMediaCaption: people's own films have no captions
    <video
      src={opened?.url}
      poster={poster}
      aria-label={name}
      controls
      autoPlay
      playsInline
      onError={() => opened && setFailed(true)}
      className="size-full rounded-xl bg-[#000] object-contain"
    />
  )
}
