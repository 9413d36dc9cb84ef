/** Which voice messages were listened to here: the newest few thousand keys, this browser's own business. */
const MAX = 2_000
const nameOf = (slot: number) => `teahouse.${slot}.listened`

function read(storage: Storage, slot: number): string[] {
  try {
    const list: unknown = JSON.parse(storage.getItem(nameOf(slot)) ?? "[]")
    return Array.isArray(list) ? list.filter((key) => typeof key === "string") : []
  } catch {
    return []
  }
}

export const isListened = (storage: Storage, slot: number, key: string): boolean =>
  read(storage, slot).includes(key)

export function noteListened(storage: Storage, slot: number, key: string): void {
  const list = read(storage, slot).filter((one) => one !== key)
  try {
    storage.setItem(nameOf(slot), JSON.stringify([...list, key].slice(-MAX)))
  } catch {
    // A full or forbidden storage costs the dot, nothing else.
  }
}
