/** A chosen folder in memory: as much of the File System API as an export uses, names alike but for case being one. */
type Tree = Map<string, Tree | { text: string }>

export function memoryFolder() {
  const tree: Tree = new Map()
  let full = false
  const find = (at: Tree, name: string) =>
    [...at].find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1]
  const missing = () => new DOMException("nothing there", "NotFoundError")
  const other = () => new DOMException("something else", "TypeMismatchError")

  const handleOf = (at: Tree): FileSystemDirectoryHandle =>
    ({
      async getDirectoryHandle(name: string, { create = false } = {}) {
        const there = find(at, name)
        if (there && !(there instanceof Map)) throw other()
        if (!there && !create) throw missing()
        const made: Tree = there ?? new Map()
        if (!there) at.set(name, made)
        return handleOf(made)
      },
      async getFileHandle(name: string, { create = false } = {}) {
        const there = find(at, name)
        if (there instanceof Map) throw other()
        if (!there && !create) throw missing()
        const file = there ?? { text: "" }
        if (!there) at.set(name, file)
        return {
          getFile: async () => new Blob([file.text]),
          async createWritable() {
            const decoder = new TextDecoder()
            let text = ""
            return {
              async write(chunk: Uint8Array) {
                if (full) throw new Error("the disk is full")
                text += decoder.decode(chunk, { stream: true })
              },
              async close() {
                file.text = text
              },
              abort: async () => {},
            }
          },
        }
      },
      async removeEntry(name: string) {
        at.delete(name)
      },
    }) as unknown as FileSystemDirectoryHandle

  function* walk(at: Tree, path: string): Generator<[string, string]> {
    for (const [name, one] of [...at].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (one instanceof Map) yield* walk(one, `${path}${name}/`)
      else yield [path + name, one.text]
  }
  return {
    root: handleOf(tree),
    /** Every file by its path, in the order of names. */
    files: () => new Map(walk(tree, "")),
    put(path: string, text: string) {
      const [folder = "", name = ""] = path.split("/")
      tree.set(folder, new Map([[name, { text }]]))
    },
    fill() {
      full = true
    },
  }
}
