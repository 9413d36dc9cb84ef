/** The setting: a folder where the browser can, else the download folder. */
import { useEffect, useState } from "react"
import { useHouse } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { askToWrite, folderPicker, type Keeping, mayWrite, readKeeping, writeKeeping } from "./keep-store.ts"

export function KeepFolder() {
  const text = useText()
  const { slot } = useHouse()
  const [keeping, setKeeping] = useState<Keeping>()
  const [allowed, setAllowed] = useState(true)
  const pick = folderPicker()
  const look = async (next: Keeping) => {
    setAllowed(next.way !== "folder" || (await mayWrite(next.folder)))
    setKeeping(next)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once; afterwards we are the ones who change it
  useEffect(() => {
    void readKeeping(slot).then(look)
  }, [slot])
  const set = async (next: Keeping) => {
    await writeKeeping(slot, next)
    await look(next)
  }
  const choose = async () => {
    try {
      const folder = await pick?.({ id: `teahouse-${slot}`, mode: "readwrite" })
      if (folder) await set({ way: "folder", folder })
    } catch {
      // The chooser was closed.
    }
  }
  if (!keeping) return null
  const off = keeping.way === "off"
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="text-sm font-medium">{text.keepFolder}</h3>
      <p className="text-sm text-soft">
        {keeping.way === "folder"
          ? allowed
            ? text.keepFolderNow(keeping.folder.name)
            : text.keepFolderAsk(keeping.folder.name)
          : pick
            ? text.keepFolderWhy
            : text.keepByDownload}
      </p>
      <div className="flex flex-wrap gap-2">
        {keeping.way === "folder" && !allowed && (
          <Button
            look="primary"
            onClick={async () => {
              if (!(await askToWrite(keeping.folder))) return
              await set(keeping)
            }}
          >
            {text.keepFolderAllow}
          </Button>
        )}
        {pick && (
          <Button onClick={() => void choose()}>
            {keeping.way === "folder" ? text.changeFolder : text.chooseFolder}
          </Button>
        )}
        {!pick && off && <Button onClick={() => void set({ way: "downloads" })}>{text.keepDownloads}</Button>}
        {!off && (
          <Button look="quiet" onClick={() => void set({ way: "off" })}>
            {text.stopKeeping}
          </Button>
        )}
      </div>
    </section>
  )
}
