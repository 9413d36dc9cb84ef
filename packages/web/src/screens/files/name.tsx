import { endingOf, nameParts } from "@teahouse/client/view/file-name.ts"

/** One line, as long as the ending fits on it; the beginning gives way, the ending stays. `bdi`: a name's direction is its own business. */
export function FileName({ name, className = "" }: { readonly name: string; readonly className?: string }) {
  const [start, end] = nameParts(name)
  return (
    <bdi title={start + end} className={`flex min-w-0 max-w-full whitespace-pre ${className}`}>
      <span className="truncate">{start}</span>
      <span className="max-w-full shrink-0 whitespace-pre-wrap wrap-anywhere">{end}</span>
    </bdi>
  )
}

/** A sheet of paper with the ending on it. Its colour says the family, so that a list can be scanned. */
export function FileIcon({ name, size = 40 }: { readonly name: string; readonly size?: number }) {
  const ending = endingOf(name)
  const colour = families.find(([endings]) => endings.includes(ending))?.[1] ?? "#5d6460"
  return (
    <span
      aria-hidden="true"
      className="relative inline-flex shrink-0 items-end justify-center rounded-md pb-1 font-semibold text-[#fffdf6] uppercase [clip-path:polygon(0_0,70%_0,100%_25%,100%_100%,0_100%)]"
      style={{ width: size * 0.85, height: size, background: colour, fontSize: size * 0.24 }}
    >
      {ending.slice(0, 4)}
    </span>
  )
}

const families: readonly (readonly [readonly string[], string])[] = [
  [["pdf"], "#a8322a"],
  [["doc", "docx", "odt", "rtf", "pages", "wps"], "#345c93"],
  [["xls", "xlsx", "ods", "csv", "numbers", "et"], "#2f6b45"],
  [["ppt", "pptx", "odp", "key", "dps"], "#a3561f"],
  [["zip", "rar", "7z", "gz", "tar", "xz", "bz2"], "#7a5512"],
  [["png", "jpg", "jpeg", "gif", "webp", "heic", "tiff", "svg", "bmp", "avif"], "#6a4f76"],
  [["mp4", "mov", "mkv", "webm", "avi"], "#4d5f7a"],
  [["mp3", "m4a", "wav", "flac", "ogg", "opus"], "#2f6b70"],
]
