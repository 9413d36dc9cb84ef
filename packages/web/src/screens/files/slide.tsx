/** One picture of the viewer. Its neighbours are slides, too, so that the next one is there before it is asked for. */

import { shownName } from "@teahouse/client/view/file-name.ts"
import type { ShownFile } from "@teahouse/client/view/port/files.ts"
import { useState } from "react"
import { errorText } from "../../text/error-text.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { Film } from "./film.tsx"
import { useOpened } from "./open-file.ts"
import { type At, usePreview } from "./previews.ts"
import { useBlur } from "./use-blur.ts"
import { cssOf, type Transform } from "./view-transform.ts"

type Props = {
  readonly at: At
  readonly file: ShownFile
  readonly transform: Transform
  readonly current: boolean
  /** Shown until there is more. */
  readonly first?: string
  readonly onOutside: () => void
}

export function Slide({ at, file, transform, current, first, onOutside }: Props) {
  const text = useText()
  const { language } = useLanguage()
  const film = file.media?.kind === "video"
  const { opened, error } = useOpened(at, !film)
  const preview = usePreview(at, file.media?.thumb === true)
  const blur = useBlur(file.media?.thumbhash)
  const [state, setState] = useState<"loading" | "here" | "broken">("loading")
  const name = shownName(file.name)
  const { width, height } = file.media ?? {}
  const under = first ?? preview ?? blur
  const hidden = state === "broken" || opened?.inline === false
  const words = error ? errorText(error.kind, language) : hidden ? text.cannotShow : undefined
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc does that
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc does that
    <div
      className={`absolute inset-0 flex items-center justify-center p-2 pt-16 ${current ? "" : "invisible"}`}
      onClick={(event) => {
        if (event.target === event.currentTarget && transform.scale === 1) onOutside()
      }}
    >
      {film ? (
        current && (
          <div className="size-full max-w-5xl">
            <Film at={at} name={name} />
          </div>
        )
      ) : (
        <>
          {state === "loading" && !words && under && (
            <img
              src={under}
              alt=""
              className="absolute max-h-[calc(100%-4.5rem)] max-w-[calc(100%-1rem)] object-contain"
              style={{
                aspectRatio: width && height ? `${width} / ${height}` : "auto",
                width: width ?? "auto",
              }}
            />
          )}
          {words ? (
            <p role="alert" className="p-6 text-center">
              {words}
            </p>
          ) : (
            <img
              src={opened?.url ?? under}
              alt={name}
              draggable={false}
              onLoad={() => opened && setState("here")}
              onError={() => opened && setState("broken")}
              className={`relative max-h-full max-w-full cursor-grab object-contain transition-transform duration-100 ${state === "here" ? "" : "opacity-0"}`}
              style={current ? { transform: cssOf(transform) } : {}}
            />
          )}
          {current && state === "loading" && !words && (
            <p role="status" className="sr-only">
              {text.loadingPicture}
            </p>
          )}
        </>
      )}
    </div>
  )
}
