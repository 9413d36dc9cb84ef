/** Types of the table in db/migrations/0012-administration.ts, where the reasons stand. */
type Bytes = Uint8Array

export type AdminTables = {
  admin_act: {
    seq: number
    time: number
    by_name: Bytes | null
    act: Bytes
    target: Bytes
    detail: Bytes
  }
}
