/**
 * A database as rows and statements, for what moves whole databases: the house itself never asks for more than port.ts. The
 * same text with `?` for values serves both kinds (open-raw.ts).
 */
export type Value = Uint8Array | number | string | null
export type Row = Readonly<Record<string, Value>>
export type Raw = {
  readonly query: (sql: string, values?: readonly Value[]) => Promise<readonly Row[]>
  readonly close: () => Promise<void>
}
