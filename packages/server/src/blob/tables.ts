/** Types of the tables in db/migrations/0003-blobs.ts, where the reasons stand. */
type Bytes = Uint8Array

export type BlobTables = {
  blob_file: {
    id: Bytes
    user_id: Bytes
    token_hash: Bytes
    size: number
    stored: number
    created: number
    loose: number
  }
  blob_reference: {
    blob_id: Bytes
    room_id: Bytes
    device_id: Bytes
    n: number
    seq: number
    time: number
  }
}
