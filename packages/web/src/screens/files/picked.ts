/** What was dropped or pasted. A folder looks like a file of no type whose reading fails, so it is asked for by name. */
export type Picked = { readonly files: readonly File[]; readonly folders: boolean }

export const hasFiles = (transfer: DataTransfer): boolean => transfer.types.includes("Files")

/** To be called within the event: afterwards the browser has emptied it. */
export function pickedFrom(transfer: DataTransfer): Picked {
  const files: File[] = []
  let folders = false
  for (const item of transfer.items) {
    if (item.kind !== "file") continue
    if (item.webkitGetAsEntry?.()?.isDirectory) {
      folders = true
      continue
    }
    const file = item.getAsFile()
    if (file) files.push(file)
  }
  return { files, folders }
}

/**
 * UX 10: Excel and Word put a picture of the cells beside their text, and who pastes means the text. A file manager puts the
 * files' names there, and who pastes means the files.
 */
export function pasted(transfer: DataTransfer): Picked & { readonly textFirst: boolean } {
  const picked = pickedFrom(transfer)
  const text = transfer.getData("text/plain").trim()
  const names = text.split(/\r?\n/).map((line) => line.split(/[/\\]/).at(-1)?.trim())
  const onlyNames =
    picked.files.length > 0 && names.every((name) => picked.files.some((f) => f.name === name))
  return { ...picked, textFirst: text !== "" && !onlyNames }
}
