/**
 * Which account slots this browser has, for `/`, the list of accounts and 'Add account'. Names only; what belongs to an
 * account lies sealed in its own database. The page keeps it, because a worker has no localStorage.
 */
export type Slot = {
  readonly slot: number
  readonly username: string
  readonly signedIn: boolean
  /** Its picture has the colour that it has everywhere else. Unknown until somebody was signed in here. */
  readonly user?: string
}

const LIST = "teahouse.slots"
const LAST = "teahouse.last"

const isSlot = (value: unknown): value is Slot => {
  const slot = value as Partial<Slot> | null
  return (
    typeof slot?.slot === "number" &&
    typeof slot.username === "string" &&
    typeof slot.signedIn === "boolean" &&
    (slot.user === undefined || typeof slot.user === "string")
  )
}

export function readSlots(storage: Storage): Slot[] {
  try {
    const list: unknown = JSON.parse(storage.getItem(LIST) ?? "[]")
    return Array.isArray(list) ? list.filter(isSlot).sort((a, b) => a.slot - b.slot) : []
  } catch {
    return []
  }
}

export function noteSlot(storage: Storage, slot: Slot): void {
  const all = readSlots(storage)
  const list = all.filter((each) => each.slot !== slot.slot)
  // Signed out the session does not say whose it is.
  const user = all.find((each) => each.slot === slot.slot && each.username === slot.username)?.user
  try {
    storage.setItem(LIST, JSON.stringify([...list, { ...(user && { user }), ...slot }]))
  } catch {
    // A full or forbidden storage costs the list of accounts, nothing else.
  }
}

export function dropSlot(storage: Storage, slot: number): void {
  const list = readSlots(storage).filter((each) => each.slot !== slot)
  storage.setItem(LIST, JSON.stringify(list))
  for (const key of Object.keys(storage)) if (key.startsWith(`teahouse.${slot}.`)) storage.removeItem(key)
  if (storage.getItem(LAST) === String(slot)) storage.removeItem(LAST)
}

export const freeSlot = (slots: readonly Slot[]): number => {
  let slot = 1
  while (slots.some((each) => each.slot === slot)) slot += 1
  return slot
}

export const lastSlot = (storage: Storage): number => {
  const last = Number(storage.getItem(LAST))
  return Number.isInteger(last) && last >= 1 && last <= 99 ? last : (readSlots(storage)[0]?.slot ?? 1)
}

export function noteLast(storage: Storage, slot: number): void {
  try {
    storage.setItem(LAST, String(slot))
  } catch {
    // As above.
  }
}
