import { shownName } from "@teahouse/client/view/file-name.ts"
import { sizeText } from "@teahouse/client/words/size.ts"
import { useEffect, useState } from "react"
import { useText } from "../../text/use-text.ts"
import { IconButton } from "../../ui/button.tsx"
import { CloseIcon } from "../../ui/icons.tsx"
import { FileIcon, FileName } from "./name.tsx"
import type { Entry } from "./pick-list.ts"

type Props = {
  readonly entry: Entry
  readonly problem: string | undefined
  readonly onRemove: () => void
}

export function PickedRow({ entry, problem, onRemove }: Props) {
  const text = useText()
  const { file, ready } = entry
  const name = ready?.name ?? file.name
  const size = ready?.source.size ?? file.size
  const said =
    ready?.plain &&
    { broken: text.planBroken, too_many_pixels: text.planTooManyPixels, uncleaned: text.planUncleaned }[
      ready.plain
    ]
  return (
    <li className="flex items-center gap-3 rounded-xl bg-sunken/60 p-2">
      <span className="flex size-14 shrink-0 items-center justify-center">
        <Preview thumb={ready?.media?.thumb} name={name} />
      </span>
      <span className="min-w-0 flex-1">
        <FileName name={name} className="font-medium" />
        <span className="block text-sm text-soft">
          {ready ? (size === 0 ? text.emptyFile : sizeText(size)) : text.preparing}
          {ready?.media?.width && ` · ${ready.media.width} × ${ready.media.height}`}
        </span>
        {(problem ?? said) && (
          <span className={`block text-sm ${problem ? "text-danger" : "text-amber"}`}>{problem ?? said}</span>
        )}
      </span>
      <IconButton name={text.removeFile(shownName(name))} onClick={onRemove}>
        <CloseIcon size={18} />
      </IconButton>
    </li>
  )
}

function Preview({ thumb, name }: { readonly thumb: Uint8Array | undefined; readonly name: string }) {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (!thumb) return
    const made = URL.createObjectURL(new Blob([new Uint8Array(thumb)]))
    setUrl(made)
    return () => {
      // Forgotten too: with the next small picture no `img` may begin at an address that leads nowhere.
      setUrl(undefined)
      URL.revokeObjectURL(made)
    }
  }, [thumb])
  if (!thumb || !url) return <FileIcon name={name} size={44} />
  return <img src={url} alt={shownName(name)} className="max-h-14 max-w-14 rounded-md object-contain" />
}
