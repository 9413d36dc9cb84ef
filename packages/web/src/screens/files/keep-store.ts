/**
 * Where files are kept outside the browser: a folder that the person chose (its handle lives in a small database of its own,
 * one record for each account slot, because handles cannot be sealed), or the download folder. What was written
 * already is remembered by message, so that nothing is written twice after a reload.
 */
export type Keeping =
  | { readonly way: "off" }
  | { readonly way: "downloads" }
  | { readonly way: "folder"; readonly folder: FileSystemDirectoryHandle }

const [DATABASE, STORE] = ["teahouse-keep", "keep"]
const DONE_MAX = 5_000

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(DATABASE, 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE)
    asked.onsuccess = () => done(asked.result)
    asked.onerror = () => fail(asked.error)
  })
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open()
  try {
    return await new Promise<T>((done, fail) => {
      const asked = act(database.transaction(STORE, mode).objectStore(STORE))
      asked.onsuccess = () => done(asked.result)
      asked.onerror = () => fail(asked.error)
    })
  } finally {
    database.close()
  }
}

export async function readKeeping(slot: number): Promise<Keeping> {
  const value = (await run("readonly", (store) => store.get(`way ${slot}`)).catch(() => undefined)) as
    | Keeping
    | undefined
  return value ?? { way: "off" }
}
const listeners = new Set<() => void>()
export const subscribeKeeping = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export async function writeKeeping(slot: number, keeping: Keeping): Promise<void> {
  await run("readwrite", (store) => store.put(keeping, `way ${slot}`))
  for (const listener of listeners) listener()
}

export async function readDone(slot: number): Promise<Set<string>> {
  const list = (await run("readonly", (store) => store.get(`done ${slot}`)).catch(() => [])) as
    | readonly string[]
    | undefined
  return new Set(list ?? [])
}
export const writeDone = (slot: number, done: ReadonlySet<string>): Promise<unknown> =>
  run("readwrite", (store) => store.put([...done].slice(-DONE_MAX), `done ${slot}`))

/** lib.dom has the handles and not yet how one asks for them. */
type Asking = { readonly mode: "readwrite" }
type Permission = {
  queryPermission?(asking: Asking): Promise<PermissionState>
  requestPermission?(asking: Asking): Promise<PermissionState>
}
const asking: Asking = { mode: "readwrite" }
export const mayWrite = async (folder: FileSystemDirectoryHandle): Promise<boolean> =>
  ((await (folder as Permission).queryPermission?.(asking)) ?? "granted") === "granted"
/** From a button only. */
export const askToWrite = async (folder: FileSystemDirectoryHandle): Promise<boolean> =>
  ((await (folder as Permission).requestPermission?.(asking)) ?? "granted") === "granted"

type Picker = (options: { id: string; mode: "readwrite" }) => Promise<FileSystemDirectoryHandle>
export const folderPicker = (): Picker | undefined =>
  (globalThis as { showDirectoryPicker?: Picker }).showDirectoryPicker?.bind(globalThis)
