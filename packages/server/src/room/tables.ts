/** Types of the tables in db/migrations/0002-rooms.ts and 0006-links.ts, where the reasons stand. */
import type { Generated } from "kysely"

type Bytes = Uint8Array

export type RoomTables = {
  house: { id: Bytes; incarnation: number; push_key: Generated<Bytes | null> }
  room: {
    id: Bytes
    kind: number
    state: number
    incarnation: number
    generation: number
    epoch: number
    seq: number
    hash: Bytes
    time: number
    leaves: number
    leaving: number
    epoch_seq: number
    epoch_time: number
    maker: Bytes
  }
  entry: {
    room_id: Bytes
    seq: number
    incarnation: number
    generation: number
    kind: number
    device_id: Bytes
    n: number
    time: number
    body: Bytes | null
    body_hash: Bytes | null
    hash: Bytes
  }
  room_retained: { room_id: Bytes; seq: number }
  room_device: {
    room_id: Bytes
    device_id: Bytes
    user_id: Bytes
    member: number
    leaf: number
    signature_key: Bytes
    since: number
    until: number
    n: number
    seq: number
    from_seq: number
  }
  room_epoch: {
    room_id: Bytes
    generation: number
    epoch: number
    seq: number
    hash: Bytes
    incarnation: number
    group_info: Bytes
    welcome: Bytes | null
  }
  welcome: {
    id: Bytes
    device_id: Bytes
    room_id: Bytes
    generation: number
    epoch: number
    from_device: Bytes
    time: number
  }
  join_link: {
    room_id: Bytes
    link_id: Bytes
    preview: Bytes
    created: number
  }
  join_request: {
    id: Bytes
    room_id: Bytes
    user_id: Bytes
    link_id: Bytes
    device_id: Bytes
    key_package: Bytes
    key_package_ref: Bytes
    signature: Bytes
    declined: number
    created: number
  }
  attestation: {
    room_id: Bytes
    device_id: Bytes
    generation: number
    epoch: number
    context: Bytes
    confirmation_tag: Bytes
    external_pub: Bytes
    signature: Bytes
    time: number
  }
}
