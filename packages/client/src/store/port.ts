/**
 * The device's own storage, as small as it can be: an ordered map from text to bytes with atomic batches. Keys compare by
 * UTF-16 code units, as JavaScript and IndexedDB both do. Values are opaque (sealed.ts seals them). A store is one
 * profile's: the name given to `open` is its namespace.
 * Rejected: typed tables or indexes in the port; each adapter would have to grow with the client.
 */
export type Put = { readonly put: string; readonly value: Uint8Array }
export type Drop = { readonly drop: string }
/** Everything that begins with these characters. */
export type DropPrefix = { readonly dropPrefix: string }
export type Write = Put | Drop | DropPrefix

export type Row = { readonly key: string; readonly value: Uint8Array }

export type RangeOptions = {
  /** From this key on, including it (with `reverse`: down from it). */
  readonly from?: string
  readonly limit?: number
  readonly reverse?: boolean
}

export interface Store {
  get(key: string): Promise<Uint8Array | undefined>
  /** All rows whose key begins with `prefix`, in order. */
  range(prefix: string, options?: RangeOptions): Promise<Row[]>
  /** The keys of such a range, in order, without reading what they hold. */
  keys(prefix: string): Promise<string[]>
  /**
   * All or nothing, in the order given. With `strict` it resolves only when the disk has it: sender state must never be
   * younger in memory than at rest, or a crash would use a key twice. A full device: an error that store/full.ts knows.
   */
  batch(writes: readonly Write[], durability?: "relaxed" | "strict"): Promise<void>
  close(): Promise<void>
}

export interface Stores {
  open(name: string): Promise<Store>
  /** Deletes the store and all that is in it; it must be closed. */
  remove(name: string): Promise<void>
  /** Deletes what was set aside of it, because it was damaged, too: it is to be forgotten here. */
  forget?(name: string): Promise<void>
}

/** Larger than any key that begins with the prefix: no key of ours contains U+FFFF. */
export const afterPrefix = (prefix: string): string => `${prefix}\uffff`

/** Keeps the order of numbers in the order of keys; up to 2^53. */
export const numberKey = (value: number): string => value.toString(36).padStart(11, "0")
